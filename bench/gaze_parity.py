"""Our landmarks against MediaPipe's Face Landmarker in video mode, clip by clip.

    python bench/gaze_parity.py --mediapipe-python PYTHON [--data FOLDER] [CLIP...]

PYTHON is an interpreter that has mediapipe 1.2.2 and PyAV. For each frame the mean distance of the 478 points in per
cent of the one between the outer eye corners; then how much the points of a face that does not move do so all the same.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from sightline.gaze.face.tracker import FaceTracker
from sightline.media.video import open_video

HERE = Path(__file__).parent
DATA = Path(os.environ.get("SIGHTLINE_DATA", HERE.parents[1] / "shared" / "data"))
FOLDERS = "zju", "eye_checked", "unlabelled", "talkingface"
MEDIAN_LIMIT, P95_LIMIT = 0.7, 2.0
"""Per cent of the distance between the outer eye corners."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mediapipe-python", required=True, help="an interpreter with mediapipe 1.2.2 and PyAV")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder that holds gaze/")
    parser.add_argument("--keep", type=Path, help="a folder for MediaPipe's landmarks, to be used again")
    parser.add_argument("clips", nargs="*", type=Path)
    arguments = parser.parse_args()
    clips = arguments.clips or [p for f in FOLDERS for p in sorted((arguments.data / "gaze" / f).glob("*.mp4"))]
    if not clips:
        sys.exit(f"no clips under {arguments.data / 'gaze'}")
    table = Table("clip", "frames", "found", "MediaPipe", "median, %", "p95, %", "jitter, %", "MP image", "MP video")
    passed, jitters = 0, []
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        for clip in clips:
            ours = landmarks_of(clip)
            video, image = (theirs(arguments.mediapipe_python, mode, clip, folder) for mode in ("video", "image"))
            off = distances(ours, video)
            median, p95 = np.nanmedian(off), np.nanpercentile(off, 95)
            found, expected = (int(np.isfinite(points[:, 0, 0]).sum()) for points in (ours, video))
            good = median <= MEDIAN_LIMIT and p95 <= P95_LIMIT and found >= expected
            passed += bool(good)
            quiet = quiet_frames(video)
            jitters.append([jitter(points, quiet) for points in (ours, image, video)])
            table.add_row(
                clip.stem, str(len(ours)), str(found), str(expected), f"{median:.2f}", f"{p95:.2f}",
                *(f"{value:.3f}" for value in jitters[-1]), style="" if good else "red",
            )  # fmt: skip
    console = Console(width=130)
    console.print(table)
    console.print(f"{passed} of {len(clips)} clips within {MEDIAN_LIMIT} % (median) and {P95_LIMIT} % (p95), none lost")
    means = np.nanmean(jitters, axis=0)
    console.print(f"jitter: ours {means[0]:.3f} %, MediaPipe image mode {means[1]:.3f} %, video mode {means[2]:.3f} %")


def landmarks_of(clip: Path) -> NDArray[np.float32]:
    """Ours, (frames, 478, 2) px, NaN where there is no face."""
    tracker, empty = FaceTracker(), np.full((478, 2), np.nan, np.float32)
    with open_video(clip) as video:
        faces = [tracker.update(frame) for frame in video.frames()]
    return np.stack([empty if face is None else face.landmarks[:, :2] for face in faces])


def theirs(python: str, mode: str, clip: Path, folder: Path) -> NDArray[np.float32]:
    """MediaPipe's, alike."""
    stored = folder / f"{clip.stem}.{mode}.npy"
    if not stored.exists():
        script = str(HERE / "mediapipe_landmarks.py")
        subprocess.run([python, script, mode, str(clip), str(stored)], check=True, stderr=subprocess.DEVNULL)
    points: NDArray[np.float32] = np.load(stored)
    return points


def distances(ours: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float64]:
    """Per frame, in per cent of the distance between the outer eye corners."""
    count = min(len(ours), len(other))
    ours, other = ours[:count], other[:count]
    eyes = np.linalg.norm(other[:, 33] - other[:, 263], axis=1)
    return np.asarray(100 * np.linalg.norm(ours - other, axis=2).mean(axis=1) / eyes, np.float64)


def quiet_frames(points: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Frames amid a second in which the smoothed face moves by less than 1 % of the distance between the eyes."""
    centre, reach = points.mean(axis=1), 15
    eyes = np.nanmedian(np.linalg.norm(points[:, 33] - points[:, 263], axis=1))
    quiet = np.zeros(len(points), bool)
    for middle in range(reach, len(points) - reach):
        around = centre[middle - reach : middle + reach + 1]
        quiet[middle] = bool(np.ptp(around, axis=0).max() < 0.01 * eyes)
    return quiet


def jitter(points: NDArray[np.float32], quiet: NDArray[np.bool_]) -> float:
    """How far points lie from the mean of the frames before and after (RMS), in per cent as above."""
    count = min(len(points), len(quiet))
    points, quiet = points[:count], quiet[:count]
    if quiet.sum() < 10:
        return float("nan")
    second = points[1:-1] - (points[:-2] + points[2:]) / 2
    eyes = np.linalg.norm(points[1:-1, 33] - points[1:-1, 263], axis=1)
    off = np.sqrt((second**2).sum(axis=2).mean(axis=1)) / eyes
    return float(100 * np.nanmedian(off[quiet[1:-1]]))


if __name__ == "__main__":
    main()
