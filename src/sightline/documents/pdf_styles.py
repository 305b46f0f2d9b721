"""How the blocks look on paper: sizes in points (1/72 inch)."""

from __future__ import annotations

from functools import cache
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle

from sightline.documents.blocks import Tone
from sightline.documents.fonts import BOLD, REGULAR, register
from sightline.documents.text import drawable
from sightline.documents.tones import INK, QUIET, TONES, Colour

TEXT_PT = 9.5
CAPTION_PT = 8.2
LEADING = 1.5
"""Line spacing over size: Korean syllables fill their square, and need more air between lines than Latin letters."""


def color(colour: Colour) -> Color:
    """A colour as reportlab takes it."""
    return Color(*(part / 255 for part in colour))


def markup(text: str) -> str:
    """A plain text as reportlab's paragraphs take it: nothing in it is markup, lines stay lines."""
    return escape(drawable(text, register())).replace("\n", "<br/>")


@cache
def style(
    size: float = TEXT_PT,
    *,
    bold: bool = False,
    colour: Colour = INK,
    align: str = "left",
    before: float = 0.0,
    after: float = 0.0,
    indent: float = 0.0,
) -> ParagraphStyle:
    """A paragraph's style; `before` and `after` are the space around it in points.

    Words are broken only where they are longer than a line: Korean is set by words too.
    """
    face = BOLD if bold else REGULAR
    return ParagraphStyle(
        "text",
        fontName=face,
        bulletFontName=face,
        fontSize=size,
        leading=size * (1.3 if size > 12 else LEADING),
        textColor=color(colour),
        alignment={"left": 0, "right": TA_RIGHT, "center": TA_CENTER}[align],
        spaceBefore=before,
        spaceAfter=after,
        leftIndent=indent,
        bulletIndent=max(0.0, indent - 11),
        splitLongWords=1,
        allowWidows=0,
        allowOrphans=0,
    )


def heading_style(level: int) -> ParagraphStyle:
    """The style of a heading, by its level."""
    size, before, after = {1: (15.0, 16.0, 7.0), 2: (11.5, 12.0, 5.0), 3: (9.5, 8.0, 3.0)}[level]
    return style(size, bold=True, before=before, after=after)


QUIET_STYLE = style(CAPTION_PT, colour=QUIET, after=4)
CAPTION_STYLE = style(CAPTION_PT, colour=QUIET, before=3, after=8)
BODY_STYLE = style(after=5)


def strong(tone: Tone) -> Color:
    """A tone's colour for lines and badges."""
    return color(TONES[tone].strong)


def pale(tone: Tone) -> Color:
    """A tone's colour behind text."""
    return color(TONES[tone].pale)
