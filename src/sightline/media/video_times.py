"""Presentation time stamps as seconds that always increase."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

VARIABLE_SHARE: Final = 0.1
"""An interval that differs from the median by more than this share of it makes a frame rate variable.

Rounding to milliseconds (WebM) moves 60 frames a second by 4 %; a phone that slows down in the dark moves by 25 % and
more.
"""


def increasing_times(stamps: NDArray[np.int64], time_base: Fraction, origin_s: Fraction) -> NDArray[np.float64]:
    """Seconds since `origin_s`, strictly increasing.

    Frames that carry the same stamp are spread evenly up to the next different one (at the end: by the median
    interval), so that no frame is lost and none is moved past another.

    Args:
        stamps: (n,) ascending, equal ones allowed.
        time_base: seconds per unit of a stamp.
        origin_s: the moment that counts as zero.
    """
    times = stamps.astype(np.float64) * float(time_base) - float(origin_s)
    moments, first, counts = np.unique(times, return_index=True, return_counts=True)
    if len(moments) == len(times):
        return times
    room = np.diff(moments, append=moments[-1] + _typical_interval(moments, float(time_base)))
    place = np.arange(len(times)) - np.repeat(first, counts)
    spread: NDArray[np.float64] = np.repeat(moments, counts) + place * np.repeat(room / counts, counts)
    return spread


def mean_rate(times_s: NDArray[np.float64]) -> float:
    """Frames a second over the whole video; 0.0 where there is one frame only."""
    return float((len(times_s) - 1) / (times_s[-1] - times_s[0])) if len(times_s) > 1 else 0.0


def is_variable(times_s: NDArray[np.float64]) -> bool:
    """Whether some interval between frames differs from the median one by more than `VARIABLE_SHARE`."""
    intervals = np.diff(times_s)
    if len(intervals) < 2:
        return False
    typical = np.median(intervals)
    return bool(np.any(np.abs(intervals - typical) > VARIABLE_SHARE * typical))


def _typical_interval(moments: NDArray[np.float64], fallback: float) -> float:
    return float(np.median(np.diff(moments))) if len(moments) > 1 else fallback
