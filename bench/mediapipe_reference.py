"""MediaPipe's answers to the clips, asked of an interpreter that has mediapipe 1.2.2, and kept."""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import gaze_data
import numpy as np
from numpy.typing import NDArray
from rich.table import Table

SCRIPT = Path(__file__).parent / "mediapipe_landmarks.py"


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Of one clip: `landmarks` (n, 478, 3) px and `matrix` (n, 4, 4), NaN where no face was found; width and height."""

    landmarks: NDArray[np.float32]
    matrix: NDArray[np.float32]
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class MediaPipe:
    """An interpreter that has mediapipe and PyAV, and the folder that its answers are kept in."""

    python: str
    folder: Path

    def landmarks(self, mode: str, clip: Path) -> Answer:
        """The Face Landmarker's answer in mode `video` (which smooths over time) or `image`."""
        stored = self.folder / f"{clip.stem}.{mode}.npz"
        if not stored.exists():
            command = [self.python, str(SCRIPT), mode, str(clip), str(stored)]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        with np.load(stored) as answer:
            height, width = answer["size"].tolist()
            return Answer(answer["landmarks"], answer["matrix"], (width, height))


def add_arguments(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--mediapipe-python", required=required, help="an interpreter with mediapipe 1.2.2 and PyAV")
    parser.add_argument("--keep", type=Path, help="a folder for MediaPipe's landmarks, to be used again")


@contextmanager
def mediapipe(python: str, keep: Path | None) -> Iterator[MediaPipe]:
    """Answers are kept in `keep`, else until the end of the context."""
    with tempfile.TemporaryDirectory() as scratch:
        yield MediaPipe(python, keep or Path(scratch))


def command(description: str | None, tables: Callable[[Path, MediaPipe], Iterable[Table]]) -> None:
    """The command line of a benchmark that looks at MediaPipe's answers: print its tables."""
    parser = gaze_data.parser(description)
    add_arguments(parser, required=True)
    arguments = parser.parse_args()
    with mediapipe(arguments.mediapipe_python, arguments.keep) as reference:
        gaze_data.show(tables(arguments.data, reference))
