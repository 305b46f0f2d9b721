"""O3, first part: how often large square-wave jerks interrupt the gaze."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from sightline.gaze.movements.limits import detection_limits
from sightline.gaze.screening.counting import rate_interval_per_min
from sightline.gaze.screening.observation import JerkLike, Observation, event_spans
from sightline.gaze.screening.references import (
    JERK_LARGEST_DEG,
    JERK_LEAST_DEG,
    JERKS,
    JERKS_ABNORMAL_PER_MIN,
)
from sightline.gaze.screening.values import Evidence, Finding

# A jerk lasts 0.2 to 0.3 s (Hoglinger 2017): at 25 frames a second five frames, the fewest that show a plateau.
LEAST_RATE_HZ: Final = 25.0
LEAST_SECONDS: Final = 10.0


def jerk_evidence(observation: Observation, jerks: Sequence[JerkLike]) -> tuple[Evidence, ...]:
    """Jerks a minute, with the interval that the time watched leaves.

    Few jerks are a normal finding only where jerks of 1 degree would have stood out of the noise.
    """
    seconds, least = observation.seconds(observation.gaze_ok), _smallest_deg(observation)
    if why := _unseen(observation, seconds, least):
        return (JERKS.unseen(why),)
    large = [jerk for jerk in jerks if abs(jerk.amplitude_deg) >= JERK_LEAST_DEG]
    low, high = rate_interval_per_min(len(large), seconds)
    finding: Finding = "unclear"
    if high < JERKS_ABNORMAL_PER_MIN and least <= JERK_LEAST_DEG:
        finding = "normal"
    elif low > JERKS_ABNORMAL_PER_MIN:
        finding = "abnormal"
    why = (
        f"{len(large)} in {seconds:.0f} s of gaze, 95 % interval {low:.1f} to {high:.1f} a minute. Jerks of "
        f"{least:.1f} degrees and more stand out of the noise."
    )
    spans = event_spans(large) or observation.spans(observation.gaze_ok)
    return (JERKS.found(60 * len(large) / seconds, finding, why, spans),)


def _smallest_deg(observation: Observation) -> float:
    """The smallest horizontal saccade that stands out of the noise; infinite where there is too little gaze to tell."""
    frames = observation.frames
    gaze = [np.where(observation.gaze_ok, angle, np.nan) for angle in (frames.gaze_h_deg, frames.gaze_v_deg)]
    limits = detection_limits(frames.time_s, *gaze)
    return math.inf if limits is None else limits.smallest_horizontal_deg


def _unseen(observation: Observation, seconds: float, least_deg: float) -> str:
    """Why jerks cannot be seen; empty where they can."""
    if seconds < LEAST_SECONDS:
        return f"{seconds:.1f} s of gaze were seen: at least {LEAST_SECONDS:g} s are needed."
    if observation.rate_hz < LEAST_RATE_HZ:
        return f"{observation.rate_hz:.0f} frames a second: at least {LEAST_RATE_HZ:g} are needed."
    if least_deg > JERK_LARGEST_DEG:
        return f"Only saccades of {least_deg:.1f} degrees and more stand out of the noise: jerks are smaller."
    return ""
