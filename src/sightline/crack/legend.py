"""The strip below an annotated photo: what was found, in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from sightline.crack.report import DISCLAIMER, CrackInstance, CrackReport
from sightline.crack.style import GREEN, HALO, SEVERITY_COLOUR, Colour, badge, font
from sightline.documents.language import Language

ROWS = 10
"""More rows nobody reads under a picture; the rest is counted, and stands in the report."""

BACKGROUND: Colour = (28, 31, 36)
"""Dark: most walls are light, so the strip is seen not to belong to the photo."""

MOST_SHOWN = 0.99
"""Nothing is certain: a confidence never rounds to 100 %."""

_QUIET: Colour = (176, 182, 190)
_WARNING: Colour = (255, 200, 80)
_HEADINGS = ("", "Confidence", "Length", "Max width", "Severity")


def draw_legend(report: CrackReport, width_px: int, letter_px: int) -> NDArray[np.uint8]:
    """Draw the strip, uint8 (h, w, 3): at least `width_px` wide, wider if its table needs it.

    Args:
        report: numbered in its own order.
        width_px: the annotated photo's width.
        letter_px: size of the text.
    """
    table = [_cells(number, found) for number, found in enumerate(report.instances[:ROWS], start=1)]
    columns = _columns(table, letter_px)
    width = max(width_px, columns[-1] + letter_px) if table else max(width_px, 14 * letter_px)
    pen = Pen(width, letter_px)
    pen.title(_title(report), None if report.has_crack else GREEN)
    for note in report.quality:
        pen.paragraph(note.message, _WARNING)
    if table:
        pen.row(columns, None, _HEADINGS, _QUIET)
    for found, cells in zip(report.instances, table, strict=False):
        pen.row(columns, SEVERITY_COLOUR[found.severity], cells, HALO)
    if len(report.instances) > ROWS:
        pen.paragraph(f"and {len(report.instances) - ROWS} more in the report", HALO)
    pen.paragraph(DISCLAIMER, _QUIET)
    return pen.finished()


def likelihood(confidence: float) -> str:
    """Confidence in words, cut where clients of the service cut it (over 0.8, over 0.5)."""
    return "very likely" if confidence > 0.8 else "likely" if confidence > 0.5 else "possible"


def _title(report: CrackReport) -> str:
    count = len(report.instances)
    return "No crack found" if count == 0 else "1 crack found" if count == 1 else f"{count} cracks found"


def _cells(number: int, found: CrackInstance) -> tuple[str, ...]:
    return (
        str(number),
        f"{likelihood(found.confidence)} ({min(found.confidence, MOST_SHOWN):.0%})",
        f"{found.length_px:.0f} px" if found.length_mm is None else f"{found.length_mm:.0f} mm",
        f"{found.max_width_px:.1f} px" if found.max_width_mm is None else f"{found.max_width_mm:.2f} mm",
        found.severity,
    )


def _columns(table: list[tuple[str, ...]], letter_px: int) -> list[int]:
    """Where each column begins, and where the last one ends."""
    letters = font(letter_px)
    columns = [letter_px, 4 * letter_px]  # room for a badge of two digits
    for cells in list(zip(_HEADINGS, *table, strict=True))[1:]:
        columns.append(columns[-1] + round(max(letters.getlength(cell) for cell in cells) + 1.4 * letter_px))
    columns[-1] -= round(1.4 * letter_px)
    return columns


class Pen:
    """Writes from the top down onto a strip that grows as it is needed."""

    def __init__(self, width: int, letter_px: int, language: Language = "en") -> None:
        self._letter_px = letter_px
        self._language = language
        self._strip = Image.new("RGB", (width, 3 * letter_px), BACKGROUND)
        self._y = letter_px

    def title(self, text: str, stamp: Colour | None) -> None:
        """The answer in large letters; on a coloured stamp if it is given one."""
        size = round(1.35 * self._letter_px)
        if stamp is None:
            self._room(2 * size).text((self._letter_px, self._y), text, HALO, self._font(size), anchor="la")
            self._y += round(1.7 * size)
        else:
            mark = badge(text, stamp, size, self._language)
            self._room(mark.height)
            self._strip.paste(mark, (self._letter_px, self._y), mark)
            self._y += mark.height + round(0.6 * self._letter_px)

    def row(self, columns: list[int], colour: Colour | None, cells: tuple[str, ...], ink: Colour) -> None:
        """One line of the table; with a colour, its first cell is a badge."""
        height = round(2.1 * self._letter_px)
        draw = self._room(height)
        middle = self._y + height // 2
        if colour is not None:
            mark = badge(cells[0], colour, self._letter_px, self._language)
            self._strip.paste(mark, (columns[0], middle - mark.height // 2), mark)
        for x, cell in zip(columns[1:], cells[1:], strict=False):
            draw.text((x, middle), cell, ink, self._font(self._letter_px), anchor="lm")
        self._y += height

    def paragraph(self, text: str, ink: Colour) -> None:
        """Text broken into lines that fit."""
        letters = self._font(self._letter_px)
        fits = self._strip.width - 2 * self._letter_px
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and letters.getlength(longer) > fits:
                lines.append(word)
            else:
                lines[-1] = longer
        self._y += self._letter_px // 3
        for line in lines:
            self._room(2 * self._letter_px).text((self._letter_px, self._y), line, ink, letters, anchor="la")
            self._y += round(1.4 * self._letter_px)

    def finished(self) -> NDArray[np.uint8]:
        return np.asarray(self._strip.crop((0, 0, self._strip.width, self._y + self._letter_px // 2)))

    def _font(self, size_px: int) -> ImageFont.FreeTypeFont:
        return font(size_px, self._language)

    def _room(self, height: int) -> ImageDraw.ImageDraw:
        """Make room for so much more below the current line."""
        if self._y + height + self._letter_px > self._strip.height:
            taller = Image.new("RGB", (self._strip.width, 2 * self._strip.height + height), BACKGROUND)
            taller.paste(self._strip)
            self._strip = taller
        return ImageDraw.Draw(self._strip)
