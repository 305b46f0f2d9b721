"""`sightline compare`: what changed on a wall between two photos."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sightline.cli.files import make_out
from sightline.cli.results import print_json
from sightline.cli.walls import (
    REFERENCE_AFTER_HELP,
    REFERENCE_BEFORE_HELP,
    REFERENCE_OF_BOTH_HELP,
    asked_reference,
    asked_reference_of_all,
    looker,
    print_changes,
    refuse_missing,
    write_files,
)

DEFAULT_OUT = Path("sightline-results")
PICTURE, REPORT = "comparison.jpg", "comparison.json"


def compare(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="The earlier photo.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="The later photo of the same wall.")],
    out: Annotated[
        Path | None, typer.Option(help=f"Folder for the results. Otherwise ./{DEFAULT_OUT}, or none with --json.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, and nothing else, on stdout.")
    ] = False,
    reference: Annotated[str | None, typer.Option(help=REFERENCE_OF_BOTH_HELP)] = None,
    reference_before: Annotated[str | None, typer.Option(help=REFERENCE_BEFORE_HELP)] = None,
    reference_after: Annotated[str | None, typer.Option(help=REFERENCE_AFTER_HELP)] = None,
    model: Annotated[Path | None, typer.Option(help="A model file. Otherwise MODEL_PATH, or our own model.")] = None,
) -> None:
    """Tell which cracks are new, which grew, and what the photos cannot tell."""
    refuse_missing([before, after])
    both = asked_reference_of_all(reference, "use --reference-before or --reference-after")
    asked = {
        option: asked_reference(own, f"--reference-{option}") if own else both
        for option, own in (("before", reference_before), ("after", reference_after))
    }
    folder = out or (None if as_json else DEFAULT_OUT)
    look = looker(model)
    make_out(folder)

    from sightline.service.wall import compare_wall
    from sightline.service.wall_files import WallFile

    seen = [look(WallFile(path, stage, asked[stage]))[0] for path, stage in ((before, "before"), (after, "after"))]
    wall = compare_wall(seen)
    (compared,) = wall.comparisons
    photos = {"before_photo": str(before), "after_photo": str(after)}
    document = photos | compared.report.to_dict()
    files = {}
    if folder:
        text = json.dumps(document, ensure_ascii=False, indent=1).encode(errors="replace")
        files = {"files": write_files(folder, {PICTURE: wall.picture(compared), REPORT: text})}
    if as_json:
        print_json(document | files)
        return
    print_changes(compared.report)
    print(f"Both photos with the changes marked, and all that was measured: {folder}")
