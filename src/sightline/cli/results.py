"""What `sightline crack` leaves: files below a folder, JSON lines, a CSV file, a table."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sightline.cli.photos import ANNOTATED_SUFFIX, MASK_SUFFIX, REPORT_SUFFIX, PhotoFile

if TYPE_CHECKING:
    from _csv import Writer as CsvWriter

    from sightline.crack.report import CrackReport
    from sightline.errors import SightlineError
    from sightline.service.analysis import Examination

CSV_NAME = "cracks.csv"
_SHOWN_PARTS = 2
"""Of a path: the folder and the name, so that the table fits a terminal."""

_CSV_COLUMNS = (
    *("photo", "crack", "confidence", "severity", "x", "y", "width", "height"),
    *("length_px", "mean_width_px", "max_width_px", "orientation_deg", "branch_count", "area_px"),
    *("profile_mean_width_px", "profile_max_width_px", "profile_width_uncertainty_px"),
    *("length_mm", "length_uncertainty_mm", "mean_width_mm", "max_width_mm", "width_uncertainty_mm"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A photo's row in the table at the end."""

    photo: Path
    verdict: str
    confidence: str = ""
    longest: str = ""
    widest: str = ""
    notes: str = ""


def write_files(out: Path, photo: PhotoFile, found: Examination, document: dict[str, Any]) -> dict[str, str]:
    """Write the annotated picture, the mask and the report (`document`) of a photo.

    Returns:
        The paths of the three, by what they are.
    """
    from sightline.storage.local import write_atomically

    files = {
        "annotated": (ANNOTATED_SUFFIX, found.annotated_jpeg()),
        "mask": (MASK_SUFFIX, found.mask_png()),
        "report": (REPORT_SUFFIX, json.dumps(document, ensure_ascii=False, indent=1).encode(errors="replace")),
    }
    paths = {}
    for what, (suffix, data) in files.items():
        path = out / photo.name.with_name(photo.name.name + suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
        paths[what] = str(path)
    return paths


def print_json(content: dict[str, Any]) -> None:
    """One object on one line of stdout, in ASCII: any terminal and any pipe can take it."""
    print(json.dumps(content), flush=True)


def error_json(photo: PhotoFile, error: SightlineError) -> dict[str, Any]:
    """What stands on a photo's JSON line instead of a report."""
    return {"photo": str(photo.path), "error": error.message, "code": error.code}


@contextmanager
def csv_in(folder: Path | None) -> Iterator[CsvWriter | None]:
    """A CSV file in a folder, filled as photos are finished; None for no folder.

    It begins with a byte order mark, without which Excel misreads Korean names.
    """
    if folder is None:
        yield None
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / CSV_NAME).open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_CSV_COLUMNS)
        yield writer


def csv_rows(document: dict[str, Any]) -> Iterator[list[object]]:
    """One row for each crack of a report, numbered as in the annotated picture."""
    for number, crack in enumerate(document["instances"], start=1):
        cells = {"photo": document["photo"], "crack": number} | crack | crack["box"]
        yield [cells[column] for column in _CSV_COLUMNS]


def line_of(photo: PhotoFile, report: CrackReport) -> Line:
    """Sum a report up."""
    cracks = report.instances
    notes = ", ".join(note.code for note in report.quality)
    if not cracks:
        return Line(photo.path, "no crack", notes=notes)
    worst = max((crack.severity for crack in cracks), key=("low", "medium", "high").index)
    return Line(
        photo.path,
        f"{len(cracks)} {'crack' if len(cracks) == 1 else 'cracks'}, {worst}",
        confidence=f"{report.confidence:.2f}",
        longest=_largest([crack.length_mm for crack in cracks], [crack.length_px for crack in cracks], digits=0),
        widest=_largest([crack.max_width_mm for crack in cracks], [crack.max_width_px for crack in cracks], digits=1),
        notes=notes,
    )


def _largest(in_mm: Sequence[float | None], in_px: Sequence[float], *, digits: int) -> str:
    """In mm where all are known, one digit finer than in pixels."""
    known = [size for size in in_mm if size is not None]
    return f"{max(known):.{digits + 1}f} mm" if len(known) == len(in_px) else f"{max(in_px):.{digits}f} px"


def print_table(lines: Iterable[Line]) -> None:
    """The table on stdout."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE)
    for header in ("Photo", "Verdict", "Confidence", "Longest", "Widest", "Notes"):
        table.add_column(header, overflow="fold", no_wrap=header not in ("Photo", "Notes"))
    for line in lines:
        cells = (shortened(line.photo), line.verdict, line.confidence, line.longest, line.widest, line.notes)
        table.add_row(*(Text(cell) for cell in cells))
    Console().print(table)


def shortened(photo: Path) -> str:
    """The end of a long path, in characters that every terminal can take."""
    end = photo if len(photo.parts) <= _SHOWN_PARTS else Path("...", *photo.parts[-_SHOWN_PARTS:])
    return str(end).encode(errors="replace").decode()
