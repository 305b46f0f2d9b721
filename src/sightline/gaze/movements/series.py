"""A gaze series as unbroken stretches: what is looked for never reaches across a gap."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sightline.errors import BadInputError

Floats = NDArray[np.float64]

LONGEST_STEP: Final = 2.5
"""One lost frame (a step of twice the usual) is bridged; a longer step is a gap."""


def gaze_array(time_s: Floats, x_deg: Floats, y_deg: Floats) -> tuple[Floats, Floats]:
    """Times (n,) and gaze (n, 2) in degrees: right of the picture and up; a point that lacks one part is NaN in both.

    Raises:
        BadInputError: the arrays differ in length, or a time is not finite or does not come after the one before.
    """
    time, x, y = (np.asarray(part, np.float64) for part in (time_s, x_deg, y_deg))
    if not (time.ndim == 1 and time.shape == x.shape == y.shape):
        raise BadInputError(
            f"time_s, x_deg and y_deg must be rows of one length, not {time.shape}, {x.shape}, {y.shape}"
        )
    if not np.isfinite(time).all() or (np.diff(time) <= 0).any():
        raise BadInputError("time_s must be finite and rise from each value to the next")
    gaze = np.stack([x, y], axis=1)
    gaze[~np.isfinite(gaze).all(axis=1)] = np.nan
    return time, gaze


def interval_s(time_s: Floats) -> float:
    """The usual time from one sample to the next (their median); NaN for fewer than two."""
    return float(np.median(np.diff(time_s))) if len(time_s) > 1 else float("nan")


def stretches(time_s: Floats, gaze_deg: Floats) -> list[slice]:
    """The unbroken runs of finite samples, none with a step above `LONGEST_STEP` usual intervals.

    Args:
        time_s: (n,) rising.
        gaze_deg: (n, 2), NaN where there is none.
    """
    seen = np.asarray(np.isfinite(gaze_deg).all(axis=1))
    short = np.diff(time_s) <= LONGEST_STEP * interval_s(time_s)
    linked = np.asarray(seen[1:] & seen[:-1] & short)
    starts = np.flatnonzero(seen & ~np.r_[False, linked])
    ends = np.flatnonzero(seen & ~np.r_[linked, False]) + 1
    return [slice(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]
