"""A report that carries its own manifest and signature."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from typing import Any, NamedTuple

from sightline.evidence.canonical import digest, parse
from sightline.evidence.carriers import carrier_of
from sightline.evidence.envelope import signed
from sightline.evidence.keys import SigningKey
from sightline.evidence.manifest import Document, Format, Manifest


class Sealed(NamedTuple):
    """A report with its seal, and the SHA-256 of the manifest in it, in hex."""

    report: bytes
    manifest_sha256: str


def seal(document: bytes, document_format: Format, manifest: Manifest, signer: SigningKey | None) -> bytes:
    """Put manifest and signature into a finished report; the file with its seal. As `sealed`, in all else."""
    return sealed(document, document_format, manifest, signer).report


def sealed(document: bytes, document_format: Format, manifest: Manifest, signer: SigningKey | None) -> Sealed:
    """Put manifest and signature into a finished report.

    Args:
        document: the finished file, not sealed yet: a PDF with a classic cross-reference table (reportlab writes one),
            HTML with `</body>`, or a JSON object.
        document_format: `pdf`, `html` or `json`.
        manifest: what the report rests on.
        signer: the key to sign with; None leaves the report unsigned, and the manifest says so.

    Returns:
        The same for the same arguments.

    Raises:
        ValueError: the document is not of its format, or sealed already; settings or results are no JSON.
    """
    carrier = carrier_of(document_format)
    content = manifest.to_dict()
    if document_format == "json" and holds_results(parse(document), content["digests"]["results"]):
        content["results"] = None
    described = Document(
        format=document_format,
        size_bytes=len(document),
        sha256=carrier.digest_of(document),
        parts=carrier.parts_of(document),
    )
    envelope = signed(content | {"document": asdict(described)}, signer)
    report = carrier.embed(document, envelope.to_bytes())
    return Sealed(report, sha256(envelope.manifest_bytes).hexdigest())


def holds_results(document: Any, results_digest: str) -> bool:
    """Whether a JSON report is the results, or has them as its member `results`: then the manifest names their digest
    only.
    """
    found = [document, document.get("results")] if isinstance(document, dict) else []
    return any(digest(value) == results_digest for value in found)
