"""How far each eye stands open, as a share of what is open for this person at this time of the clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.blinks.windows import Floats, window_median

_HALF_WINDOW_S: Final = 5.0
"""The open level follows what changes over more than this. Ten seconds hold two or three blinks at the usual 15 to 24 a
minute, and are still open for the greater part in the longest closures of a second or two that occur between them."""

_KNOT_STEP_S: Final = 0.5
"""The level is computed this often and runs straight in between; it cannot change faster."""

_OPEN_QUANTILE: Final = 0.8
"""Eyes are open for most of the time: over these ten seconds the level may be shut for a fifth of them at ease, for
four fifths at worst, and the noise of the best moments does not lift it."""

_LEAST_OF_CLIP: Final = 0.5
"""Squinting or looking down for long lowers the open level by less than half; what goes lower is a closure that fills
the window, and must not become the new open."""

_GLITCH_S: Final = 0.025
"""Half the window of a median that single frames cannot pass at 50 frames a second and more; slower clips are left as
they are, because a frame of theirs may be all there is of a blink."""


@dataclass(frozen=True, slots=True, eq=False)
class Openness:
    """The frames in which an eye was seen, as columns of k samples; 1 is open, 0 would be lids that meet.

    Attributes:
        row: int (k,), their rows in the series that they come from.
        time_s: (k,), rising.
        left, right: (k,), NaN where that eye was not seen.
        both: (k,), the mean of those that were.
        noise: standard deviation of `both` from one frame to the next while the lids are still.
    """

    row: NDArray[np.intp]
    time_s: Floats
    left: Floats
    right: Floats
    both: Floats
    noise: float

    def __len__(self) -> int:
        return len(self.time_s)


def openness_of(time_s: Floats, left_aperture: Floats, right_aperture: Floats) -> Openness:
    """Relate the apertures (n,) of each eye to its own open level; NaN is not seen."""
    left, right = _relative(time_s, left_aperture), _relative(time_s, right_aperture)
    row = np.flatnonzero(np.isfinite(left) | np.isfinite(right))
    left, right = left[row], right[row]
    both = np.nanmean([left, right], axis=0) if len(row) else left
    return Openness(row, time_s[row], left, right, both, _noise(both))


def open_level(time_s: Floats, aperture: Floats) -> Floats:
    """The aperture (n,) of the open eye around each moment; n >= 1, no NaN in either."""
    knots = np.arange(time_s[0], time_s[-1] + _KNOT_STEP_S, _KNOT_STEP_S)
    first = np.searchsorted(time_s, knots - _HALF_WINDOW_S)
    last = np.searchsorted(time_s, knots + _HALF_WINDOW_S, side="right")
    filled = last > first
    levels = [np.quantile(aperture[i:j], _OPEN_QUANTILE) for i, j in zip(first[filled], last[filled], strict=True)]
    level = np.interp(time_s, knots[filled], levels)
    return np.maximum(level, _LEAST_OF_CLIP * np.quantile(aperture, _OPEN_QUANTILE))


def _relative(time_s: Floats, aperture: Floats) -> Floats:
    relative = np.full(len(aperture), np.nan)
    seen = np.isfinite(aperture)
    if seen.any():
        smooth = window_median(time_s[seen], aperture[seen], _GLITCH_S)
        level = open_level(time_s[seen], smooth)
        relative[seen] = np.divide(smooth, level, out=np.full(len(level), np.nan), where=level > 0)
    return relative


def _noise(both: Floats) -> float:
    """From the differences of neighbours, whose median blinks hardly touch."""
    if len(both) < 3:
        return 0.0
    steps = np.diff(both)
    return float(1.4826 * np.median(np.abs(steps - np.median(steps))) / np.sqrt(2))
