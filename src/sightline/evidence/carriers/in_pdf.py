"""PDF reports carry their envelope as an incremental update behind the document's own end.

The update (ISO 32000-1, section 7.5.6) adds one stream that nothing refers to, so that every reader shows the document
as it was. It is made from the document and the envelope alone: whoever makes it again gets the same bytes.
"""

from __future__ import annotations

import re
from typing import Final

from sightline.evidence.carriers.carrier import Extracted

_MARK: Final = b"\n%sightline-evidence\n"
_HEAD: Final = re.compile(_MARK + rb"\d+ 0 obj\n<< /Type /SightlineEvidence /Length (\d{1,12}) >>\nstream\n")
_TAIL: Final = b"\nendstream\nendobj\n"
_END: Final = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF\s*\Z")
_KEPT: Final = (
    *(rb"/Root\s+\d+\s+\d+\s+R", rb"/Info\s+\d+\s+\d+\s+R"),
    rb"/ID\s*\[\s*<[0-9A-Fa-f]*>\s*<[0-9A-Fa-f]*>\s*\]",
)
"""Entries that the update's trailer repeats, as it has to."""


def embed(document: bytes, payload: bytes) -> bytes:
    """Add the update.

    Raises:
        ValueError: the document does not end as a PDF with a classic cross-reference table does, or is sealed already.
    """
    if _MARK in document:
        raise ValueError("the PDF report is sealed already")
    number, previous, kept = _trailer_of(document)
    at = len(document) + len(_MARK)
    head = b"%d 0 obj\n<< /Type /SightlineEvidence /Length %d >>\nstream\n" % (number, len(payload))
    sealed = document + _MARK + head + payload + _TAIL
    table = b"xref\n0 1\n0000000000 65535 f \n%d 1\n%010d 00000 n \n" % (number, at)
    trailer = b"trailer\n<< /Size %d /Prev %d %b >>\n" % (number + 1, previous, b" ".join(kept))
    return sealed + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(sealed)


def extract(file: bytes) -> Extracted | None:
    """Take the last update out; None where there is none. What stands behind it is its `rest`."""
    found = list(_HEAD.finditer(file))
    if not found:
        return None
    start, body = found[-1].span()
    end = body + int(found[-1][1])
    document, payload = file[:start], file[body:end]
    stop = file.find(b"%%EOF\n", end)
    return Extracted(document, payload, file[stop + len(b"%%EOF\n") :] if stop >= 0 else b"")


def _trailer_of(document: bytes) -> tuple[int, int, list[bytes]]:
    """The first free object number, where the cross-reference table lies, and the trailer's entries to be kept."""
    end = _END.search(document, max(0, len(document) - 1024))  # readers look no further for it either
    start = document.rfind(b"trailer")
    if end is None or start < 0 or not document.startswith(b"%PDF-"):
        raise ValueError("the document does not end as a PDF with a cross-reference table does")
    trailer = document[start : end.start()]
    size = re.search(rb"/Size\s+(\d{1,10})", trailer)
    kept = [entry[0] for entry in (re.search(pattern, trailer) for pattern in _KEPT) if entry]
    if size is None or not kept or not kept[0].startswith(b"/Root"):
        raise ValueError("the PDF's trailer names no /Size or no /Root")
    return int(size[1]), int(end[1]), [re.sub(rb"\s+", b" ", entry) for entry in kept]
