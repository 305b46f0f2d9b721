"""Steps of the gaze: how far it moved at each interval between two samples, against its own noise.

The step at an interval is the mean of `m` samples after it less the mean of `m` before it. With all `m` samples this is
the moving-average velocity of Engbert & Kliegl (Vision Res 43:1035, 2003), times its time base; at the frame rate of a
webcam `m` is 1 and it is the plain difference of neighbouring frames. White noise of s deg leaves s sqrt(2 / m) in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TREND_S: Final = 0.7
"""Drift, pursuit and slow head movement are the running median of the velocity over this time: long enough that two
saccades of 0.1 s in it do not shift a median, short against the slow phases one follows with the eyes."""


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """The steps of one unbroken stretch of k samples.

    Attributes:
        step_deg: (k - 1, 2), less the trend; at the ends of the stretch, where fewer than `m` samples lie on one side,
            shrunk so that the noise is the same everywhere.
        base_s: (k - 1,) time from the mean time before to the mean time after; the step over it is a velocity.
    """

    step_deg: Floats
    base_s: Floats


def steps(time_s: Floats, gaze_deg: Floats, samples: int) -> Steps:
    """Steps of one stretch without gaps.

    Args:
        time_s: (k,) rising.
        gaze_deg: (k, 2) finite.
        samples: m, the most samples averaged on each side.
    """
    count = len(time_s)
    here = np.arange(1, count)
    side = np.minimum(samples, np.minimum(here, count - here))
    level, base = _jump(gaze_deg, here, side), _jump(time_s[:, None], here, side)[:, 0]
    velocity = level / base[:, None]
    trend = running_median(velocity, max(1, round(TREND_S / 2 * (count - 1) / (time_s[-1] - time_s[0]))))
    return Steps((velocity - trend) * base[:, None] * np.sqrt(side / samples)[:, None], base)


def _jump(values: Floats, here: NDArray[np.intp], side: NDArray[np.intp]) -> Floats:
    total = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values - values[0], axis=0)])
    after, before = total[here + side] - total[here], total[here] - total[here - side]
    return np.asarray((after - before) / side[:, None])


def running_median(values: Floats, reach: int) -> Floats:
    """Median over `reach` rows to either side; at the ends over the rows that are there. Values (k, c) finite.

    Taken at about ten places a window and linear between them: at 1000 Hz a median at each row is time wasted.
    """
    count = len(values)
    places = np.unique(np.linspace(0, count - 1, max(2, min(count, 10 * count // (2 * reach + 1)))).round().astype(int))
    middles = np.stack([np.median(values[max(0, place - reach) : place + reach + 1], axis=0) for place in places])
    rows = np.arange(count)
    return np.stack([np.interp(rows, places, middle) for middle in middles.T], axis=1)


def spread(values: Floats) -> Floats:
    """Standard deviation per column as Engbert & Kliegl take it: by medians, so that saccades do not swell it.

    Scaled by 1.4826 so that it is the standard deviation of Gaussian noise. Zeros for no rows.
    """
    if not len(values):
        return np.zeros(values.shape[1])
    return np.asarray(1.4826 * np.median(np.abs(values - np.median(values, axis=0)), axis=0))
