"""Whether a report without its seal is the document that was sealed, and which of its parts are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sightline.evidence.carriers.carrier import Carrier, Extracted
from sightline.evidence.verification import Check, Outcome

_Parts = dict[tuple[str, str], str]


def check_document(carrier: Carrier, file: bytes, extracted: Extracted, manifest: Mapping[str, Any]) -> Iterator[Check]:
    """Compare the document with what the manifest says of it.

    Args:
        carrier: of the file's format.
        file: the report.
        extracted: what the carrier took out of it.
        manifest: as it stands in the report.
    """
    intact = carrier.intact(file, extracted)
    if intact:
        yield Check("seal", "", Outcome.HOLDS, "There is nothing in the file but the document and its seal.")
    elif extracted.rest:
        yield Check("seal", "", Outcome.CHANGED, f"{len(extracted.rest)} bytes were added behind the seal.")
    else:
        yield Check("seal", "", Outcome.CHANGED, "The file is not put together as it was when it was sealed.")
    described = manifest.get("document")
    described = described if isinstance(described, dict) else {}
    same = described.get("sha256") == carrier.digest_of(extracted.document)
    sealed = _sealed_parts(described.get("parts"))
    if same:
        yield Check("document", "", Outcome.HOLDS, f"The document is what was sealed{_counted(sealed)}.")
    else:
        yield Check("document", "", Outcome.CHANGED, "The document is not what was sealed.")
    if not (same and intact):
        found = {(part.kind, part.name): part.sha256 for part in carrier.parts_of(extracted.document + extracted.rest)}
        yield from _differences(sealed, found)


def _sealed_parts(rows: Any) -> _Parts:
    """The manifest's list of parts; what is no part is left out, for the manifest may be anybody's."""
    found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {(str(row.get("kind")), str(row.get("name"))): str(row.get("sha256")) for row in found}


def _counted(parts: _Parts) -> str:
    """How many pages and pictures that are."""
    counts = Counter(kind for kind, _ in parts)
    shown = [f"{counts[kind]} {kind}{'' if counts[kind] == 1 else 's'}" for kind in ("page", "picture") if counts[kind]]
    return f" ({', '.join(shown)})" if shown else ""


def _differences(sealed: _Parts, found: _Parts) -> Iterator[Check]:
    for part, was in sealed.items():
        now = found.get(part)
        if now is None:
            yield Check("part", _title(part), Outcome.CHANGED, "It was taken away.")
        elif now != was:
            yield Check("part", _title(part), Outcome.CHANGED, "It was changed.")
    for part in found.keys() - sealed.keys():
        yield Check("part", _title(part), Outcome.CHANGED, "It was added.")


def _title(part: tuple[str, str]) -> str:
    return " ".join(word for word in part if word)
