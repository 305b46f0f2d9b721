"""The font of documents: Pretendard, which has Latin, Greek, Cyrillic, kana and all 11,172 Korean syllables.

PDF takes the whole TrueType files, of which only the used letters are embedded; HTML takes the WOFF2 subset, and for
the rarer letters that it has not, the reader's own fonts.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Container
from functools import cache
from pathlib import Path
from threading import Lock

REGULAR, BOLD = "Pretendard", "Pretendard-Bold"

_FOLDER = Path(__file__).with_name("fonts")
_FILES = {REGULAR: "Pretendard-Regular.ttf", BOLD: "Pretendard-Bold.ttf"}
REGULAR_FILE = _FOLDER / _FILES[REGULAR]
"""For those who set text in pixels."""

_WEB_FILES = {400: "Pretendard-Regular.subset.woff2", 700: "Pretendard-Bold.subset.woff2"}
_LOCK = Lock()


def register() -> Container[int]:
    """Make both weights known to reportlab, once per process, under the names `REGULAR` and `BOLD`.

    Returns:
        The code points that both weights have glyphs for.
    """
    with _LOCK:
        return _register()


@cache
def _register() -> frozenset[int]:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    known = []
    for name, file in _FILES.items():
        font = TTFont(name, str(_FOLDER / file))
        pdfmetrics.registerFont(font)
        known.append(set(font.face.charToGlyph))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return frozenset(set.intersection(*known))


@cache
def web_fonts() -> dict[int, str]:
    """The font as data URIs, by weight."""
    return {
        weight: f"data:font/woff2;base64,{b64encode((_FOLDER / file).read_bytes()).decode()}"
        for weight, file in _WEB_FILES.items()
    }
