"""From a video file to the files of its result. Runs in a process of its own (`sightline.service.isolation`)."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sightline.telemetry import log_event

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file of a result: its name in the store and in addresses, and what is in it."""

    name: str
    content_type: str
    description: str


ARTIFACTS: Final[Mapping[str, Artifact]] = {
    "csv": Artifact("analysis_results.csv", "text/csv", "A row for every frame: the contract's columns and more."),
    "report": Artifact("report.json", "application/json", "All that was measured."),
    "figure_png": Artifact("figure.png", "image/png", "Lid opening and gaze over time, blinks and saccades marked."),
    "figure_html": Artifact("figure.html", "text/html", "The same, to zoom and point at; needs nothing else."),
}
"""By the name of their link."""

FIGURES: Final = ("figure_png", "figure_html")
"""Those that need libraries which not every installation has."""


def links_made(*, figures: bool) -> tuple[str, ...]:
    """The names of the links that an analysis with or without figures makes files for."""
    return tuple(name for name in ARTIFACTS if figures or name not in FIGURES)


def make_results(
    *,
    video: str,
    folder: str,
    parameters: Mapping[str, Any],
    protocol: list[Mapping[str, Any]],
    figures: bool,
    progress: Callable[[int, int], None],
) -> None:
    """Analyse a video and write its artifacts into a folder.

    Args:
        video: path of the video file.
        folder: path of an existing folder.
        parameters: of `analyze_video`, checked.
        protocol: of `analyze_video`, checked.
        figures: write the two figures too.
        progress: called with frames done and frames there are.

    Raises:
        BadInputError: the file is no video that can be read.
        TooLargeError: it is over a limit.
    """
    from sightline.gaze import analyze_video

    start_s = time.perf_counter()
    report = analyze_video(Path(video), **parameters, protocol=protocol or None, progress=progress)
    took_s = time.perf_counter() - start_s
    log_event(_logger, "video_analysed", duration_s=round(took_s, 3), frames=len(report.frames.time_s))
    files = {
        "csv": report.to_csv().encode(),
        "report": json.dumps(report.to_dict(), ensure_ascii=False, allow_nan=False).encode(),
    }
    if figures:
        from sightline.gaze.figure import figure_png
        from sightline.gaze.figure_html import figure_html

        files |= {"figure_png": figure_png(report), "figure_html": figure_html(report).encode()}
    for name, data in files.items():
        Path(folder, ARTIFACTS[name].name).write_bytes(data)
