"""How soon the eyes set out for a target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.screening.observation import Observation, SaccadeLike
from sightline.gaze.screening.protocol import Target

Floats = NDArray[np.float64]

# Visually guided saccades start 0.2 s after the target, express saccades 0.1 s (Fischer & Ramsperger 1984, Exp Brain
# Res 57:191-195). What comes before 0.08 s was under way already.
EARLIEST_S: Final = 0.08
# At fewer frames a second one frame is more than a third of a latency.
LOWEST_RATE_HZ: Final = 15.0
# A response smaller than this drowns in the gaze's noise.
SMALLEST_DEG: Final = 3.0
# A first saccade may fall short and be corrected; one of less than a quarter of the way is something else.
FIRST_STEP: Final = 0.25


def latency(
    observation: Observation, gaze: Floats, target: Target, held_at: Floats, saccades: Sequence[SaccadeLike]
) -> tuple[float | None, str]:
    """The time from the start of a target to the response, and what it was taken from or why there is none.

    It is the onset of the first saccade towards the position held at the target; where none was found, the time when
    the gaze had gone half of the way.

    Args:
        observation: the clip.
        gaze: (n, 2) degrees to the right of the picture and up, NaN where it cannot be read.
        target: what was asked for.
        held_at: (2,) the position held at the target.
        saccades: of the clip.
    """
    if observation.rate_hz < LOWEST_RATE_HZ:
        return None, f"not measurable at {observation.rate_hz:.0f} frames a second (from {LOWEST_RATE_HZ:.0f})"
    start_at = _start(observation, gaze, target)
    way = held_at - start_at
    distance = float(np.hypot(*way))
    if not np.isfinite(distance):
        return None, "the gaze at the start of the target was not seen"
    if distance < SMALLEST_DEG:
        return None, f"the gaze moved {distance:.1f} degrees, less than the {SMALLEST_DEG:g} that a latency needs"
    exactness = f"to {1000 * observation.interval_s:.0f} ms, one frame"
    for saccade in saccades:
        along = float(np.dot([saccade.horizontal_deg, saccade.vertical_deg], way)) / distance
        if target.start_s + EARLIEST_S <= saccade.onset_s < target.end_s and along >= FIRST_STEP * distance:
            return saccade.onset_s - target.start_s, f"onset of the first saccade towards it, {exactness}"
    rows = observation.within(target.start_s, target.end_s)
    gone = (gaze[rows] - start_at) @ way / distance
    # The position held at the target lies all of the way along, so one frame at least is beyond half of it.
    beyond = np.flatnonzero(np.nan_to_num(gone, nan=-np.inf) >= distance / 2)[0]
    after_s = float(observation.frames.time_s[rows][beyond]) - target.start_s
    if after_s < EARLIEST_S:
        return None, "the gaze was on its way before the target"
    return after_s, f"half of the way gone, no saccade found, {exactness}"


def _start(observation: Observation, gaze: Floats, target: Target) -> Floats:
    """The median position around the start of a target, before anybody can have answered it."""
    points = gaze[observation.within(target.start_s - 0.2, target.start_s + EARLIEST_S)]
    points = points[np.isfinite(points).all(axis=1)]
    return np.median(points, axis=0) if len(points) else np.full(2, np.nan)
