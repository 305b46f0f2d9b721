"""Saccades: jumps of the gaze that stand out of the signal's own noise, at any frame rate.

After Engbert & Kliegl (Vision Res 43:1035, 2003): a saccade is where the step of the gaze (`velocity.py`) leaves an
ellipse of several standard deviations, taken by medians from the series itself. Three things are added so that one
fixed setting serves an eye tracker of 1000 Hz as well as a webcam: a floor under the noise, because clean signals show
drift and tremor; averaging over more samples where the noise is larger than the saccades of interest; and the trend of
the velocity is taken off, so that drift, pursuit and slow head turns are no saccades.

What touches a gap is not reported, for nobody saw where it came from or went. The head is assumed to be still, or its
movement to be in the gaze already: a quick turn of the head with the eyes in it looks like a saccade.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.movements.jumps import Jump, along, find_jumps
from sightline.gaze.movements.peak_velocity import NOISE_SDS, SAMPLES_NEEDED, Measured, PeakVelocity, peak_velocity
from sightline.gaze.movements.series import gaze_array
from sightline.gaze.movements.threshold import SMALLEST_DEG, Scale, Threshold, threshold_for, usable_stretches
from sightline.gaze.movements.velocity import Steps

Floats = NDArray[np.float64]

LEVEL_S: Final = 0.1
"""The gaze before and after a saccade is the median over this time, or over what lies between two saccades."""

GAP_MARGIN_S: Final = 0.02
"""A saccade so near to a gap is the lid's: the eye tracker's gaze runs off for this long before it is lost."""

LEVEL_SDS: Final = 4.0
"""The levels differ by this many standard deviations: with noise of 0.1 to 2 deg added to the EyeLink recordings, a
fifth of the false saccades go, and hardly a true one."""

KEPT_SHARE: Final = 0.5
"""The levels differ by at least this much of the jump; a spike goes there and back."""


@dataclass(frozen=True, slots=True)
class Saccade:
    """One saccade. Right of the picture and up are positive.

    Attributes:
        onset_s, offset_s: time of the last sample before it and of the first one after it.
        duration_s: between these; up to two intervals longer than the movement.
        amplitude_deg: from the level before to the level after, with its parts `horizontal_deg` and `vertical_deg`.
        direction_deg: -180..180; 0 is the right of the picture, 90 up.
        peak_velocity_deg_s: None where the frame rate does not let it be measured; `velocity_note` tells why.
        peak_velocity_lower_deg_s, peak_velocity_upper_deg_s: what it lies between, in either case.
        first_frame, last_frame: rows of the series at onset and offset.
        stretch: number of the unbroken stretch of the series it lies in: between two saccades with the same number the
            gaze was seen without a gap.
    """

    onset_s: float
    offset_s: float
    duration_s: float
    amplitude_deg: float
    horizontal_deg: float
    vertical_deg: float
    direction_deg: float
    peak_velocity_deg_s: float | None
    peak_velocity_lower_deg_s: float
    peak_velocity_upper_deg_s: float
    velocity_note: str
    first_frame: int
    last_frame: int
    stretch: int


def detect_saccades(time_s: Floats, x_deg: Floats, y_deg: Floats) -> tuple[Saccade, ...]:
    """The saccades of a gaze series, in order of time.

    Args:
        time_s: (n,) rising.
        x_deg: (n,) gaze to the right of the picture, NaN where it is not known.
        y_deg: (n,) gaze up, likewise.

    Raises:
        BadInputError: rows of different lengths, or times that do not rise.
    """
    time, gaze = gaze_array(time_s, x_deg, y_deg)
    threshold = threshold_for(time, gaze)
    if threshold is None:
        return ()
    return tuple(
        saccade
        for number, run in enumerate(usable_stretches(time, gaze))
        for saccade in _in_stretch(time[run], gaze[run], threshold, (run.start, number))
    )


def _in_stretch(time: Floats, gaze: Floats, threshold: Threshold, place: tuple[int, int]) -> list[Saccade]:
    layers = threshold.layers(time, gaze)
    jumps = find_jumps(time, layers, threshold.interval_s)
    ends = [0, *(jump.last for jump in jumps)]
    starts = [*(jump.first for jump in jumps), len(time) - 1]
    found = []
    for jump, since, until in zip(jumps, ends[:-1], starts[1:], strict=True):
        if not 0 < jump.first < jump.last < len(time) - 1:
            continue
        if min(time[jump.first] - time[0], time[-1] - time[jump.last]) < GAP_MARGIN_S:
            continue
        before = slice(max(since, int(np.searchsorted(time, time[jump.first] - LEVEL_S))), jump.first + 1)
        after = slice(jump.last, min(until + 1, int(np.searchsorted(time, time[jump.last] + LEVEL_S, "right"))))
        move = np.median(gaze[after], axis=0) - np.median(gaze[before], axis=0)
        jumped = np.hypot(*(gaze[jump.last] - gaze[jump.first]))
        level_noise = math.sqrt(1 / (before.stop - before.start) + 1 / (after.stop - after.start))
        told = np.hypot(*(move / np.maximum(threshold.sample_noise_deg * level_noise, 1e-9))) >= LEVEL_SDS
        if told and np.hypot(*move) >= max(SMALLEST_DEG, KEPT_SHARE * jumped):
            peak = _peak_of(time, gaze, jump, move, level_noise, threshold, layers)
            found.append(_saccade(time, jump, move, peak, place))
    return found


def _peak_of(
    time: Floats,
    gaze: Floats,
    jump: Jump,
    move: Floats,
    level_noise: float,
    threshold: Threshold,
    layers: list[tuple[Scale, Steps]],
) -> PeakVelocity:
    """Read on the coarsest scale that the saccade is long enough for: it has the least noise."""
    every = threshold.interval_s
    span_s = float(time[jump.last] - time[jump.first])
    fitting = [layer for layer in layers if SAMPLES_NEEDED * layer[0].samples * every <= span_s - every]
    scale, seen = (fitting or layers[:1])[-1]
    amplitude = float(np.hypot(*move))
    direction = move / amplitude
    span = slice(jump.first, jump.last)
    base = scale.samples * every
    sample_noise = along(direction, threshold.sample_noise_deg)
    speed, noise = seen.step_deg[span] @ direction / seen.base_s[span], along(direction, scale.noise_deg) / base
    clear = np.flatnonzero(speed > NOISE_SDS * noise)
    return peak_velocity(
        fastest=Measured(float(speed.max()), noise),
        amplitude=Measured(amplitude, sample_noise * level_noise),
        travel=Measured(float((gaze[jump.last] - gaze[jump.first]) @ direction), sample_noise * math.sqrt(2)),
        span_s=span_s,
        clear_s=float(time[jump.first + clear[-1] + 1] - time[jump.first + clear[0]]) if len(clear) else 0.0,
        base_s=base,
        interval_s=every,
    )


def _saccade(time: Floats, jump: Jump, move: Floats, peak: PeakVelocity, place: tuple[int, int]) -> Saccade:
    first_frame, stretch = place
    return Saccade(
        onset_s=float(time[jump.first]),
        offset_s=float(time[jump.last]),
        duration_s=float(time[jump.last] - time[jump.first]),
        amplitude_deg=float(np.hypot(*move)),
        horizontal_deg=float(move[0]),
        vertical_deg=float(move[1]),
        direction_deg=math.degrees(math.atan2(move[1], move[0])),
        peak_velocity_deg_s=peak.value_deg_s,
        peak_velocity_lower_deg_s=peak.lower_deg_s,
        peak_velocity_upper_deg_s=peak.upper_deg_s,
        velocity_note=peak.note,
        first_frame=first_frame + jump.first,
        last_frame=first_frame + jump.last,
        stretch=stretch,
    )
