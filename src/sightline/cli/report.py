"""`sightline report`: a sealed report of photos on this machine."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sightline.cli.walls import REFERENCE_HELP

DEFAULT_OUT = Path("sightline-results")


class Lang(StrEnum):
    """The languages of reports."""

    EN = "en"
    KO = "ko"


def report(  # noqa: PLR0913 - the command's options
    photos: Annotated[list[Path], typer.Argument(metavar="PHOTO...", help="Photos of one wall, one or more.")],
    *,
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = DEFAULT_OUT,
    wall: Annotated[str, typer.Option(help="Which wall it is; the report's title.")] = "Wall",
    remarks: Annotated[str, typer.Option(help="Remarks for the report.")] = "",
    stage: Annotated[
        list[str] | None,
        typer.Option(help="At what occasion a photo was taken, such as check-in; once for each photo, in their order."),
    ] = None,
    lang: Annotated[Lang, typer.Option(help="The language of the report.")] = Lang.EN,
    reference: Annotated[
        list[str] | None, typer.Option(help=f"{REFERENCE_HELP} Once for all photos, or once for each, in their order.")
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(help="The key to sign with. Otherwise SIGHTLINE_SIGNING_KEY, or the data folder's own."),
    ] = None,
    model: Annotated[Path | None, typer.Option(help="A model file. Otherwise MODEL_PATH, or our own model.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, and nothing else, on stdout.")
    ] = False,
) -> None:
    """Write an inspection report of a wall, as PDF, HTML and JSON, sealed so that changes to it are found."""
    from sightline.cli.wall_report import Asked, write_wall_report

    asked = Asked(
        wall=wall,
        remarks=remarks,
        stages=tuple(stage or ()),
        language=lang.value,
        references=tuple(reference or ()),
        key=key,
    )
    write_wall_report(photos, asked, out=out, model=model, as_json=as_json)
