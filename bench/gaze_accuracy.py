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

BESIDE_MEDIAPIPE: Final[dict[str, Callable[[Path, MediaPipe], list[Table]]]] = {
    "parity": gaze_parity.tables,
    "pose": gaze_pose.tables,
}
ALONE: Final[dict[str, Callable[[Path], list[Table]]]] = {
    "gates": gaze_gates.tables,
    "blinks": gaze_blinks.tables,
    "saccades": gaze_saccades.tables,
    "stills": gaze_stills.tables,
    "synthetic": lambda _: gaze_synthetic.tables(),
    "screening": gaze_screening.tables,
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
    progress = Console(stderr=True)
    for number, name in enumerate(names, 1):
        with progress.status(f"{number} of {len(names)}: {name}"):
            tables = made(name, data, reference)
        gaze_data.show(tables)
        if not tables:
            print(f"{name}: left out, it needs --mediapipe-python")


def made(name: str, data: Path, reference: MediaPipe | None) -> list[Table]:
    """A part's tables; none where MediaPipe is needed and not there."""
    if name in ALONE:
        return ALONE[name](data)
    return BESIDE_MEDIAPIPE[name](data, reference) if reference else []


if __name__ == "__main__":
    main()
