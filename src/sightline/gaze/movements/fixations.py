"""Fixations: where the gaze rests between two jumps.

Identified by velocity (I-VT, Salvucci & Goldberg, ETRA 2000): what is no saccade, and lasts. The saccades are those of
`jumps.py`, fitted to the noise, so no second threshold is needed; of their dispersion criterion (I-DT) this is left,
that a gaze which moves on steadily is pursuit or a turn of the head and no fixation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.movements.jumps import find_jumps
from sightline.gaze.movements.series import gaze_array
from sightline.gaze.movements.threshold import threshold_for, usable_stretches

Floats = NDArray[np.float64]

SHORTEST_S: Final = 0.1
"""Shorter rests are no fixations (Salvucci & Goldberg: 100 to 200 ms)."""

FASTEST_DRIFT_DEG_S: Final = 4.0
"""Fixational drift is below 1 deg/s, and a head that sways adds a little; pursuit is faster."""


@dataclass(frozen=True, slots=True)
class Fixation:
    """One fixation.

    Attributes:
        onset_s, offset_s, duration_s: first and last sample and the time between.
        x_deg, y_deg: the median gaze, right of the picture and up.
        dispersion_deg: root mean square distance from the mean gaze, noise included.
        first_frame, last_frame: rows of the series.
    """

    onset_s: float
    offset_s: float
    duration_s: float
    x_deg: float
    y_deg: float
    dispersion_deg: float
    first_frame: int
    last_frame: int


def detect_fixations(time_s: Floats, x_deg: Floats, y_deg: Floats) -> tuple[Fixation, ...]:
    """The fixations of a gaze series in order of time, none across a gap; see `detect_saccades` for the arguments."""
    time, gaze = gaze_array(time_s, x_deg, y_deg)
    return tuple(_fixation(time, gaze, rest) for rest in _rests(time, gaze) if not _moves_on(time[rest], gaze[rest]))


def _rests(time: Floats, gaze: Floats) -> Iterator[slice]:
    threshold = threshold_for(time, gaze)
    if threshold is None:
        return
    for run in usable_stretches(time, gaze):
        jumps = find_jumps(time[run], threshold.layers(time[run], gaze[run]), threshold.interval_s)
        starts = [0, *(jump.last for jump in jumps)]
        ends = [*(jump.first for jump in jumps), run.stop - run.start - 1]
        for start, end in zip(starts, ends, strict=True):
            if time[run.start + end] - time[run.start + start] >= SHORTEST_S:
                yield slice(run.start + start, run.start + end + 1)


def _moves_on(time: Floats, gaze: Floats) -> bool:
    """The gaze surely drifts faster than in a fixation: its slope, less twice the slope's standard error."""
    since = time - time.mean()
    weight = float(since @ since)
    slope = since @ gaze / weight
    left = gaze - gaze.mean(axis=0) - since[:, None] * slope
    error = math.sqrt(float((left**2).sum()) / max(1, len(time) - 2) / weight)
    return bool(np.hypot(*slope) - 2 * error > FASTEST_DRIFT_DEG_S)


def _fixation(time: Floats, gaze: Floats, rest: slice) -> Fixation:
    part = gaze[rest]
    x, y = np.median(part, axis=0)
    onset, offset = float(time[rest.start]), float(time[rest.stop - 1])
    return Fixation(
        onset_s=onset,
        offset_s=offset,
        duration_s=offset - onset,
        x_deg=float(x),
        y_deg=float(y),
        dispersion_deg=float(np.sqrt(part.var(axis=0).sum())),
        first_frame=rest.start,
        last_frame=rest.stop - 1,
    )
