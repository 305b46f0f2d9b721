"""O3, second part: closures that the lids stay shut in, and how slowly they open again."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Final

from sightline.gaze.screening.observation import BlinkLike, Observation, event_spans
from sightline.gaze.screening.references import CLOSURE, REOPENING, REOPENING_NORMAL_S
from sightline.gaze.screening.values import Evidence

LEAST_SECONDS: Final = 10.0
LEAST_BLINKS: Final = 3
# At fewer frames a second a reopening is a frame or two.
LEAST_RATE_HZ: Final = 20.0


def lid_evidence(observation: Observation, blinks: Sequence[BlinkLike]) -> tuple[Evidence, ...]:
    """The longest closure, and the median time of reopening.

    Neither is ever called abnormal: a picture does not show whether somebody cannot open the lids or does not want to.
    """
    return _closures(observation, blinks), _reopening(observation, blinks)


def _closures(observation: Observation, blinks: Sequence[BlinkLike]) -> Evidence:
    seconds = observation.seconds(observation.lids_ok)
    if seconds < LEAST_SECONDS:
        return CLOSURE.unseen(f"The lids were seen for {seconds:.1f} s: at least {LEAST_SECONDS:g} s are needed.")
    long = [blink for blink in blinks if blink.kind == "long_closure"]
    if not long:
        why = f"No long closure in {seconds:.0f} s."
        return CLOSURE.found(0.0, "normal", why, observation.spans(observation.lids_ok))
    why = f"{len(long)} long closures in {seconds:.0f} s. Whether they were meant cannot be seen."
    return CLOSURE.found(max(blink.duration_s for blink in long), "unclear", why, event_spans(long))


def _reopening(observation: Observation, blinks: Sequence[BlinkLike]) -> Evidence:
    if observation.rate_hz < LEAST_RATE_HZ:
        return REOPENING.unseen(f"{observation.rate_hz:.0f} frames a second: at least {LEAST_RATE_HZ:g} are needed.")
    whole = [b for b in blinks if b.kind != "long_closure" and not b.truncated and math.isfinite(b.reopening_s)]
    if len(whole) < LEAST_BLINKS:
        return REOPENING.unseen(f"{len(whole)} whole blinks: at least {LEAST_BLINKS} are needed.")
    middle = statistics.median(blink.reopening_s for blink in whole)
    why = f"Median of {len(whole)} blinks, each to {1000 * observation.interval_s:.0f} ms, one frame."
    return REOPENING.found(middle, "normal" if middle <= REOPENING_NORMAL_S else "unclear", why, event_spans(whole))
