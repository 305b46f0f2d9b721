"""Blocks that are set as tables: facts, tables, callouts and tiles."""

from __future__ import annotations

from typing import Any

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Paragraph, Table

from sightline.documents.blocks import Badge, Callout, Cell, Code, Facts, Tiles
from sightline.documents.blocks import Table as TableBlock
from sightline.documents.fonts import BOLD, REGULAR, register
from sightline.documents.pdf_styles import CAPTION_PT, TEXT_PT, color, markup, pale, strong, style
from sightline.documents.text import drawable, shortened
from sightline.documents.tones import LINE, QUIET, SHADE, TONES, WHITE

Command = tuple[Any, ...]

CELL_PT = 8.6
_NAMES_WIDTH = 40 * mm
_MOST_TILES = 5
_BUTT = 0  # how lines end: just where they should


def set_table(rows: list[list[Any]], widths: list[float], commands: list[Command], *, heads: int = 0) -> Flowable:
    """A table of flowables; its first `heads` rows come again on every page it runs over."""
    made = Table(rows, colWidths=widths, repeatRows=heads, splitInRow=1, hAlign="LEFT", spaceBefore=3, spaceAfter=8)
    made.setStyle([("FONTNAME", (0, 0), (-1, -1), REGULAR), *commands])  # else the file names Helvetica
    return made


def facts(block: Facts, width: float) -> Flowable:
    """Names in a narrow column, values beside them."""
    name = style(CELL_PT, colour=QUIET)
    value = style(CELL_PT)
    rows = [[Paragraph(markup(label), name), _cell(cell, value)] for label, cell in block.rows]
    commands: list[Command] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, color(LINE)),
    ]
    names = min(_NAMES_WIDTH, width / 3)
    return set_table(rows, [names, width - names], commands)


def table(block: TableBlock, width: float) -> Flowable:
    """A table that repeats its head on every page it runs over."""
    total = sum(column.share for column in block.columns)
    widths = [width * column.share / total for column in block.columns]
    head = [
        Paragraph(markup(column.title), style(7.8, bold=True, colour=QUIET, align=column.align))
        for column in block.columns
    ]
    rows = [
        [_cell(cell, style(CELL_PT, align=column.align)) for cell, column in zip(row, block.columns, strict=True)]
        for row in block.rows
    ]
    commands: list[Command] = [
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("VALIGN", (0, 1), (-1, -1), "MIDDLE"),
        ("BACKGROUND", (0, 0), (-1, 0), color(SHADE)),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, color(QUIET)),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, color(LINE)),
    ]
    return set_table([head, *rows], widths, commands, heads=1)


def callout(block: Callout, width: float) -> Flowable:
    """A pale box with a strong edge."""
    rows = [[Paragraph(markup(block.title), style(10, bold=True))]]
    rows += [[Paragraph(markup(line), style(TEXT_PT))] for line in block.lines]
    commands: list[Command] = [
        ("BACKGROUND", (0, 0), (-1, -1), pale(block.tone)),
        ("LINEBEFORE", (0, 0), (0, -1), 3, strong(block.tone), _BUTT),
        ("LEFTPADDING", (0, 0), (-1, -1), 10),
        ("RIGHTPADDING", (0, 0), (-1, -1), 10),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("TOPPADDING", (0, 0), (-1, 0), 6),
        ("BOTTOMPADDING", (0, -1), (-1, -1), 7),
    ]
    return set_table(rows, [width], commands)


def tiles(block: Tiles, width: float) -> list[Flowable]:
    """Large figures over their labels, a few in a row."""
    rows = [block.tiles[start : start + _MOST_TILES] for start in range(0, len(block.tiles), _MOST_TILES)]
    return [_tile_row(Tiles(row), width) for row in rows]


def _tile_row(block: Tiles, width: float) -> Flowable:
    values = [Paragraph(markup(tile.value), style(19, bold=True)) for tile in block.tiles]
    labels = [Paragraph(markup(tile.label), style(CAPTION_PT, colour=QUIET)) for tile in block.tiles]
    commands: list[Command] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 9),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, 0), 6),
        ("BOTTOMPADDING", (0, 0), (-1, 0), 0),
        ("TOPPADDING", (0, 1), (-1, 1), 1),
        ("BOTTOMPADDING", (0, 1), (-1, 1), 6),
    ]
    for column, tile in enumerate(block.tiles):
        top, bottom = (column, 0), (column, -1)
        commands.append(("BACKGROUND", top, bottom, pale(tile.tone)))
        commands.append(("LINEABOVE", top, top, 2, strong(tile.tone), _BUTT))
        commands.append(("LINEAFTER", top, bottom, 6, color(WHITE), _BUTT))  # the gap between tiles
    return set_table([values, labels], [width / len(block.tiles)] * len(block.tiles), commands)


def _cell(cell: Cell, plain: object) -> Paragraph | _BadgeFlowable:
    match cell:
        case Badge():
            return _BadgeFlowable(cell)
        case Code():
            return Paragraph(markup(cell.text), style(7.6, colour=QUIET))
        case _:
            return Paragraph(markup(cell), plain)


class _BadgeFlowable(Flowable):  # type: ignore[misc]
    """A word on a rounded ground; words that are too wide for it are set smaller."""

    def __init__(self, badge: Badge) -> None:
        super().__init__()
        self._badge = badge
        self._text = shortened(drawable(badge.text, register()))
        self._size = 7.8

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        wide = stringWidth(self._text, BOLD, 7.8)
        self._size = min(7.8, 7.8 * max(1.0, available_width - 10) / max(wide, 1e-6))
        self.width, self.height = min(available_width, wide + 10), 13.0
        return self.width, self.height

    def draw(self) -> None:
        palette = TONES[self._badge.tone]
        self.canv.setFillColor(color(palette.strong))
        self.canv.roundRect(0, 0, self.width, self.height, 3, stroke=0, fill=1)
        self.canv.setFillColor(color(palette.letters))
        self.canv.setFont(BOLD, self._size)
        self.canv.drawCentredString(self.width / 2, self.height / 2 - 0.36 * self._size, self._text)
