"""How well the library's figures tell where on a laptop's screen a person looks, in pictures of a plain webcam.

    python bench/gaze_stills.py [--data FOLDER]

The pictures are those of `stills`: a folder for each person, in it one for each session of 16 pictures, with the dot
looked at in `capture_data.json` (the last entry for a picture counts). Every picture is tracked by itself.

For each session and each picture in it, a ridge regression on the other 15 says how far down the screen the picture's
dot is; columns are standardised, the penalty is 1. Columns and penalty are the same for all sessions. The error is the
mean absolute one as a fraction of the screen's height (or width, for the horizontal one). Where the picture does not
show the irises (a lid covers them), the column's mean stands in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import gaze_data
import numpy as np
from goals import HEADERS, NO_GOAL, Goal
from numpy.typing import NDArray
from PIL import Image
from rich.table import Table

from sightline.gaze.face.tracker import FaceTracker
from sightline.gaze.frames import Frames, measure_frame, stack
from sightline.media.frames import VideoFrame

Floats = NDArray[np.float64]

PENALTY: Final = 1.0
VERTICAL, HORIZONTAL = 1, 0
METHODS: Final[dict[str, tuple[int, tuple[str, ...]]]] = {
    "constant": (VERTICAL, ()),
    "iris": (VERTICAL, ("gaze_v_deg",)),
    "lids": (VERTICAL, ("aperture",)),
    "iris, lids, pitch": (VERTICAL, ("gaze_v_deg", "aperture", "pitch_deg")),
    "horizontal: iris, yaw": (HORIZONTAL, ("gaze_h_deg", "yaw_deg")),
}
"""Which coordinate is told, and from which columns of `Frames`."""

GOALS: Final = {"iris, lids, pitch": Goal(most=0.15)}
DEVELOPMENT: Final = "All sessions were looked at in development; each picture is told by regression on the others."


@dataclass(frozen=True, slots=True)
class Row:
    """One method in one session: mean absolute error over its pictures, as a fraction of the screen."""

    session: str
    method: str
    error: float
    pictures: int


def measure(data: Path) -> list[Row]:
    """Every session of the stills under `data`, with every method."""
    rows = []
    for session, frames, dots in sessions(data / "gaze" / "stills"):
        for method, (axis, names) in METHODS.items():
            columns = np.stack([getattr(frames, name) for name in names], 1) if names else np.zeros((len(dots), 0))
            errors = left_out_errors(columns, dots[:, axis])
            rows.append(Row(session, method, float(errors.mean()), len(errors)))
    return rows


def left_out_errors(columns: Floats, wanted: Floats) -> Floats:
    """(n,) how far off each value is when it is told by a ridge regression on the others."""
    errors = np.empty(len(wanted))
    for out in range(len(wanted)):
        others = np.arange(len(wanted)) != out
        centre, spread = np.nanmean(columns[others], axis=0), np.nanstd(columns[others], axis=0)
        scaled = np.nan_to_num((columns - centre) / spread)
        mean, known = wanted[others].mean(), scaled[others]
        weights = np.linalg.solve(
            known.T @ known + PENALTY * np.eye(columns.shape[1]), known.T @ (wanted[others] - mean)
        )
        errors[out] = abs(mean + scaled[out] @ weights - wanted[out])
    return errors


def sessions(folder: Path) -> Iterator[tuple[str, Frames, Floats]]:
    """Name, what was measured, and the dots (n, 2) as fractions of the screen's width and height."""
    tracker = FaceTracker()
    for path in sorted(folder.glob("*/*/capture_data.json")):
        captured = json.loads(path.read_text())
        dots = {entry["filename"]: (entry["x"], entry["y"]) for entry in captured["image_data"]}
        rows, found = [], []
        for index, (name, dot) in enumerate(dots.items()):
            with Image.open(path.parent / name) as image:
                size = image.size
                frame = VideoFrame.from_rgb(np.asarray(image.convert("RGB")), index, float(index))
            tracker.reset()
            rows.append(measure_frame(frame, tracker.update(frame)))
            found.append(dot)
        frames = stack(rows, size)
        dots_seen = np.array(found, np.float64) / (captured["width"], captured["height"])
        if not frames.usable.all():
            raise ValueError(f"{path.parent.name}: {int((~frames.usable).sum())} pictures cannot be used")
        yield f"{path.parent.parent.name}/{path.parent.name}", frames, dots_seen


def error_of(rows: list[Row], method: str) -> float:
    """Over all pictures."""
    chosen = [row for row in rows if row.method == method]
    return float(np.average([row.error for row in chosen], weights=[row.pictures for row in chosen]))


def table(rows: list[Row]) -> Table:
    """A row for each session, then all, and the target."""
    shown = Table(
        "session", *METHODS, caption=DEVELOPMENT,
        title="Where on the screen? Mean absolute error, fraction of its height or width",
    )  # fmt: skip
    for session in dict.fromkeys(row.session for row in rows):
        shown.add_row(session, *(f"{row.error:.3f}" for row in rows if row.session == session))
    shown.add_section()
    shown.add_row("all", *(f"{error_of(rows, method):.3f}" for method in METHODS))
    judged = [GOALS[name].cells(error_of(rows, name)) if name in GOALS else NO_GOAL for name in METHODS]
    for header, cells in zip(HEADERS, zip(*judged, strict=True), strict=True):
        shown.add_row(header, *cells)
    return shown


def tables(data: Path) -> list[Table]:
    return [table(measure(data))]


if __name__ == "__main__":
    gaze_data.command(__doc__, tables)
