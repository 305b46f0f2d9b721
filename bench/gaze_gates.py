"""What the gates say of real clips, of clips without a face and of false faces: share of frames for each reason.

    python bench/gaze_gates.py --data FOLDER

FOLDER holds `zju`, `eye_checked`, `talkingface`, `unlabelled` and `no_face`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from sightline.gaze.frames import Frames, measure_frame, stack

WHOLE_SETS: Final = ("zju",)
"""Folders that are one row; of the others every clip is."""

FOLDERS: Final = ("zju", "eye_checked", "talkingface", "unlabelled", "no_face")


@dataclass(frozen=True, slots=True)
class Row:
    """A clip, or a folder of clips: its frames by gate ("" is usable), and how sure the median frame's face is."""

    name: str
    frames: int
    gates: dict[str, int]
    certainty: float | None


def measure(data: Path) -> list[Row]:
    """Every clip under `data`."""
    rows = []
    for folder in FOLDERS:
        clips = list(measured(data / folder))
        if folder in WHOLE_SETS:
            rows.append(_row(folder, [frames for _, frames in clips]))
        else:
            rows += [_row(f"{folder}/{name}", [frames]) for name, frames in clips]
    return rows


def measured(folder: Path) -> Iterator[tuple[str, Frames]]:
    from sightline.gaze.face.tracker import FaceTracker
    from sightline.media.video import open_video

    tracker = FaceTracker()
    for path in sorted(path for path in folder.iterdir() if path.suffix in (".mp4", ".mov")):
        tracker.reset()
        with open_video(path) as video:
            rows = [measure_frame(frame, tracker.update(frame)) for frame in video.frames()]
            yield path.stem, stack(rows, (video.meta.width_px, video.meta.height_px))


def _row(name: str, clips: list[Frames]) -> Row:
    gates = Counter(gate for frames in clips for gate in frames.gate.tolist())
    certainty = np.concatenate([frames.face_confidence[frames.detected] for frames in clips])
    return Row(name, gates.total(), dict(gates), float(np.median(certainty)) if len(certainty) else None)


def main() -> None:
    from rich.console import Console
    from rich.table import Table

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    arguments = parser.parse_args()
    table = Table("clip", "frames", "usable", "gates", "certainty", title="Gates")
    for row in measure(arguments.data):
        reasons = ", ".join(f"{gate} {count / row.frames:.0%}" for gate, count in sorted(row.gates.items()) if gate)
        certainty = "-" if row.certainty is None else f"{row.certainty:.2f}"
        table.add_row(row.name, str(row.frames), f"{row.gates.get('', 0) / row.frames:.1%}", reasons, certainty)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
