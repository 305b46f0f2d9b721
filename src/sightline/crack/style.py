"""Colours, letters and badges of the annotated picture, shared by the photo part and the legend."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from sightline.crack.severity import Severity
from sightline.documents.fonts import REGULAR_FILE
from sightline.documents.language import Language

Colour = tuple[int, int, int]

SEVERITY_COLOUR: dict[Severity, Colour] = {"low": (0, 94, 184), "medium": (240, 150, 0), "high": (210, 0, 40)}
"""Blue, orange, red: told apart also with the common kinds of colour blindness, where they differ in lightness."""

HALO: Colour = (255, 255, 255)
INK: Colour = (16, 18, 22)
GREEN: Colour = (0, 135, 75)

_SMOOTH = 4
"""Badges are drawn this many times larger and reduced, because Pillow draws circles with ragged edges."""


@lru_cache(maxsize=16)
def font(size_px: int, language: Language = "en") -> ImageFont.FreeTypeFont:
    """Pillow's own scalable font, which knows Latin letters only; for Korean that of the reports.

    Raises:
        RuntimeError: Pillow was built without FreeType.
    """
    if language == "ko":
        return ImageFont.truetype(REGULAR_FILE, size_px)
    found = ImageFont.load_default(size_px)
    if not isinstance(found, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow was built without FreeType, so it cannot draw legible text")
    return found


def badge(text: str, colour: Colour, letter_px: int, language: Language = "en") -> Image.Image:
    """A rounded tag with a light rim: RGBA, about 1.8 letters high, as wide as its text needs."""
    height = round(1.8 * letter_px)
    width = max(height, round(font(letter_px, language).getlength(text) + 0.9 * letter_px))
    large = Image.new("RGBA", (width * _SMOOTH, height * _SMOOTH), (*HALO, 0))
    draw = ImageDraw.Draw(large)
    outer = (0, 0, large.width - 1, large.height - 1)
    rim = max(1.0, letter_px / 8) * _SMOOTH
    draw.rounded_rectangle(outer, large.height / 2, HALO)
    inner = (rim, rim, large.width - 1 - rim, large.height - 1 - rim)
    draw.rounded_rectangle(inner, large.height / 2 - rim, colour)
    middle = (large.width / 2, large.height / 2)
    draw.text(middle, text, readable_on(colour), font(letter_px * _SMOOTH, language), anchor="mm")
    return large.resize((width, height), Image.Resampling.BOX)


def readable_on(colour: Colour) -> Colour:
    """Dark or light letters, whichever stands out (luma after ITU-R BT.601)."""
    red, green, blue = colour
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else HALO
