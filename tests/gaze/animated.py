"""Animated faces for tests: `bench/synthetic_face.py` under a name of the tests."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from synthetic_eye import BLUE, BROWN, DARK
from synthetic_face import SyntheticFace, write_clip
from synthetic_motion import Performance, TrueBlink, Truth, jumps, still, sweep

__all__ = [
    "BLUE", "BROWN", "DARK", "Performance", "SyntheticFace", "TrueBlink", "Truth", "jumps", "played", "still", "sweep",
    "write_clip",
]  # fmt: skip


def played(gaze: list[tuple[float, float]], **more: object) -> Performance:
    """One frame for each gaze, horizontal and vertical in degrees; `more` goes to the performance."""
    h, v = np.array(gaze, float).T

    def at(angles: NDArray[np.float64]) -> object:
        return lambda time_s: angles[np.rint(np.asarray(time_s) * 10).astype(int)]

    settings = {"duration_s": len(gaze) / 10, "fps": 10.0, "gaze_h_deg": at(h), "gaze_v_deg": at(v)} | more
    return Performance(**settings)  # type: ignore[arg-type]
