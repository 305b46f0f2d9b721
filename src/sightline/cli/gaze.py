"""`sightline gaze`: eye movements and blinks from videos of a face, on this machine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from sightline.cli.exit_codes import ExitCode, exit_code_of
from sightline.cli.files import InputFile, make_out, refuse_folder
from sightline.cli.gaze_progress import Begin, progress_bars
from sightline.cli.gaze_report import Reporting, reporting
from sightline.cli.gaze_results import Line, error_json, failed_line, line_of, print_table, write_files
from sightline.cli.gaze_videos import find_videos
from sightline.cli.report import Lang
from sightline.cli.results import print_json
from sightline.errors import BadInputError, SightlineError

DEFAULT_OUT = Path("sightline-results")


def gaze(  # noqa: PLR0913 - the command's options
    *,
    videos: Annotated[list[Path], typer.Argument(metavar="VIDEO_OR_FOLDER", help="Folders are searched through.")],
    out: Annotated[
        Path | None, typer.Option(help=f"Folder for the results. Otherwise ./{DEFAULT_OUT}, or none with --json.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object for each video, and nothing else, on stdout.")
    ] = False,
    protocol: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help='What the person was asked to look at, as JSON: [{"start_s": 1, "end_s": 3, "target": "up"}, ...].',
        ),
    ] = None,
    overlay: Annotated[
        bool, typer.Option("--overlay", help="Also write the video with eyes, gaze and blinks drawn in.")
    ] = False,
    report: Annotated[
        Lang | None,
        typer.Option(help="Also write a report for people, PDF and page, in this language; sealed and signed."),
    ] = None,
    no_figure: Annotated[bool, typer.Option("--no-figure", help="Draw no figure (PNG and HTML).")] = False,
    step: Annotated[int | None, typer.Option(help="Look at every so many frames. Otherwise 1.")] = None,
    max_frames: Annotated[int | None, typer.Option(help="Look at no more frames. Otherwise 12000.")] = None,
    vpp_thresh: Annotated[
        float | None, typer.Option(help="Vertical travel below it is restricted. Otherwise 0.06.")
    ] = None,
    blink_thresh: Annotated[
        float | None,
        typer.Option(help="Lid opening below which the fixed rule calls an eye closed. Otherwise each person's own."),
    ] = None,
    blink_min_frames: Annotated[
        int | None, typer.Option(help="Closed frames that the fixed rule calls a blink. Otherwise it is not used.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Parts of a video to work on at the same time.")] = None,
) -> None:
    """Follow the eyes in videos of a face: blinks, gaze, and a careful screening statement."""
    folder = out or (None if as_json else DEFAULT_OUT)
    for wanted, option in ((overlay, "--overlay"), (report, "--report")):
        if wanted and folder is None:
            raise typer.BadParameter("with --json it needs --out DIR to write to", param_hint=option)
    options = {
        "step": step,
        "max_frames": max_frames,
        "vpp_thresh": vpp_thresh,
        "blink_thresh": blink_thresh,
        "blink_min_frames": blink_min_frames,
    }
    chosen = _checked({name: value for name, value in options.items() if value is not None}, protocol)
    asked = reporting(report.value, chosen) if report and folder else None
    wishes = _Wishes(folder, chosen | {"workers": workers}, figures=not no_figure, reporting=asked, overlay=overlay)
    make_out(folder)
    lines = _examined_in_turn(videos, wishes, as_json=as_json)
    if not as_json:
        _tell(lines, folder)
    if any(line.failed for line in lines):
        raise typer.Exit(ExitCode.SOME_FAILED)


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What to do with every video: how to analyse it, and what to write where."""

    folder: Path | None
    options: dict[str, Any]
    figures: bool
    reporting: Reporting | None
    overlay: bool


def _examined_in_turn(videos: list[Path], wishes: _Wishes, *, as_json: bool) -> list[Line]:
    """Analyse every video, and print its JSON object if that is wanted: their rows in the table."""
    lines = []
    with progress_bars() as begin:
        inputs = find_videos(videos, out=wishes.folder)
        for number, video in enumerate(inputs, start=1):
            line, document = _examined(video, wishes, begin, f"{number}/{len(inputs)} {video.name.name}")
            lines.append(line)
            if as_json:
                print_json(document)
    return lines


def _examined(video: InputFile, wishes: _Wishes, begin: Begin, title: str) -> tuple[Line, dict[str, Any]]:
    """Analyse a video and write its files: its row in the table and its JSON object.

    Raises:
        NotReadyError: no video can be analysed, because the model cannot be loaded.
    """
    from sightline.gaze import analyze_video

    try:
        refuse_folder(video.path, "video")
        report = analyze_video(video.path, **wishes.options, progress=begin(title))
        document = {"video": str(video.path)} | report.to_dict()
        if wishes.folder is not None:
            drawing = begin(f"{title}, drawing") if wishes.overlay else None
            files = write_files(
                wishes.folder,
                video,
                report,
                document,
                figures=wishes.figures,
                reporting=wishes.reporting,
                overlay=drawing,
            )
            document |= {"files": files}
    except SightlineError as error:
        if exit_code_of(error) == ExitCode.NOT_READY:
            raise
        return failed_line(video, error), error_json(video, error)
    return line_of(video, report), document


def _tell(lines: list[Line], folder: Path | None) -> None:
    from sightline.gaze.screening import DISCLAIMER

    print_table(lines)
    print(f"Tables, reports and figures: {folder}\n{DISCLAIMER}")


def _checked(options: dict[str, Any], protocol: Path | None) -> dict[str, Any]:
    """The arguments of every analysis, refused before anything is read if they are wrong for all.

    Raises:
        BadInputError: an option or the protocol is.
    """
    from sightline.gaze.options import GazeOptions
    from sightline.gaze.screening import parse_protocol

    GazeOptions(**options)
    if protocol is None:
        return options
    try:
        targets = json.loads(protocol.read_bytes())
    except OSError as error:
        raise BadInputError(f"the protocol {protocol} cannot be read: {error.strerror}") from error
    except ValueError as error:  # not JSON, or not UTF-8
        raise BadInputError(f"the protocol {protocol} is no JSON: {error}") from error
    parse_protocol(targets)
    return options | {"protocol": targets}
