"""What the gaze benchmarks have in common: where their data lies, and a clip measured as the library measures it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from sightline.gaze.face.tracker import Face
from sightline.gaze.frames import FrameMeasure, Frames, measure_frame, stack
from sightline.gaze.tracking import track
from sightline.media.frames import VideoFrame
from sightline.media.video import VideoMeta, open_video

DATA: Final = Path(os.environ.get("SIGHTLINE_DATA", Path(__file__).parents[2] / "shared" / "data"))
FACE_FOLDERS: Final = "zju", "eye_checked", "talkingface", "unlabelled"
"""Folders of `gaze/` whose every clip shows one person's face all the time."""

WIDTH: Final = 180
"""Columns of text that the widest table takes."""

_NO_FACE: Final = np.full((478, 3), np.nan, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A clip's frames as measured, their landmarks (n, 478, 3) in px (NaN: no face), and the video's facts."""

    rows: Sequence[FrameMeasure]
    landmarks: NDArray[np.float32]
    meta: VideoMeta

    def frames(self, straight: Sequence[tuple[float, float]] = ()) -> Frames:
        """Its columns; `straight` as in `stack`."""
        return stack(self.rows, (self.meta.width_px, self.meta.height_px), straight=straight)


def parser(description: str | None) -> argparse.ArgumentParser:
    """A parser that has `--data`; the folder `gaze` in it is what the benchmarks read."""
    arguments = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=DATA, help="the folder that holds gaze/ (%(default)s)")
    return arguments


def command(description: str | None, tables: Callable[[Path], Iterable[Table]]) -> None:
    """A benchmark's command line: print its tables of the data that `--data` names."""
    show(tables(parser(description).parse_args().data))


def show(tables: Iterable[Table]) -> None:
    console = Console(width=WIDTH)
    for table in tables:
        console.print(table)


def clips_in(data: Path, folders: Sequence[str] = FACE_FOLDERS) -> Iterator[Path]:
    """The videos of some folders, in order of their names."""
    for folder in folders:
        yield from sorted(path for path in (data / "gaze" / folder).iterdir() if path.suffix in (".mp4", ".mov"))


@cache
def measured(path: Path) -> Measured:
    """Track and measure every frame of a clip, once in a process."""
    with open_video(path) as video:
        both = track(video, _measure, workers=1)
        return Measured([row for row, _ in both], np.stack([points for _, points in both]), video.meta)


def _measure(frame: VideoFrame, face: Face | None) -> tuple[FrameMeasure, NDArray[np.float32]]:
    return measure_frame(frame, face), _NO_FACE if face is None else face.landmarks
