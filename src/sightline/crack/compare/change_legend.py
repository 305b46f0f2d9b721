"""The strip below the two photos: what changed, in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

from sightline.crack.compare.compared import (
    COMPARISON_DISCLAIMER,
    KINDS,
    ChangeKind,
    ComparisonReport,
    CrackChange,
    SizeChange,
)
from sightline.crack.inspection.terms import counted_kind, kind_word, quality_text, reason_between, refusal_text
from sightline.crack.legend import Pen
from sightline.crack.style import GREEN, HALO, Colour, font
from sightline.documents.language import Language, Wording

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

_QUIET: Colour = (176, 182, 190)
_WARNING: Colour = (255, 200, 80)

_HARD_SPACE = "\N{NO-BREAK SPACE}"
"""Pillow's font has none."""

_KOREAN_NOTE = (
    "길이와 폭은 나중 사진의 화소 수입니다. 두 사진을 눈에 보이는 대로 비교한 것이며 구조 안전 진단이 아닙니다. 사진에 "
    "나타난 사실만을 말하며, 변화의 원인이나 책임, 두 사진 사이의 정확한 발생 시점은 말하지 않습니다."
)


def draw_change_legend(
    report: ComparisonReport, width_px: int, letter_px: int, language: Language = "en"
) -> NDArray[np.uint8]:
    """Draw the strip, uint8 (h, w, 3): at least `width_px` wide, wider if its table needs it.

    Args:
        report: numbered in its own order.
        width_px: of the two photos together.
        letter_px: size of the text.
        language: of the text.
    """
    say = Wording(language)
    headings = _headings(say)
    table = [_cells(number, change, say) for number, change in enumerate(report.changes[:ROWS], start=1)]
    columns = _columns([headings, *table], font(letter_px, language), letter_px)
    pen = Pen(max(width_px, columns[-1] + letter_px if table else 14 * letter_px), letter_px, language)
    if report.refusal is not None:
        pen.title(say("The photos could not be compared", "두 사진을 비교할 수 없습니다"), None)
        pen.paragraph(refusal_text(report.refusal, say), _WARNING)
    else:
        pen.title(title(report, language), None if report.changes else GREEN)
    for note in report.quality:
        pen.paragraph(quality_text(note, say), _WARNING)
    if table:
        pen.row(columns, None, headings, _QUIET)
    for change, cells in zip(report.changes, table, strict=False):
        pen.row(columns, KIND_COLOUR[change.kind], cells, HALO)
    for number, change in enumerate(report.changes[:ROWS], start=1):
        if change.reason is not None:
            pen.paragraph(f"{number}: {_doubt(change, say)}", _QUIET)
    if (rest := len(report.changes) - ROWS) > 0:
        pen.paragraph(say(f"and {rest} more in the report", f"그 밖의 {rest}건은 보고서에 있습니다"), HALO)
    pen.paragraph(
        say(f"Lengths and widths in pixels of the after photo. {COMPARISON_DISCLAIMER}", _KOREAN_NOTE), _QUIET
    )
    return pen.finished()


def title(report: ComparisonReport, language: Language = "en") -> str:
    """What changed, in a line: "1 new, 2 grown, 3 unchanged"."""
    say, counts = Wording(language), report.counts
    named = [counted_kind(kind, counts[kind], say) for kind in KINDS if counts[kind]]
    return ", ".join(named) if named else say("No crack in either photo", "두 사진 모두 균열 없음")


def _headings(say: Wording) -> tuple[str, ...]:
    if say.language == "ko":
        return ("", "변화", "균열일 가능성", "이전 길이", "나중 길이", "이전 폭", "나중 폭")
    return ("", "What", "Confidence", "Length before", "after", "Width before", "after")


def _cells(number: int, change: CrackChange, say: Wording) -> tuple[str, ...]:
    confidence = "" if change.kind == "not_comparable" else say.confidence(change.confidence).replace(_HARD_SPACE, "")
    length = _sizes(change.length, 0, say, grew="length" in change.grown_in)
    width = _sizes(change.width, 1, say, grew="width" in change.grown_in)
    return (str(number), _what(change, say), confidence, *length, *width)


def _what(change: CrackChange, say: Wording) -> str:
    if change.kind != "grown":
        return kind_word(change.kind, say)
    words = {"length": say("longer", "길어짐"), "width": say("wider", "넓어짐")}
    grown = say(" and ", ", ").join(words[dimension] for dimension in change.grown_in)
    return f"{kind_word('grown', say)}: {grown}"


def _doubt(change: CrackChange, say: Wording) -> str:
    """Why a crack, or a part of it, could not be compared."""
    earlier, later = say("the before photo", "이전 사진"), say("the after photo", "나중 사진")
    reason = reason_between(change, say, earlier=earlier, later=later)
    if change.kind == "not_comparable":
        return reason
    return say("A part could not be compared.", "일부는 비교할 수 없습니다.") + f" {reason}"


def _sizes(size: SizeChange, digits: int, say: Wording, *, grew: bool) -> tuple[str, str]:
    """Before and after; where nothing grew and nothing went, both are told by one figure."""
    before, after = ("-" if value is None else f"{value:.{digits}f}" for value in (size.before, size.after))
    if grew:
        return before, f"{after} ({size.growth:+.{digits}f} ± {size.uncertainty:.{digits}f})"
    return (say("same", "같음"), after) if size.before and size.after else (before, after)


def _columns(table: list[tuple[str, ...]], letters: ImageFont.FreeTypeFont, letter_px: int) -> list[int]:
    """Where each column begins, and where the last one ends."""
    columns = [letter_px, 4 * letter_px]  # room for a badge of two digits
    for cells in list(zip(*table, strict=True))[1:]:
        columns.append(columns[-1] + round(max(letters.getlength(cell) for cell in cells) + 1.4 * letter_px))
    columns[-1] -= round(1.4 * letter_px)
    return columns
