"""`sightline crack`: look for cracks in photos on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sightline.cli.exit_codes import ExitCode
from sightline.cli.files import make_out, refuse_folder
from sightline.cli.photos import PhotoFile, find_photos
from sightline.cli.results import Line, csv_in, csv_rows, error_json, line_of, print_json, print_table, write_files
from sightline.cli.walls import REFERENCE_HELP, asked_reference
from sightline.errors import SightlineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sightline.service.analysis import Examination

DEFAULT_OUT = Path("sightline-results")


def crack(
    photos: Annotated[list[Path], typer.Argument(metavar="PHOTO_OR_FOLDER", help="Folders are searched through.")],
    out: Annotated[
        Path | None,
        typer.Option(
            help=f"Folder for annotated pictures, masks and reports. Otherwise ./{DEFAULT_OUT}, or none with --json."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object for each photo, and nothing else, on stdout.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Write cracks.csv, one row for each crack, to --out.")] = False,
    model: Annotated[Path | None, typer.Option(help="A model file. Otherwise MODEL_PATH, or our own model.")] = None,
    reference: Annotated[str | None, typer.Option(help=REFERENCE_HELP)] = None,
) -> None:
    """Find, measure and outline the cracks in photos of walls."""
    if as_csv and as_json and out is None:
        raise typer.BadParameter("with --json it needs --out DIR to write to", param_hint="--csv")
    folder = out or (None if as_json else DEFAULT_OUT)
    examine = _examiner(model, asked_reference(reference))
    make_out(folder)
    lines: list[Line] = []
    failures = 0
    with csv_in(folder if as_csv else None) as table, _progress(find_photos(photos, out=folder)) as steps:
        for photo in steps:
            try:
                refuse_folder(photo.path, "photo")
                found = examine(photo)
            except SightlineError as error:
                failures += 1
                lines.append(Line(photo.path, "failed", notes=error.message))
                if as_json:
                    print_json(error_json(photo, error))
                continue
            document = {"photo": str(photo.path)} | found.report.to_dict()
            files = {"files": write_files(folder, photo, found, document)} if folder else {}
            if table:
                table.writerows(csv_rows(document))
            if as_json:
                print_json(document | files)
            lines.append(line_of(photo, found.report))
    if not as_json:
        print_table(lines)
        print(f"Annotated pictures, masks and reports: {folder}")
    if failures:
        raise typer.Exit(ExitCode.SOME_FAILED)


def _examiner(model: Path | None, asked: Mapping[str, Any]) -> Callable[[PhotoFile], Examination]:
    """What looks at a photo: the engine and the limits that the settings name.

    Raises:
        NotReadyError: the model cannot be used.
        MissingExtraError: it needs an extra that is not installed.
    """
    from sightline.service.analysis import examine_photo
    from sightline.service.references import reference_of
    from sightline.service.setup import load_crack_engine
    from sightline.settings import get_settings

    settings = get_settings()
    if model is not None:
        settings = settings.model_copy(update={"model_path": str(model)})
    engine = load_crack_engine(settings)
    reference = reference_of(asked)

    def examine(photo: PhotoFile) -> Examination:
        max_bytes, max_pixels = settings.max_upload_bytes, settings.max_pixels
        return examine_photo(photo.path, engine=engine, max_bytes=max_bytes, max_pixels=max_pixels, reference=reference)

    return examine


@contextmanager
def _progress(photos: list[PhotoFile]) -> Iterator[Iterator[PhotoFile]]:
    """Go through the photos with a progress bar on stderr, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("Looking for cracks"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield iter(progress.track(photos))
