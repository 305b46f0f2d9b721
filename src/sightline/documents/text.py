"""Texts that people typed, made fit for a page: names of walls, remarks, names of files may hold anything."""

from __future__ import annotations

import unicodedata
from collections.abc import Container

REPLACEMENT = "\N{WHITE SQUARE}"
"""Stands for what cannot be shown, so that its absence is seen."""

_HIDDEN = {"Cc", "Cs", "Cn", "Co"}
"""Categories that no text needs: controls, halves of surrogate pairs, unassigned and private characters."""

_TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of writing: with them a text can show other words than it holds."""

_INVISIBLE = set("\u00ad\u200b\u200c\u200d\u2060\ufeff") | {chr(code) for code in range(0xFE00, 0xFE10)}
"""Joiners, break hints and variation selectors: a font without them loses nothing that is seen."""


def tidy(text: str) -> str:
    """Put together what was decomposed (names of files from a Mac are), and make visible what would deceive or break.

    Lines stay lines.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    composed = unicodedata.normalize("NFC", lines)
    return "".join(_shown(letter) for letter in composed)


def drawable(text: str, glyphs: Container[int]) -> str:
    """A tidy text with all that a font has no glyph for replaced.

    Args:
        text: what to draw.
        glyphs: the code points that the font knows.
    """
    kept = (letter for letter in tidy(text) if letter not in _INVISIBLE)
    return "".join(letter if letter == "\n" or ord(letter) in glyphs else REPLACEMENT for letter in kept)


def shortened(text: str, longest: int = 80) -> str:
    """A long name with its middle left out: its ending tells as much as its beginning."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    half = (longest - 1) // 2
    return f"{text[: longest - 1 - half]}…{text[-half:]}"


def _shown(letter: str) -> str:
    if letter == "\n":
        return letter
    if letter == "\t":
        return " "
    if letter in _TURNING or unicodedata.category(letter) in _HIDDEN:
        return REPLACEMENT
    return letter
