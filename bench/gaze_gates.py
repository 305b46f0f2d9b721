"""What the gates say of real clips, of clips without a face and of false faces: share of frames for each reason.

python bench/gaze_gates.py [--data FOLDER]
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import gaze_data
import numpy as np
from goals import HEADERS, NO_GOAL, Goal
from rich.table import Table

from sightline.gaze.frames import Frames

WHOLE_SETS: Final = ("zju",)
"""Folders that are one row; of the others every clip is."""

NOT_HUMAN: Final = "no_face/gerald_autism__face", "no_face/pyfeat__no_face", "no_face/virtualeye__eye"
"""A cartoon, no face at all, a rendered eyeball: not a frame of them is to be used."""

DEVELOPMENT: Final = "All clips were looked at in development."


@dataclass(frozen=True, slots=True)
class Row:
    """A clip, or a folder of clips: its frames by gate ("" is usable), and how sure the median frame's face is."""

    name: str
    frames: int
    gates: dict[str, int]
    certainty: float | None

    @property
    def usable(self) -> float:
        """Share of the frames."""
        return self.gates.get("", 0) / self.frames


def measure(data: Path) -> list[Row]:
    """Every clip of a face, and of none, under `data`."""
    rows = []
    for folder in (*gaze_data.FACE_FOLDERS, "no_face"):
        clips = [(path.stem, gaze_data.measured(path).frames()) for path in gaze_data.clips_in(data, [folder])]
        if folder in WHOLE_SETS:
            rows.append(_row(folder, [frames for _, frames in clips]))
        else:
            rows += [_row(f"{folder}/{name}", [frames]) for name, frames in clips]
    return rows


def _row(name: str, clips: list[Frames]) -> Row:
    gates = Counter(gate for frames in clips for gate in frames.gate.tolist())
    certainty = np.concatenate([frames.face_confidence[frames.detected] for frames in clips])
    return Row(name, gates.total(), dict(gates), float(np.median(certainty)) if len(certainty) else None)


def table(rows: list[Row]) -> Table:
    shown = Table("clip", "frames", "usable", "gates", "certainty", *HEADERS, title="Gates", caption=DEVELOPMENT)
    none = Goal(most=0.0, words="none usable")
    for row in rows:
        reasons = ", ".join(f"{gate} {count / row.frames:.0%}" for gate, count in sorted(row.gates.items()) if gate)
        certainty = "-" if row.certainty is None else f"{row.certainty:.2f}"
        judged = none.cells(row.usable) if row.name in NOT_HUMAN else NO_GOAL
        shown.add_row(row.name, str(row.frames), f"{row.usable:.1%}", reasons, certainty, *judged)
    return shown


def tables(data: Path) -> list[Table]:
    return [table(measure(data))]


if __name__ == "__main__":
    gaze_data.command(__doc__, tables)
