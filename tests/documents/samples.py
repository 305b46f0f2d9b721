"""A document with every kind of block, and how tests read what was made of it."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime

import numpy as np

from sightline.documents.blocks import (
    Badge,
    Block,
    Bullets,
    Callout,
    Code,
    Column,
    Document,
    Facts,
    Figure,
    Heading,
    PageBreak,
    Pair,
    Paragraph,
    Table,
    Tile,
    Tiles,
    Together,
)
from sightline.documents.language import Language
from sightline.documents.picture import Picture, jpeg_picture

MADE_AT = datetime(2026, 3, 1, 5, 6, 7, tzinfo=UTC)


def picture(name: str = "photo", *, width: int = 60, height: int = 40, shade: int = 90) -> Picture:
    return jpeg_picture(name, np.full((height, width, 3), shade, np.uint8), f"a grey wall called {name}")


def every_block(text: str = "Some text") -> tuple[Block, ...]:
    """One of each kind, with a text wherever a text may stand."""
    return (
        Heading(text, 2),  # an outline that begins at the second level must not break it
        Paragraph(text),
        Heading(text),
        Tiles((Tile("3", text, "serious"), Tile("0", text))),
        Callout("warning", text, (text, text)),
        Facts(((text, text), (text, Code("ab" * 32)), (text, Badge(text, "good")))),
        Heading(text),
        Heading(text, 3),
        Figure(picture("first"), text),
        Figure(picture("small"), half=True),
        Table((Column(text), Column(text, 2, "right")), ((text, Badge(text, "info")), (text, Code("cd" * 32)))),
        PageBreak(),
        Together(
            (Heading(text, 3), Paragraph(text, quiet=True), Pair(Figure(picture("a"), text), Figure(picture("b"))))
        ),
        Pair(Figure(picture("before")), Figure(picture("after", shade=30)), slider=True),
        Bullets((text, text)),
        Heading(text),
    )


def document(*blocks: Block, language: Language = "en", title: str = "A report", subtitle: str = "A wall") -> Document:
    return Document(title, subtitle, language, MADE_AT, "Sightline 1", "walls", "Inspection 7", blocks)


def streams(pdf: bytes) -> list[bytes]:
    """Every stream of a PDF; those that are compressed are unpacked."""
    found = re.findall(rb"stream\r?\n(.*?)\r?\n?endstream", pdf, re.DOTALL)
    return [_unpacked(stream) for stream in found]


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream
