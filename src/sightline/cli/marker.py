"""`sightline marker`: the page to print and photograph beside a crack, so that its size is known."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sightline.cli.report import Lang
from sightline.errors import BadInputError

DEFAULT_OUT = Path("sightline-marker.pdf")


class Size(StrEnum):
    """The boards, by their names in `crack.scale.board`."""

    LARGE = "large"
    SMALL = "small"


class PaperSize(StrEnum):
    """What is printed on."""

    A4 = "a4"
    LETTER = "letter"


def marker(
    *,
    out: Annotated[Path, typer.Option(help="The PDF file; an earlier one is replaced.")] = DEFAULT_OUT,
    size: Annotated[
        Size, typer.Option(help="large fills a page, for photos from up to 2 m; small is a hand wide, for up to 1.2 m.")
    ] = Size.LARGE,
    lang: Annotated[Lang, typer.Option(help="The language of what is written on it.")] = Lang.EN,
    paper: Annotated[PaperSize, typer.Option(help="The paper's size.")] = PaperSize.A4,
) -> None:
    """Make a marker to print: in a photo that shows it beside a crack, sizes are measured in mm."""
    from sightline.crack.scale.board import BOARDS
    from sightline.crack.scale.marker_pdf import CHECK_LINE_MM, marker_pdf

    board = next(board for board in BOARDS if board.name == size.value)
    page = marker_pdf(board, paper=paper.value, language=lang.value)
    try:
        out.write_bytes(page)
    except OSError as error:
        raise BadInputError(f"the marker cannot be written to {out}: {error.strerror}") from error
    print(f"Marker: {out}")
    print(f"Print it at 100 % on {paper.value.upper()}; the line on it must then measure {CHECK_LINE_MM:.0f} mm.")
