"""How often the eyes blink."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sightline.gaze.screening.counting import rate_interval_per_min
from sightline.gaze.screening.observation import BlinkLike, Observation
from sightline.gaze.screening.references import BLINK_RATE, BLINK_RATE_LOW_PER_MIN
from sightline.gaze.screening.values import Evidence, Finding, Reliability

LEAST_SECONDS: Final = 10.0
# One minute is enough to measure the rate under constant conditions (Deuschl & Goddemeier 1998, J Neurol Neurosurg
# Psychiatry 64:320-324).
GOOD_SECONDS: Final = 60.0
# At fewer frames a second short blinks fall between two frames.
LEAST_RATE_HZ: Final = 10.0


def blink_rate_evidence(observation: Observation, blinks: Sequence[BlinkLike]) -> tuple[Evidence, ...]:
    """Blinks a minute, with the interval that the time watched leaves."""
    seconds = observation.seconds(observation.lids_ok)
    if seconds < LEAST_SECONDS:
        return (BLINK_RATE.unseen(f"The lids were seen for {seconds:.1f} s: at least {LEAST_SECONDS:g} s are needed."),)
    if observation.rate_hz < LEAST_RATE_HZ:
        rate = f"{observation.rate_hz:.0f} frames a second"
        return (BLINK_RATE.unseen(f"{rate}: at least {LEAST_RATE_HZ:g} are needed."),)
    # Observers count partial blinks too: half of healthy blinks are (Ousler et al. 2014, Clin Ophthalmol 8:869).
    counted = [blink for blink in blinks if blink.kind != "long_closure"]
    count, partial = len(counted), sum(blink.kind == "partial_blink" for blink in counted)
    low, high = rate_interval_per_min(count, seconds)
    finding: Finding = "unclear"
    if low >= BLINK_RATE_LOW_PER_MIN:
        finding = "normal"
    elif high < BLINK_RATE_LOW_PER_MIN:
        finding = "abnormal"
    why = (
        f"{count} blinks ({partial} partial) in {seconds:.0f} s, 95 % interval {low:.1f} to {high:.1f} a minute. "
        "Reading and attentive looking lower the rate, talking raises it."
    )
    spans = observation.spans(observation.lids_ok)
    reliability: Reliability = "good" if seconds >= GOOD_SECONDS else "limited"
    return (BLINK_RATE.found(60 * count / seconds, finding, why, spans, reliability),)
