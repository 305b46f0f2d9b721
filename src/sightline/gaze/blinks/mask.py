"""Which frames' gaze a blink spoils."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sightline.gaze.blinks.blink import Blink

BEFORE_S: Final = 0.07
AFTER_S: Final = 0.1
"""In 31 blinks at 30 frames a second the iris's landmark falls by 0.09 eye widths (0.06 to 0.12 in nine of ten). A
frame before the onset it is 0.003 from where it was, a frame after the offset 0.001 from where it will be, which is
the noise of a frame; the margins are two frames and three."""


def blink_mask(
    time_s: ArrayLike, blinks: Iterable[Blink], *, before_s: float = BEFORE_S, after_s: float = AFTER_S
) -> NDArray[np.bool_]:
    """Mark the frames in and around closures of every kind.

    Args:
        time_s: (n,) seconds, rising.
        blinks: what `detect_blinks` or `fixed_rule_blinks` found.
        before_s: how long before the onset the iris's position is not to be trusted.
        after_s: the same after the offset.

    Returns:
        Bool (n,), True where gaze is to be masked.
    """
    time = np.asarray(time_s, np.float64)
    mask = np.zeros(len(time), np.bool_)
    for blink in blinks:
        mask |= (time >= blink.onset_s - before_s) & (time <= blink.offset_s + after_s)
    return mask
