"""What `sightline compare` and `sightline report` share: a loaded model, photos looked at, files, a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sightline.errors import BadInputError

if TYPE_CHECKING:
    from sightline.crack.compare.compared import ComparisonReport, CrackChange, SizeChange
    from sightline.service.wall import SeenPhoto
    from sightline.service.wall_files import WallFile
    from sightline.service.wall_reports import PhotoFacts

Look = Callable[["WallFile"], "tuple[SeenPhoto, PhotoFacts]"]

_WORDS = "auto (the printed marker, where it is seen), marker, card, none"
_POINTS = 'two points and their distance, \'{"points": [[120, 80], [620, 90]], "distance_mm": 100}\''
REFERENCE_HELP = f"What gives the scale: {_WORDS}, or {_POINTS}."
REFERENCE_OF_BOTH_HELP = f"What gives the scale in both photos: {_WORDS}."
REFERENCE_BEFORE_HELP, REFERENCE_AFTER_HELP = (
    f"What gives the scale in the {which} photo alone; also {_POINTS}." for which in ("earlier", "later")
)


def looker(model: Path | None) -> Look:
    """What looks at a photo: the engine and the limits that the settings name.

    Raises:
        NotReadyError: the model cannot be used.
        MissingExtraError: it needs an extra that is not installed.
    """
    from sightline.service import setup
    from sightline.service.wall_files import look_at
    from sightline.settings import get_settings

    settings = get_settings()
    if model is not None:
        settings = settings.model_copy(update={"model_path": str(model)})
    engine = setup.load_crack_engine(settings)
    limits = {"max_bytes": settings.max_upload_bytes, "max_pixels": settings.max_pixels}
    return lambda file: look_at(file, engine=engine, **limits)


def asked_reference(text: str | None, option: str = "--reference") -> Mapping[str, Any]:
    """What an option such as `--reference` asks for.

    Raises:
        BadInputError: it is nothing that gives a scale.
    """
    from sightline.service.references import AUTO, parse_reference

    return parse_reference(text, option) or AUTO


def asked_reference_of_all(text: str | None, instead: str) -> Mapping[str, Any]:
    """What `--reference` asks for of several photos; `instead` is how two points, places in one photo, are given.

    Raises:
        BadInputError: it is nothing that gives a scale, or two points.
    """
    from sightline.service.references import AUTO, parse_shared_reference

    return parse_shared_reference(text, instead, "--reference") or AUTO


def refuse_missing(paths: list[Path]) -> None:
    """Refuse what is no file before any work is done.

    Raises:
        BadInputError: one of them is none.
    """
    for path in paths:
        if not path.is_file():
            raise BadInputError(f"{path} is no file" if path.exists() else f"{path} does not exist")


def write_files(out: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """Write files into a folder; each takes its name when it is complete.

    Returns:
        Their paths, by name.

    Raises:
        BadInputError: one of them cannot be written: the disk is full, or a folder has its name.
    """
    from sightline.storage.local import write_atomically

    for name, data in files.items():
        try:
            write_atomically(out / name, data)
        except OSError as error:
            raise BadInputError(f"{out / name} cannot be written: {error.strerror}") from error
    return {name: str(out / name) for name in files}


def print_changes(report: ComparisonReport) -> None:
    """The changes as a table on stdout, or why there are none."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if report.refusal is not None:
        print(f"Not comparable: {report.refusal.message}")
        return
    if not report.changes:
        print("No crack was found in either photo.")
        return
    table = Table(box=SIMPLE)
    for header in ("#", "Change", "Confidence", "Length", "Width"):
        table.add_column(header, overflow="fold", no_wrap=header != "Change")
    for number, change in enumerate(report.changes, start=1):
        table.add_row(*(Text(cell) for cell in (str(number), *_cells(change))))
    Console().print(table)


def _cells(change: CrackChange) -> tuple[str, ...]:
    kind = {"healed": "healed or painted over"}.get(change.kind, change.kind.replace("_", " "))
    grown = f" in {' and '.join(change.grown_in)}" if change.grown_in else ""
    words = f"{kind}{grown}" + (f": {change.reason}" if change.reason else "")
    sizes = (_size(change.length, change.length_mm), _size(change.width, change.width_mm))
    return words, f"{change.confidence:.2f}", *sizes


def _size(in_px: SizeChange, in_mm: SizeChange | None) -> str:
    """Before and after, in mm where they are known, and on a second line the growth with its uncertainty."""
    size, unit, digits = (in_px, "px", 1) if in_mm is None else (in_mm, "mm", 2)
    if size.before is None and size.after is None:
        return ""
    before, after = ("?" if value is None else f"{value:.{digits}f}" for value in (size.before, size.after))
    if size.growth is None:
        return f"{before} -> {after} {unit}"
    uncertainty = "" if size.uncertainty is None else f" +- {size.uncertainty:.{digits}f}"
    return f"{before} -> {after} {unit}\n({size.growth:+.{digits}f}{uncertainty})"
