"""Whether a report, and the originals it rests on, are what was sealed; and if not, what was changed.

Nothing in the file is believed before it was checked, and nothing in it may stop the check: every file ends in a
`Verification`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sightline.errors import BadInputError
from sightline.evidence.canonical import digest, parse
from sightline.evidence.carriers import carrier_of, sniff_format
from sightline.evidence.document_check import check_document
from sightline.evidence.envelope import Envelope
from sightline.evidence.given_files import check_files
from sightline.evidence.keys import PublicKey
from sightline.evidence.manifest import SCHEMA, SECTIONS, Format
from sightline.evidence.seal import holds_results
from sightline.evidence.verification import Check, Outcome, Verification

_MOST_BYTES: Final = 1 << 30
"""A report of hundreds of photos has 100 MB; more than this is no report, and would not fit into memory."""

_TITLES: Final = {
    "originals": "What is said of the originals is",
    "model": "The model is",
    "settings": "The settings are",
    "results": "The results are",
    "pictures": "What is said of the pictures is",
}


def verify(report: Path, *, originals: Sequence[Path] = (), key: PublicKey | None = None) -> Verification:
    """Check a report.

    Args:
        report: the file.
        originals: files that it rests on, or folders of them, under whatever names.
        key: whose signature is expected; without it a signature shows that nothing was changed since, but not whose it
            is.

    Raises:
        BadInputError: a file cannot be read, or the report is neither PDF nor HTML nor a JSON object.
    """
    data = _read(report)
    found = sniff_format(data)
    carrier = carrier_of(found)
    try:
        extracted = carrier.extract(data)
        if extracted is None:
            return _unsealed(report, found, "The file carries no seal: it never had one, or it was taken away.")
        envelope = Envelope.from_bytes(extracted.payload)
    except ValueError as error:
        return _unsealed(report, found, f"The seal cannot be read: {error}.")
    if envelope.manifest.get("schema") != SCHEMA:
        return _unsealed(report, found, f"The seal is of another version than {SCHEMA}: a newer Sightline may read it.")
    checks = (
        *_check_signature(envelope, key),
        *check_document(carrier, data, extracted, envelope.manifest),
        *_check_sections(envelope.manifest, parse(extracted.document) if found == "json" else None),
        *check_files(envelope.manifest, originals),
    )
    return Verification(
        path=report,
        format=found,
        sealed=True,
        fingerprint=envelope.signature.key.fingerprint if envelope.signature else None,
        manifest=dict(envelope.manifest),
        checks=checks,
    )


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadInputError(f"the report {path} is over {_MOST_BYTES} bytes")
        return path.read_bytes()
    except OSError as error:
        raise BadInputError(f"the report {path} cannot be read: {error.strerror}") from None


def _unsealed(report: Path, found: Format, why: str) -> Verification:
    return Verification(report, found, False, None, None, (Check("seal", "", Outcome.CHANGED, why),))


def _check_signature(envelope: Envelope, key: PublicKey | None) -> Iterator[Check]:
    signature = envelope.signature
    if signature is None and envelope.manifest.get("signed_by") is None:
        outcome = Outcome.UNPROVEN if key is None else Outcome.CHANGED
        yield Check("signature", "", outcome, "The report is unsigned: anybody could have made it so.")
        return
    if signature is None:
        yield Check("signature", "", Outcome.CHANGED, "The report was signed, and its signature was taken away.")
        return
    if envelope.signature_holds():
        yield Check("signature", "", Outcome.HOLDS, "The manifest is what was signed.")
    else:
        yield Check("signature", "", Outcome.CHANGED, "The manifest is not what was signed.")
    fingerprint = signature.key.fingerprint
    if key is None:
        unknown = "No key was given: compare the fingerprint with the one that the service makes known."
        yield Check("key", fingerprint, Outcome.UNPROVEN, unknown)
    elif key == signature.key:
        yield Check("key", fingerprint, Outcome.HOLDS, "It is the key that was given.")
    else:
        yield Check("key", fingerprint, Outcome.CHANGED, f"It is another key than the given {key.fingerprint}.")


def _check_sections(manifest: Mapping[str, Any], json_report: Any) -> Iterator[Check]:
    digests = manifest.get("digests")
    for section in SECTIONS:
        sealed = digests.get(section) if isinstance(digests, dict) else None
        content = manifest.get(section)
        if section == "results" and content is None and json_report is not None:
            same = isinstance(sealed, str) and holds_results(json_report, sealed)
        else:
            same = digest(content) == sealed
        outcome = Outcome.HOLDS if same else Outcome.CHANGED
        yield Check(section, "", outcome, f"{_TITLES[section]} {'what' if same else 'not what'} was sealed.")
