"""The page to print: a board of codes at its true size, a line to check the printer with, and how to use both."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from sightline.crack.scale.board import Board
from sightline.crack.scale.codes import CELLS, modules
from sightline.documents.language import Language, Wording

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

Paper = Literal["a4", "letter"]

PAPERS_MM: dict[Paper, tuple[float, float]] = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}

CHECK_LINE_MM = 100.0

_MM = 72 / 25.4
"""Points, which PDF counts in, per mm."""

_TOP_MM = 12.0
"""White above the board: no printer needs more than 6 mm of it, and a code needs a module of it, 7 mm."""

_LINE_BELOW_MM = 12.0
"""The line lies so far below the board, which keeps the white margin of the lowest codes free."""

_TEXT_WIDTH_MM = 178.0


def marker_pdf(board: Board, *, paper: Paper = "a4", language: Language = "en") -> bytes:
    """A page with a board, as PDF; the same bytes for the same board, paper and language.

    Args:
        board: what is printed, at its true size.
        paper: the page's size.
        language: of what is written on it.
    """
    from reportlab import rl_config
    from reportlab.pdfgen.canvas import Canvas

    from sightline.documents.fonts import register

    register()
    rl_config.useA85 = 0  # as all our documents: streams as the bytes they are
    say = Wording(language)
    width, height = PAPERS_MM[paper]
    file = BytesIO()
    canvas = Canvas(file, pagesize=(width * _MM, height * _MM), invariant=1, pageCompression=1, lang=language)
    canvas.setTitle(say("Sightline marker", "Sightline 마커"))
    canvas.setViewerPreference("PrintScaling", "None")  # viewers then propose 100 %
    board_height = board.size_mm[1]
    canvas.translate(width / 2 * _MM, (height - _TOP_MM - board_height / 2) * _MM)
    canvas.scale(_MM, -_MM)  # from here on mm from the board's middle, y down, as the board tells its places
    _draw_codes(canvas, board)
    below = board_height / 2 + _LINE_BELOW_MM
    _draw_line(canvas, below, say)
    _write_help(canvas, board, below + 5, say)
    canvas.save()
    return file.getvalue()


def _draw_codes(canvas: Canvas, board: Board) -> None:
    """Each code as its black rows and columns, which overlap: squares side by side would show seams between them."""
    cell = board.code_mm / CELLS
    canvas.setFillGray(0)
    for number, corners in zip(board.ids, board.corners_mm, strict=True):
        left, top = corners[0]
        black = ~np.pad(modules(number), 1)
        for row, first, last in _runs(black):
            canvas.rect(left + first * cell, top + row * cell, (last - first) * cell, cell, stroke=0, fill=1)
        for column, first, last in _runs(black.T):
            canvas.rect(left + column * cell, top + first * cell, cell, (last - first) * cell, stroke=0, fill=1)


def _runs(cells: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """Rows with the runs in them: first cell, and the one after the last."""
    changes = np.diff(np.pad(cells, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    (rows, starts), (_, ends) = np.nonzero(changes == 1), np.nonzero(changes == -1)
    return list(zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True))


def _draw_line(canvas: Canvas, at: float, say: Wording) -> None:
    """The line, end to end between its ticks' outer edges, and what to do with it."""
    half, tick = CHECK_LINE_MM / 2, 0.25
    for left, top, wide, high in (
        (-half, at - tick / 2, CHECK_LINE_MM, tick),
        (-half, at - 2, tick, 4),
        (half - tick, at - 2, tick, 4),
    ):
        canvas.rect(left, top, wide, high, stroke=0, fill=1)
    text = say(
        f"This line must measure {CHECK_LINE_MM:.0f} mm after printing",
        f"인쇄한 뒤 이 선의 길이가 {CHECK_LINE_MM:.0f} mm인지 확인하세요",
    )
    paragraph, _, _ = _paragraph(f"<b>{text}</b>", centred=True)
    _place(canvas, paragraph, at - 2)


def _write_help(canvas: Canvas, board: Board, top: float, say: Wording) -> None:
    for text in _help(board, say):
        paragraph, _, high = _paragraph(text)
        _place(canvas, paragraph, top + high)
        top += high + 1.1


def _help(board: Board, say: Wording) -> list[str]:
    """How to use the page, a paragraph each, and what it is."""
    metres = f"{board.code_mm / 20:.1f}".rstrip("0").rstrip(".")
    return [
        say(
            "<b>1.</b> Print at 100 % (“Actual size”), not “Fit to page”. If the line is more than 0.5 mm off, "
            "measured sizes are off by the same share: print again.",
            "<b>1.</b> ‘용지에 맞춤’이 아니라 100%(‘실제 크기’)로 인쇄하세요. 선이 0.5 mm 넘게 어긋나면 측정값도 같은 "
            "비율로 틀어지므로 다시 인쇄해야 합니다.",
        ),
        say(
            "<b>2.</b> Fix the page flat on the wall right beside the crack, on matt paper and without folds. Leave "
            "the white around the codes free.",
            "<b>2.</b> 무광 용지에 인쇄해 균열 바로 옆 벽면에 접히거나 들뜨지 않게 붙이세요. 코드 둘레의 흰 여백은 "
            "가리지 마세요.",
        ),
        say(
            f"<b>3.</b> Photograph page and crack together, as straight on and near as you can, from no more than "
            f"{metres} m away. Part of the page may be hidden; the more codes are sharp, the surer the sizes.",
            f"<b>3.</b> 마커와 균열이 한 장에 들어오도록 최대한 정면에서 가까이, {metres} m 이내에서 촬영하세요. "
            "일부가 가려져도 되지만 선명한 코드가 많을수록 치수가 정확합니다.",
        ),
        f'<font size="7" color="#666666">{_what(board)}</font>',
    ]


def _what(board: Board) -> str:
    """What any other tool needs to know to read the board."""
    width, height = board.size_mm
    codes = f"{len(board.ids)} × {board.code_mm:g} mm, ArUco DICT_4X4_50 {board.ids[0]}–{board.ids[-1]}"
    return f"Sightline marker, {board.name}: {width:g} × {height:g} mm, {codes}"


def _paragraph(text: str, *, centred: bool = False) -> tuple[Any, float, float]:
    """A paragraph with its width and height in mm."""
    from reportlab.lib.enums import TA_CENTER, TA_LEFT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    from sightline.documents.fonts import REGULAR

    style = ParagraphStyle(
        "marker", fontName=REGULAR, fontSize=8.5, leading=11, alignment=TA_CENTER if centred else TA_LEFT
    )
    paragraph = Paragraph(text, style)
    wide, high = paragraph.wrap(_TEXT_WIDTH_MM * _MM, 1000)
    return paragraph, wide / _MM, high / _MM


def _place(canvas: Canvas, paragraph: Any, bottom: float) -> None:
    """Draw a wrapped paragraph with its lower edge there, in mm below the board's middle."""
    canvas.saveState()
    canvas.scale(1 / _MM, -1 / _MM)
    paragraph.drawOn(canvas, -_TEXT_WIDTH_MM / 2 * _MM, -bottom * _MM)
    canvas.restoreState()
