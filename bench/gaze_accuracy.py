"""Every figure of the gaze part's accuracy, beside what it is to reach.

    python bench/gaze_accuracy.py [--data FOLDER] [--only NAME...] [--mediapipe-python PYTHON [--keep FOLDER]]

PYTHON is an interpreter that has mediapipe 1.2.2 and PyAV; `parity` and `pose` are left out without one. What a figure
is and how it is made stands at the beginning of the module of its name, which can be run by itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Final

import gaze_blinks
import gaze_data
import gaze_gates
import gaze_parity
import gaze_pose
import gaze_saccades
import gaze_screening
import gaze_stills
import gaze_synthetic
import mediapipe_reference
from mediapipe_reference import MediaPipe, mediapipe
from rich.console import Console
from rich.table import Table


def blinks(data: Path) -> list[Table]:
    rows = gaze_blinks.measure(data)
    return [gaze_blinks.table(rows), gaze_blinks.missed_table(rows)]


BESIDE_MEDIAPIPE: Final[dict[str, Callable[[Path, MediaPipe], list[Table]]]] = {
    "parity": lambda data, reference: [gaze_parity.table(gaze_parity.measure(data, reference))],
    "pose": lambda data, reference: [gaze_pose.table(gaze_pose.measure(data, reference))],
}
ALONE: Final[dict[str, Callable[[Path], list[Table]]]] = {
    "gates": lambda data: [gaze_gates.table(gaze_gates.measure(data))],
    "blinks": blinks,
    "saccades": lambda data: [gaze_saccades.table(gaze_saccades.measure(data))],
    "stills": lambda data: [gaze_stills.table(gaze_stills.measure(data))],
    "synthetic": lambda _: [gaze_synthetic.table(gaze_synthetic.measure())],
    "screening": lambda data: [gaze_screening.table(gaze_screening.measure(data))],
}
NAMES: Final = (*BESIDE_MEDIAPIPE, *ALONE)


def main() -> None:
    parser = gaze_data.parser(__doc__)
    parser.add_argument("--only", nargs="+", choices=NAMES, metavar="NAME", help=f"some of {', '.join(NAMES)}")
    mediapipe_reference.add_arguments(parser, required=False)
    arguments = parser.parse_args()
    chosen = [name for name in NAMES if name in (arguments.only or NAMES)]
    if not (arguments.data / "gaze").is_dir() and chosen != ["synthetic"]:
        sys.exit(f"no folder {arguments.data / 'gaze'}: name the data with --data or SIGHTLINE_DATA")
    python = arguments.mediapipe_python
    with mediapipe(python, arguments.keep) if python else nullcontext() as reference:
        show(chosen, arguments.data, reference)


def show(names: Sequence[str], data: Path, reference: MediaPipe | None) -> None:
    """Print the tables of each part as soon as they are made; the line that says which one goes to stderr."""
    progress, console = Console(stderr=True), Console(width=180)
    for number, name in enumerate(names, 1):
        with progress.status(f"{number} of {len(names)}: {name}"):
            tables = made(name, data, reference)
        for table in tables:
            console.print(table)
        if not tables:
            console.print(f"{name}: left out, it needs --mediapipe-python")


def made(name: str, data: Path, reference: MediaPipe | None) -> list[Table]:
    """A part's tables; none where MediaPipe is needed and not there."""
    if name in ALONE:
        return ALONE[name](data)
    return BESIDE_MEDIAPIPE[name](data, reference) if reference else []


if __name__ == "__main__":
    main()
