"""Head pose beside MediaPipe's: mean absolute difference in degrees on the same landmarks.

    python bench/gaze_pose.py --mediapipe-python PYTHON [--data FOLDER] [--keep FOLDER]

PYTHON is an interpreter that has mediapipe 1.2.2 and PyAV. Its Face Landmarker is asked in image mode.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import gaze_data
import mediapipe_reference
import numpy as np
from goals import HEADERS, Goal
from mediapipe_reference import Answer, MediaPipe
from numpy.typing import NDArray
from rich.table import Table

from sightline.gaze.canonical import BASIS
from sightline.gaze.pose import fit_head, mean_depth_px

Floats = NDArray[np.float64]

DEVELOPMENT: Final = "All clips were looked at in development; nothing was fitted to them."
APART_DEG: Final = Goal(most=0.1)
"""Ours alone: the same geometry fitted to the same points leaves nothing but rounding and how the fit is stopped."""


@dataclass(frozen=True, slots=True)
class Row:
    """A clip: frames with a face, and the mean absolute differences."""

    clip: str
    frames: int
    yaw_deg: float
    pitch_deg: float
    roll_deg: float

    @property
    def worst_deg(self) -> float:
        return max(self.yaw_deg, self.pitch_deg, self.roll_deg)


def measure(data: Path, reference: MediaPipe) -> list[Row]:
    """Every face clip under `data` in which MediaPipe finds a face."""
    answers = ((clip.stem, reference.landmarks("image", clip)) for clip in gaze_data.clips_in(data))
    return [_row(name, answer) for name, answer in answers if np.isfinite(answer.landmarks).any()]


def _row(name: str, answer: Answer) -> Row:
    seen = np.isfinite(answer.landmarks[:, 0, 0])
    landmarks = answer.landmarks[seen]
    fit = fit_head(landmarks[:, BASIS], mean_depth_px(landmarks), answer.size)
    theirs = angles_of(answer.matrix[seen, :3, :3].astype(np.float64))
    ours = (fit.yaw_deg, fit.pitch_deg, fit.roll_deg)
    return Row(name, int(seen.sum()), *(float(np.abs(a - b).mean()) for a, b in zip(ours, theirs, strict=True)))


def angles_of(matrices: Floats) -> tuple[Floats, Floats, Floats]:
    """Yaw, pitch and roll (n,) of rotations with a scale (n, 3, 3)."""
    turns = matrices / np.cbrt(np.linalg.det(matrices))[:, None, None]
    return (
        np.degrees(np.arctan2(turns[:, 0, 2], turns[:, 2, 2])),
        np.degrees(np.arcsin(turns[:, 1, 2].clip(-1, 1))),
        np.degrees(np.arctan2(-turns[:, 1, 0], turns[:, 1, 1])),
    )


def table(rows: list[Row]) -> Table:
    shown = Table(
        "clip", "frames", "yaw", "pitch", "roll", *HEADERS, caption=DEVELOPMENT,
        title="Head pose, mean absolute difference to MediaPipe on its landmarks, deg",
    )  # fmt: skip
    weights = [row.frames for row in rows]
    columns = np.array([(row.yaw_deg, row.pitch_deg, row.roll_deg) for row in rows])
    whole = Row("all", sum(weights), *np.average(columns, axis=0, weights=weights).tolist())
    for row in (*rows, whole):
        angles = (f"{angle:.5f}" for angle in (row.yaw_deg, row.pitch_deg, row.roll_deg))
        shown.add_row(row.clip, str(row.frames), *angles, *APART_DEG.cells(row.worst_deg))
    return shown


def tables(data: Path, reference: MediaPipe) -> list[Table]:
    return [table(measure(data, reference))]


if __name__ == "__main__":
    mediapipe_reference.command(__doc__, tables)
