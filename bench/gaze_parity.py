"""Our landmarks against MediaPipe's Face Landmarker in video mode, clip by clip.

    python bench/gaze_parity.py --mediapipe-python PYTHON [--data FOLDER] [--keep FOLDER]

PYTHON is an interpreter that has mediapipe 1.2.2 and PyAV. For each frame the mean distance of the 478 points in per
cent of the one between the outer eye corners; then how much the points of a face that does not move do so all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import gaze_data
import mediapipe_reference
import numpy as np
from goals import HEADERS, Goal, yes_or_no
from mediapipe_reference import MediaPipe
from numpy.typing import NDArray
from rich.table import Table

DEVELOPMENT: Final = "All clips were looked at in development. MediaPipe smooths over time in video mode, we do not."
MEDIAN, P95 = Goal(most=0.7), Goal(most=2.0)
"""Per cent of the distance between the outer eye corners."""

Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Row:
    """A clip: frames, those with a face, distances and jitter (ours, image mode, video mode) in per cent, as above."""

    clip: str
    frames: int
    found: int
    found_by_mediapipe: int
    median: float
    p95: float
    jitter: tuple[float, float, float]

    @property
    def met(self) -> bool:
        return MEDIAN.met(self.median) and P95.met(self.p95) and self.found >= self.found_by_mediapipe


def measure(data: Path, reference: MediaPipe) -> list[Row]:
    """Every face clip under `data`."""
    return [_row(clip, reference) for clip in gaze_data.clips_in(data)]


def _row(clip: Path, reference: MediaPipe) -> Row:
    ours = gaze_data.measured(clip).landmarks[..., :2]
    video, image = (reference.landmarks(mode, clip).landmarks[..., :2] for mode in ("video", "image"))
    off, quiet = distances(ours, video), quiet_frames(video)
    found, expected = (int(np.isfinite(points[:, 0, 0]).sum()) for points in (ours, video))
    jitters = (jitter(ours, quiet), jitter(image, quiet), jitter(video, quiet))
    return Row(
        clip.stem, len(ours), found, expected, float(np.nanmedian(off)), float(np.nanpercentile(off, 95)), jitters
    )


def distances(ours: Points, other: Points) -> NDArray[np.float64]:
    """Per frame, in per cent of the distance between the outer eye corners."""
    count = min(len(ours), len(other))
    ours, other = ours[:count], other[:count]
    eyes = np.linalg.norm(other[:, 33] - other[:, 263], axis=1)
    return np.asarray(100 * np.linalg.norm(ours - other, axis=2).mean(axis=1) / eyes, np.float64)


def quiet_frames(points: Points) -> NDArray[np.bool_]:
    """Frames amid a second in which the smoothed face moves by less than 1 % of the distance between the eyes."""
    centre, reach = points.mean(axis=1), 15
    eyes = np.nanmedian(np.linalg.norm(points[:, 33] - points[:, 263], axis=1))
    quiet = np.zeros(len(points), bool)
    for middle in range(reach, len(points) - reach):
        around = centre[middle - reach : middle + reach + 1]
        quiet[middle] = bool(np.ptp(around, axis=0).max() < 0.01 * eyes)
    return quiet


def jitter(points: Points, quiet: NDArray[np.bool_]) -> float:
    """How far points lie from the mean of the frames before and after (RMS), in per cent as above."""
    count = min(len(points), len(quiet))
    points, quiet = points[:count], quiet[:count]
    if quiet.sum() < 10:
        return float("nan")
    second = points[1:-1] - (points[:-2] + points[2:]) / 2
    eyes = np.linalg.norm(points[1:-1, 33] - points[1:-1, 263], axis=1)
    off = np.sqrt((second**2).sum(axis=2).mean(axis=1)) / eyes
    return float(100 * np.nanmedian(off[quiet[1:-1]]))


def table(rows: list[Row]) -> Table:
    shown = Table(
        "clip", "frames", "found", "MediaPipe", "median, %", "p95, %", "jitter, %", "MP image", "MP video", *HEADERS,
        title="Landmarks against MediaPipe's in video mode", caption=DEVELOPMENT,
    )  # fmt: skip
    words = f"median {MEDIAN}, p95 {P95}, no face lost"
    for row in rows:
        shown.add_row(
            row.clip, str(row.frames), str(row.found), str(row.found_by_mediapipe), f"{row.median:.2f}",
            f"{row.p95:.2f}", *(f"{value:.3f}" for value in row.jitter), "as below", yes_or_no(row.met),
        )  # fmt: skip
    means = np.nanmean([row.jitter for row in rows], axis=0)
    middle = np.mean([(row.median, row.p95) for row in rows], axis=0)
    met = sum(row.met for row in rows)
    sums = (sum(row.frames for row in rows), sum(row.found for row in rows), sum(r.found_by_mediapipe for r in rows))
    shown.add_section()
    shown.add_row(
        "all (means)", *map(str, sums), *(f"{value:.2f}" for value in middle),
        *(f"{value:.3f}" for value in means), words, f"{met} of {len(rows)}",
    )  # fmt: skip
    quieter = Goal(most=float(means[1]), words="jitter no more than MediaPipe's without smoothing (image mode)")
    shown.add_row(
        "jitter", *[""] * 5, f"{means[0]:.3f}", f"{means[1]:.3f}", f"{means[2]:.3f}", *quieter.cells(means[0])
    )
    return shown


def tables(data: Path, reference: MediaPipe) -> list[Table]:
    return [table(measure(data, reference))]


if __name__ == "__main__":
    mediapipe_reference.command(__doc__, tables)
