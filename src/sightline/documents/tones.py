"""The colours of documents, the same in PDF and HTML."""

from __future__ import annotations

from dataclasses import dataclass

from sightline.documents.blocks import Tone

Colour = tuple[int, int, int]

INK: Colour = (24, 28, 34)
QUIET: Colour = (92, 100, 112)
LINE: Colour = (214, 219, 226)
SHADE: Colour = (244, 246, 249)


@dataclass(frozen=True, slots=True)
class Palette:
    """A tone: `strong` for lines and badges, `letters` upon it, `pale` behind text."""

    strong: Colour
    letters: Colour
    pale: Colour


WHITE: Colour = (255, 255, 255)

# Blue, green, orange and red as in the annotated pictures: told apart also with the common kinds of colour blindness,
# where they differ in lightness.
TONES: dict[Tone, Palette] = {
    "plain": Palette((95, 103, 115), WHITE, SHADE),
    "info": Palette((0, 94, 184), WHITE, (234, 243, 252)),
    "good": Palette((0, 122, 68), WHITE, (232, 246, 238)),
    "warning": Palette((240, 150, 0), INK, (255, 245, 224)),
    "serious": Palette((210, 0, 40), WHITE, (253, 235, 238)),
}


def hexadecimal(colour: Colour) -> str:
    """As CSS and PDF tools take it: "#rrggbb"."""
    return "#{:02x}{:02x}{:02x}".format(*colour)
