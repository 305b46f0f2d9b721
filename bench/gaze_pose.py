"""Head pose beside MediaPipe's: mean absolute difference in degrees on the same landmarks.

    python bench/gaze_pose.py --reference FOLDER

FOLDER holds a `.npz` for each clip, written where `mediapipe` is installed: `landmarks` (n, 478, 3) in pixels, `matrix`
(n, 4, 4) the facial transformation matrices, and `size` (height, width); NaN where no face was found.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.canonical import BASIS
from sightline.gaze.pose import fit_head, mean_depth_px

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """A clip: frames with a face, and the mean absolute differences."""

    clip: str
    frames: int
    yaw_deg: float
    pitch_deg: float
    roll_deg: float


def measure(reference: Path) -> list[Row]:
    """Every clip of `reference` in which a face was found."""
    rows = []
    for path in sorted(reference.glob("*.npz")):
        clip = np.load(path)
        seen = np.isfinite(clip["landmarks"][:, 0, 0])
        if seen.any():
            landmarks, (height, width) = clip["landmarks"][seen], clip["size"]
            fit = fit_head(landmarks[:, BASIS], mean_depth_px(landmarks), (int(width), int(height)))
            theirs = angles_of(clip["matrix"][seen, :3, :3].astype(np.float64))
            ours = (fit.yaw_deg, fit.pitch_deg, fit.roll_deg)
            apart = (float(np.abs(a - b).mean()) for a, b in zip(ours, theirs, strict=True))
            rows.append(Row(path.stem, int(seen.sum()), *apart))
    return rows


def angles_of(matrices: Floats) -> tuple[Floats, Floats, Floats]:
    """Yaw, pitch and roll (n,) of rotations with a scale (n, 3, 3)."""
    turns = matrices / np.cbrt(np.linalg.det(matrices))[:, None, None]
    return (
        np.degrees(np.arctan2(turns[:, 0, 2], turns[:, 2, 2])),
        np.degrees(np.arcsin(turns[:, 1, 2].clip(-1, 1))),
        np.degrees(np.arctan2(-turns[:, 1, 0], turns[:, 1, 1])),
    )


def main() -> None:
    from rich.console import Console
    from rich.table import Table

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference", type=Path, required=True)
    arguments = parser.parse_args()
    rows = measure(arguments.reference)
    table = Table(
        "clip", "frames", "yaw", "pitch", "roll", title="Head pose, mean absolute difference to MediaPipe, deg"
    )
    for row in rows:
        table.add_row(row.clip, str(row.frames), *(f"{a:.5f}" for a in (row.yaw_deg, row.pitch_deg, row.roll_deg)))
    weights = [row.frames for row in rows]
    columns = np.array([(row.yaw_deg, row.pitch_deg, row.roll_deg) for row in rows])
    table.add_row("all", str(sum(weights)), *(f"{a:.5f}" for a in np.average(columns, axis=0, weights=weights)))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
