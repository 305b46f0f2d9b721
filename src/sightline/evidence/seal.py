"""A report that carries its own manifest and signature."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sightline.evidence.canonical import digest, parse
from sightline.evidence.carriers import carrier_of
from sightline.evidence.envelope import signed
from sightline.evidence.keys import SigningKey
from sightline.evidence.manifest import Document, Format, Manifest


def seal(document: bytes, document_format: Format, manifest: Manifest, signer: SigningKey | None) -> bytes:
    """Put manifest and signature into a finished report.

    Args:
        document: the finished file, not sealed yet: a PDF with a classic cross-reference table (reportlab writes one),
            HTML with `</body>`, or a JSON object.
        document_format: `pdf`, `html` or `json`.
        manifest: what the report rests on.
        signer: the key to sign with; None leaves the report unsigned, and the manifest says so.

    Returns:
        The file with its seal; the same for the same arguments.

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
    return carrier.embed(document, signed(content | {"document": asdict(described)}, signer).to_bytes())


def holds_results(document: Any, results_digest: str) -> bool:
    """Whether a JSON report is the results, or has them as its member `results`: then the manifest names their digest
    only.
    """
    found = [document, document.get("results")] if isinstance(document, dict) else []
    return any(digest(value) == results_digest for value in found)
