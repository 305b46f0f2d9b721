"""How often the lids close, over the time in which they were seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sightline.gaze.blinks.blink import Blink

_GAP_S: Final = 0.25
"""A longer step between two seen frames can hide a blink, and is not observed time; see `dips.GAP_S`."""


def observed_s(time_s: ArrayLike, seen: NDArray[np.bool_]) -> float:
    """The time in which a blink would have been seen: the sum of the steps between seen frames, without the gaps.

    Args:
        time_s: (n,) seconds, rising.
        seen: bool (n,), whether an eye was seen in the frame.
    """
    steps = np.diff(np.asarray(time_s, np.float64)[seen])
    return float(steps[steps <= _GAP_S].sum())


def blink_rate_per_min(blinks: Sequence[Blink], observed_for_s: float) -> float | None:
    """Blinks a minute, without partial blinks and long closures; None where nothing was observed."""
    count = sum(blink.kind == "blink" for blink in blinks)
    return 60 * count / observed_for_s if observed_for_s > 0 else None


def closed_share(blinks: Sequence[Blink], observed_for_s: float) -> float | None:
    """The share of the time in which the lids were between onset and offset of a blink or a long closure.

    None where nothing was observed. PERCLOS leaves out closing and reopening, so it is somewhat smaller.
    """
    if observed_for_s <= 0:
        return None
    closed_s = sum(blink.duration_s for blink in blinks if blink.kind != "partial_blink")
    return min(closed_s / observed_for_s, 1.0)
