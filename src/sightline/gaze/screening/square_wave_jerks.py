"""O3, first part: how often large square-wave jerks interrupt the gaze."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sightline.gaze.screening.counting import rate_interval_per_min
from sightline.gaze.screening.observation import JerkLike, Observation, event_spans
from sightline.gaze.screening.references import JERK_LEAST_DEG, JERKS, JERKS_ABNORMAL_PER_MIN
from sightline.gaze.screening.values import Evidence, Finding

# A jerk lasts 0.2 to 0.3 s (Hoglinger 2017): at 25 frames a second five frames, the fewest that show a plateau.
LEAST_RATE_HZ: Final = 25.0
# The plateau of a jerk of 1 degree must stand out: two deviations of a single frame's noise.
MOST_NOISE_DEG: Final = JERK_LEAST_DEG / 2
LEAST_SECONDS: Final = 10.0


def jerk_evidence(observation: Observation, jerks: Sequence[JerkLike]) -> tuple[Evidence, ...]:
    """Jerks a minute, with the interval that the time watched leaves."""
    seconds = observation.seconds(observation.gaze_ok)
    if why := _unseen(observation, seconds):
        return (JERKS.unseen(why),)
    large = [jerk for jerk in jerks if abs(jerk.amplitude_deg) >= JERK_LEAST_DEG]
    low, high = rate_interval_per_min(len(large), seconds)
    finding: Finding = "unclear"
    if high < JERKS_ABNORMAL_PER_MIN:
        finding = "normal"
    elif low > JERKS_ABNORMAL_PER_MIN:
        finding = "abnormal"
    why = (
        f"{len(large)} in {seconds:.0f} s of gaze, 95 % interval {low:.1f} to {high:.1f} a minute; one frame's "
        f"noise is {observation.noise_deg:.2f} degrees, so smaller jerks are not counted."
    )
    spans = event_spans(large) or observation.spans(observation.gaze_ok)
    return (JERKS.found(60 * len(large) / seconds, finding, why, spans),)


def _unseen(observation: Observation, seconds: float) -> str:
    """Why jerks cannot be seen; empty where they can."""
    if seconds < LEAST_SECONDS:
        return f"{seconds:.1f} s of gaze were seen: at least {LEAST_SECONDS:g} s are needed."
    if observation.rate_hz < LEAST_RATE_HZ:
        return f"{observation.rate_hz:.0f} frames a second: at least {LEAST_RATE_HZ:g} are needed."
    if not observation.noise_deg <= MOST_NOISE_DEG:
        return f"One frame's noise is {observation.noise_deg:.2f} degrees: at most {MOST_NOISE_DEG:g} are allowed."
    return ""
