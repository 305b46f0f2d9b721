"""O2: how fast vertical saccades are for their size, where the frame rate lets that be seen."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sightline.gaze.movements.main_sequence import expected_peak_velocity_deg_s
from sightline.gaze.screening.observation import Observation, SaccadeLike, event_spans
from sightline.gaze.screening.references import (
    AMPLITUDE_VELOCITY,
    NORMAL_VELOCITY_RATIO,
    PEAK_VELOCITY,
    SLOW_VELOCITY_RATIO,
)
from sightline.gaze.screening.values import Evidence, Finding

# Below, noise decides what peak is read.
LEAST_AMPLITUDE_DEG: Final = 5.0
# A median of fewer stands on one.
LEAST_SACCADES: Final = 3


def saccade_velocity_evidence(observation: Observation, saccades: Sequence[SaccadeLike]) -> tuple[Evidence, ...]:
    """Peak velocity of vertical saccades against healthy ones of the same size, and its product with the size."""
    vertical = [s for s in saccades if abs(s.vertical_deg) >= max(LEAST_AMPLITUDE_DEG, abs(s.horizontal_deg))]
    if len(vertical) < LEAST_SACCADES:
        why = f"{len(vertical)} vertical saccades over {LEAST_AMPLITUDE_DEG:g} degrees: {LEAST_SACCADES} are needed."
        return PEAK_VELOCITY.unseen(why), AMPLITUDE_VELOCITY.unseen(why)
    measured = [(s, s.peak_velocity_deg_s) for s in vertical if s.peak_velocity_deg_s is not None]
    if len(measured) >= LEAST_SACCADES:
        return _measured(measured)
    unseen = f"A peak velocity is not measurable at {observation.rate_hz:.0f} frames a second."
    product = AMPLITUDE_VELOCITY.unseen(unseen)
    least = _median_ratio([(s, s.peak_velocity_lower_deg_s) for s in vertical])
    if least < NORMAL_VELOCITY_RATIO:
        return PEAK_VELOCITY.unseen(unseen), product
    at_least = replace(PEAK_VELOCITY, name=f"{PEAK_VELOCITY.name}, at least")
    why = f"{unseen} It is known from below, and this bound of {len(vertical)} saccades is normal already."
    return at_least.found(least, "normal", why, event_spans(vertical)), product


def _measured(measured: Sequence[tuple[SaccadeLike, float]]) -> tuple[Evidence, ...]:
    ratio = _median_ratio(measured)
    finding: Finding = "unclear"
    if ratio >= NORMAL_VELOCITY_RATIO:
        finding = "normal"
    elif ratio < SLOW_VELOCITY_RATIO:
        finding = "abnormal"
    median_of = f"Median of {len(measured)} saccades"
    why = f"{median_of}. Where vertical gaze is read too large or too small, velocities are with it."
    spans = event_spans([saccade for saccade, _ in measured])
    product = statistics.median(abs(saccade.vertical_deg) * velocity for saccade, velocity in measured)
    return (
        PEAK_VELOCITY.found(ratio, finding, why, spans),
        AMPLITUDE_VELOCITY.found(product, "unclear", f"{median_of}, in measured degrees.", spans),
    )


def _median_ratio(velocities: Sequence[tuple[SaccadeLike, float]]) -> float:
    return statistics.median(
        velocity / expected_peak_velocity_deg_s(saccade.amplitude_deg, vertical=True)
        for saccade, velocity in velocities
    )
