"""How far each eye stands open, as a share of what is open for this person at this time of the clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.blinks.windows import Floats, window_median

_HALF_WINDOW_S: Final = 5.0
"""The open level follows what changes over more than this: posture, light, tiredness. Ten seconds hold two or three
blinks at the usual 15 to 24 a minute."""

_KNOT_STEP_S: Final = 0.5
"""The level is computed this often and runs straight in between."""

_OPEN_QUANTILE: Final = 0.8
"""Eyes are open for most of ten seconds: this quantile stays with the open eye while it squints or blinks for up to
four fifths of them, and the noise of the best moments does not lift it."""

_TELLING: Final = 0.5
"""Less than this share of the clip's wide-open aperture is no open eye, however long it lasts, and tells nothing of the
level: squints and looking up or down change that by a third (0.20 to 0.28 in 10 s of one clip)."""

_WIDE_QUANTILE: Final = 0.9
_LEAST_TELLING: Final = 0.1
"""Of the frames in a window; with fewer the level runs straight from the window before to the next."""

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
    telling = aperture >= _TELLING * np.quantile(aperture, _WIDE_QUANTILE)
    open_time_s, open_aperture = time_s[telling], aperture[telling]
    knots = np.arange(time_s[0], time_s[-1] + _KNOT_STEP_S, _KNOT_STEP_S)
    windows = (knots - _HALF_WINDOW_S, knots + _HALF_WINDOW_S)
    first, last = (np.searchsorted(open_time_s, edge) for edge in windows)
    frames = np.subtract(*(np.searchsorted(time_s, edge) for edge in windows[::-1]))
    filled = last - first >= np.maximum(_LEAST_TELLING * frames, 1)
    if not filled.any():
        return np.full(len(aperture), np.quantile(aperture, _WIDE_QUANTILE))
    spans = zip(first[filled], last[filled], strict=True)
    levels = [np.quantile(open_aperture[i:j], _OPEN_QUANTILE) for i, j in spans]
    return np.interp(time_s, knots[filled], levels)


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
