"""The strip below the two photos: what changed, in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.compared import (
    COMPARISON_DISCLAIMER,
    KINDS,
    ChangeKind,
    ComparisonReport,
    CrackChange,
    SizeChange,
)
from sightline.crack.legend import MOST_SHOWN, Pen, likelihood
from sightline.crack.style import GREEN, HALO, Colour, font

ROWS = 12
"""More rows nobody reads under a picture; the rest is counted, and stands in the report."""

KIND_COLOUR: dict[ChangeKind, Colour] = {
    "new": (210, 0, 40),
    "grown": (240, 150, 0),
    "unchanged": (95, 103, 115),
    "healed": (0, 122, 68),
    "not_comparable": (0, 94, 184),
}
"""Red and orange for what is asked about, grey for what needs no eye; told apart with the common kinds of colour
blindness too, where they differ in lightness."""

KIND_WORDS: dict[ChangeKind, str] = {
    "new": "new",
    "grown": "grown",
    "unchanged": "unchanged",
    "healed": "healed or painted over",
    "not_comparable": "not comparable",
}

_QUIET: Colour = (176, 182, 190)
_WARNING: Colour = (255, 200, 80)
_HEADINGS = ("", "What", "Confidence", "Length before", "after", "Width before", "after")


def draw_change_legend(report: ComparisonReport, width_px: int, letter_px: int) -> NDArray[np.uint8]:
    """Draw the strip, uint8 (h, w, 3): at least `width_px` wide, wider if its table needs it.

    Args:
        report: numbered in its own order.
        width_px: of the two photos together.
        letter_px: size of the text.
    """
    table = [_cells(number, change) for number, change in enumerate(report.changes[:ROWS], start=1)]
    columns = _columns(table, letter_px)
    pen = Pen(max(width_px, columns[-1] + letter_px if table else 14 * letter_px), letter_px)
    if report.refusal is not None:
        pen.title("The photos could not be compared", None)
        pen.paragraph(report.refusal.message, _WARNING)
    else:
        pen.title(title(report), None if report.changes else GREEN)
    for note in report.quality:
        pen.paragraph(note.message, _WARNING)
    if table:
        pen.row(columns, None, _HEADINGS, _QUIET)
    for change, cells in zip(report.changes, table, strict=False):
        pen.row(columns, KIND_COLOUR[change.kind], cells, HALO)
    for number, change in enumerate(report.changes[:ROWS], start=1):
        if change.reason is not None:
            part = "" if change.kind == "not_comparable" else "A part could not be compared. "
            pen.paragraph(f"{number}: {part}{change.reason}", _QUIET)
    if len(report.changes) > ROWS:
        pen.paragraph(f"and {len(report.changes) - ROWS} more in the report", HALO)
    pen.paragraph("Lengths and widths in pixels of the after photo. " + COMPARISON_DISCLAIMER, _QUIET)
    return pen.finished()


def title(report: ComparisonReport) -> str:
    """What changed, in a line: "1 new, 2 grown, 3 unchanged"."""
    counts = report.counts
    named = [f"{counts[kind]} {KIND_WORDS[kind]}" for kind in KINDS if counts[kind]]
    return ", ".join(named) if named else "No crack in either photo"


def _cells(number: int, change: CrackChange) -> tuple[str, ...]:
    confidence = f"{likelihood(change.confidence)} ({min(change.confidence, MOST_SHOWN):.0%})"
    length = _sizes(change.length, 0, grew="length" in change.grown_in)
    width = _sizes(change.width, 1, grew="width" in change.grown_in)
    return (str(number), _what(change), "" if change.kind == "not_comparable" else confidence, *length, *width)


def _what(change: CrackChange) -> str:
    if change.kind != "grown":
        return KIND_WORDS[change.kind]
    words = {"length": "longer", "width": "wider"}
    return "grown: " + " and ".join(words[dimension] for dimension in change.grown_in)


def _sizes(size: SizeChange, digits: int, *, grew: bool) -> tuple[str, str]:
    """Before and after; where nothing grew and nothing went, both are told by one figure."""
    before, after = ("-" if value is None else f"{value:.{digits}f}" for value in (size.before, size.after))
    if grew:
        return before, f"{after} ({size.growth:+.{digits}f} ± {size.uncertainty:.{digits}f})"
    return ("same", after) if size.before and size.after else (before, after)


def _columns(table: list[tuple[str, ...]], letter_px: int) -> list[int]:
    """Where each column begins, and where the last one ends."""
    letters = font(letter_px)
    columns = [letter_px, 4 * letter_px]  # room for a badge of two digits
    for cells in list(zip(_HEADINGS, *table, strict=True))[1:]:
        columns.append(columns[-1] + round(max(letters.getlength(cell) for cell in cells) + 1.4 * letter_px))
    columns[-1] -= round(1.4 * letter_px)
    return columns
