"""What `sightline gaze` leaves: files below a folder, JSON lines, a table."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sightline.cli.files import InputFile
from sightline.cli.gaze_videos import OVERLAY_SUFFIX
from sightline.cli.results import shortened

if TYPE_CHECKING:
    from sightline.cli.gaze_report import Reporting
    from sightline.errors import SightlineError
    from sightline.gaze.report import GazeReport

Progress = Callable[[int, int], None]

_VERDICTS = {"suspected": "PSP suspected", "not_suspected": "not suspected", "insufficient_data": "insufficient data"}


@dataclass(frozen=True, slots=True)
class Line:
    """A video's row in the table at the end."""

    video: Path
    verdict: str
    face: str = ""
    blinks: str = ""
    vertical: str = ""
    notes: str = ""
    failed: bool = False


def write_files(
    out: Path,
    video: InputFile,
    report: GazeReport,
    document: dict[str, Any],
    *,
    figures: bool,
    reporting: Reporting | None,
    overlay: Progress | None,
) -> dict[str, str]:
    """Write the results of a video; each file takes its name when it is complete.

    Args:
        out: the folder.
        video: its name says where below the folder.
        report: what to write.
        document: the report as JSON.
        figures: whether to draw the figure, as a picture and as a page.
        reporting: how to make the report for people; None for no such report.
        overlay: who hears how many frames of the drawn-over video are done; None for no such video.

    Returns:
        The paths, by what they hold.
    """
    from sightline.storage.local import write_atomically

    contents = {
        "csv": (".csv", report.to_csv().encode()),
        "report": (".json", json.dumps(document, ensure_ascii=False, indent=1).encode(errors="replace")),
    }
    if figures:
        from sightline.gaze.figure import figure_png
        from sightline.gaze.figure_html import figure_html

        contents |= {"figure": (".png", figure_png(report)), "page": (".html", figure_html(report).encode())}
    if reporting is not None:
        from sightline.cli.gaze_report import report_files

        drawn = contents["figure"][1] if figures else None
        contents |= report_files(video.path, report.to_dict(), reporting, drawn)
    stem = out / video.name
    stem.parent.mkdir(parents=True, exist_ok=True)
    files = {}
    for what, (suffix, data) in contents.items():
        files[what] = stem.with_name(stem.name + suffix)
        write_atomically(files[what], data)
    if overlay is not None:
        from sightline.gaze.overlay import write_overlay

        files["overlay"] = stem.with_name(stem.name + OVERLAY_SUFFIX)
        write_overlay(video.path, report, files["overlay"], overlay)
    return {what: str(path) for what, path in files.items()}


def error_json(video: InputFile, error: SightlineError) -> dict[str, Any]:
    """What stands on a video's JSON line instead of a report."""
    return {"video": str(video.path), "error": error.message, "code": error.code}


def failed_line(video: InputFile, error: SightlineError) -> Line:
    """A row for a video that could not be analysed."""
    return Line(video.path, "failed", notes=error.message, failed=True)


def line_of(video: InputFile, report: GazeReport) -> Line:
    """Sum a report up."""
    summary = report.summary
    frames, range_deg = summary["frames_processed"], summary["vertical_range_deg"]
    rate = summary["blink_rate_per_min"]
    share = summary["frames_with_face"] / frames if frames else 0.0
    return Line(
        video.path,
        _VERDICTS[summary["verdict"]],
        face=f"{share:.0%} of {frames}",
        blinks=f"{summary['blink_count']}" + ("" if rate is None else f" ({rate:.1f}/min)"),
        vertical="not measurable" if range_deg is None else f"{range_deg:.1f}°",
        notes=", ".join(dict.fromkeys([*(note.code for note in report.quality), *report.warnings])),
    )


def print_table(lines: Sequence[Line]) -> None:
    """The table on stdout, and below it what there is to say of single videos."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE)
    for header in ("Video", "Verdict", "Face", "Blinks", "Vertical"):
        table.add_column(header, overflow="fold", no_wrap=header != "Video")
    for line in lines:
        cells = (shortened(line.video), line.verdict, line.face, line.blinks, line.vertical)
        table.add_row(*(Text(cell) for cell in cells))
    console = Console()
    console.print(table)
    for line in lines:
        if line.notes:
            console.print(Text(f"{shortened(line.video)}: {line.notes}"))
