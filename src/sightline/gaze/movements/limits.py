"""What could be seen in a gaze series at all: its frame rate, its noise, and the smallest saccade that stands out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.movements.main_sequence import expected_duration_s
from sightline.gaze.movements.series import gaze_array
from sightline.gaze.movements.threshold import SMALLEST_DEG, Scale, threshold_for, usable_stretches

Floats = NDArray[np.float64]

SEEN_SHARE: Final = 0.5
"""A saccade that falls between two frames shows as little as half of itself in one step. On simulated saccades at 15 to
1000 frames a second in noise of 0.02 to 1 deg, 93 to 100 % are found at twice the limit of the step."""

FASTEST_SHARE: Final = 1.5
"""Part of a saccade in a step over a short time h is at most this times h over its duration (a parabolic profile)."""


@dataclass(frozen=True, slots=True)
class DetectionLimits:
    """What the series lets one see.

    Attributes:
        frame_rate_hz: one over the usual time between samples.
        observed_s: time covered by stretches without gaps that are long enough to look for saccades in.
        noise_horizontal_deg, noise_vertical_deg: noise from sample to sample, without drift.
        smallest_horizontal_deg, smallest_vertical_deg: saccades of this size are found nine times out of ten
            (eight at 15 frames a second).
    """

    frame_rate_hz: float
    observed_s: float
    noise_horizontal_deg: float
    noise_vertical_deg: float
    smallest_horizontal_deg: float
    smallest_vertical_deg: float


def detection_limits(time_s: Floats, x_deg: Floats, y_deg: Floats) -> DetectionLimits | None:
    """The limits of a gaze series (see `detect_saccades` for what it takes and raises); None where it is too short."""
    time, gaze = gaze_array(time_s, x_deg, y_deg)
    threshold = threshold_for(time, gaze)
    if threshold is None:
        return None
    every = threshold.interval_s
    smallest = [min(_smallest_deg(scale, axis, every) for scale in threshold.scales) for axis in (0, 1)]
    noise = threshold.sample_noise_deg
    return DetectionLimits(
        frame_rate_hz=1 / every,
        observed_s=sum(float(time[run.stop - 1] - time[run.start]) for run in usable_stretches(time, gaze)),
        noise_horizontal_deg=float(noise[0]),
        noise_vertical_deg=float(noise[1]),
        smallest_horizontal_deg=smallest[0],
        smallest_vertical_deg=smallest[1],
    )


def _smallest_deg(scale: Scale, axis: int, every_s: float) -> float:
    """The amplitude whose step reaches the limit: `limit = share(amplitude) * amplitude`, solved by iteration."""
    limit, base = float(scale.limit_deg[axis]), scale.samples * every_s
    amplitude = limit / SEEN_SHARE
    for _ in range(20):
        share = min(SEEN_SHARE, FASTEST_SHARE * base / expected_duration_s(amplitude))
        amplitude = math.sqrt(amplitude * limit / share)
    return max(amplitude, SMALLEST_DEG / 0.8)  # the level's noise hides what is just at the floor
