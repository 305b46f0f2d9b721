"""HTML reports carry their envelope in a block of data before `</body>`, which no browser runs or shows.

A `<script>` of a type that is no script is a data block: the page's content security policy has nothing to say about
it (HTML standard, "prepare the script element").
"""

from __future__ import annotations

from typing import Final

from sightline.evidence.canonical import canonical, parse
from sightline.evidence.carriers.carrier import Extracted

_OPEN: Final = b'<script type="application/json" id="sightline-evidence">'
_CLOSE: Final = b"</script>\n"
_END: Final = b"</body>"
_ESCAPES: Final = {b"<": b"\\u003c", b">": b"\\u003e", b"&": b"\\u0026"}
"""In JSON these stand in texts only, where an escape means the same; so no text can end the block."""


def embed(document: bytes, payload: bytes) -> bytes:
    """Put the envelope before the last `</body>`.

    Raises:
        ValueError: the document has no `</body>`, or has such a block already.
    """
    if _OPEN in document:
        raise ValueError("the HTML report is sealed already")
    place = document.rfind(_END)
    if place < 0:
        raise ValueError("the HTML report has no </body>")
    for character, escape in _ESCAPES.items():
        payload = payload.replace(character, escape)
    return document[:place] + _OPEN + payload + _CLOSE + document[place:]


def extract(file: bytes) -> Extracted | None:
    """Take the last block out; None where there is none.

    Raises:
        ValueError: what is in the block is no JSON that can be read in one way only.
    """
    start = file.rfind(_OPEN)
    end = file.find(_CLOSE, start)
    if start < 0 or end < 0:
        return None
    payload = canonical(parse(file[start + len(_OPEN) : end]))  # the escapes are undone by that
    return Extracted(file[:start] + file[end + len(_CLOSE) :], payload)
