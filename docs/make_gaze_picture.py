"""Make the README's picture of a gaze report: `python docs/make_gaze_picture.py`. Needs the extra `dev`.

The eyes are those of a free portrait, animated by `bench/synthetic_face.py`: nobody was filmed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "bench"))

from synthetic_face import SyntheticFace, write_clip  # noqa: E402
from synthetic_motion import Floats, Performance, TrueBlink, jumps  # noqa: E402

from sightline.gaze import analyze_video  # noqa: E402
from sightline.gaze.figure import figure_png  # noqa: E402

LOOKS = [
    (0, "center", 0, 0), (3, "up", 0, 22), (5, "center", 0, 0), (7, "down", 0, -22), (9, "center", 0, 0),
    (11, "left", 24, 0), (13, "center", 0, 0), (15, "right", -24, 0), (17, "center", 0, 0),
]  # fmt: skip
"""From which second on, what is asked for, and how far the eyes turn to the right of the picture and up, degrees."""

END_S = 20.0
REACTION_S = 0.2


def light(time_s: Floats) -> Floats:
    """Somebody switches the lamp off for a second."""
    return np.where((time_s > 18.2) & (time_s < 19.2), 0.08, 1.0)


def protocol() -> list[dict[str, Any]]:
    """What the face is asked to look at."""
    ends = [*(start for start, *_ in LOOKS[1:]), END_S]
    return [{"start_s": look[0], "end_s": end, "target": look[1]} for look, end in zip(LOOKS, ends, strict=True)]


def write_looks(folder: Path) -> Path:
    """A video of the face that looks where it is asked to."""
    reactions = [start + REACTION_S if start else 0.0 for start, *_ in LOOKS]
    performance = Performance(
        duration_s=END_S,
        gaze_h_deg=jumps([(at, look[2]) for at, look in zip(reactions, LOOKS, strict=True)]),
        gaze_v_deg=jumps([(at, look[3]) for at, look in zip(reactions, LOOKS, strict=True)]),
        blinks=tuple(TrueBlink(onset) for onset in (1.4, 5.9, 10.1, 12.4, 16.5)),
        light=light,
    )
    clip = folder / "clip.mp4"
    write_clip(SyntheticFace(performance), clip)
    return clip


def main() -> None:
    """Animate, write, analyse, draw."""
    with tempfile.TemporaryDirectory() as folder:
        report = analyze_video(write_looks(Path(folder)), protocol=protocol())
    (HERE / "images/gaze.png").write_bytes(figure_png(report))


if __name__ == "__main__":
    main()
