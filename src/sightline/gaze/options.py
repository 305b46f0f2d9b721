"""What a caller may choose, by the names that existing clients send."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from sightline.errors import BadInputError

DEFAULT_BLINK_THRESH: Final = 0.18
DEFAULT_BLINK_MIN_FRAMES: Final = 2


@dataclass(frozen=True, slots=True)
class GazeOptions:
    """The parameters of an analysis, checked when it is made.

    Attributes:
        step: every how many frames one is looked at.
        vpp_thresh: `vertical_peak_to_peak` under it is a restricted vertical range, in openings of the person's eye.
        blink_thresh: opening over width under which the fixed rule calls an eye closed.
        max_frames: the most frames that are looked at.
        blink_min_frames: how many closed frames in a row the fixed rule calls a blink.

    Raises:
        BadInputError: a value is of the wrong type or out of its range; the message names it and its limit.
    """

    step: int = 1
    vpp_thresh: float = 0.06
    blink_thresh: float = DEFAULT_BLINK_THRESH
    max_frames: int = 12_000
    blink_min_frames: int = DEFAULT_BLINK_MIN_FRAMES

    def __post_init__(self) -> None:
        # 10,000 is far beyond any use; 200,000 frames are an hour at 55 a second, what one report can still show.
        _check_int("step", self.step, 10_000)
        _check_int("max_frames", self.max_frames, 200_000)
        _check_int("blink_min_frames", self.blink_min_frames, 10_000)
        # Both are ratios of lengths within one eye: at 1 every eye would be closed, every range restricted.
        _check_ratio("vpp_thresh", self.vpp_thresh)
        _check_ratio("blink_thresh", self.blink_thresh)

    @property
    def fixed_blink_rule(self) -> bool:
        """Whether the guide's fixed rule counts blinks: it does where one of its parameters was chosen."""
        return (self.blink_thresh, self.blink_min_frames) != (DEFAULT_BLINK_THRESH, DEFAULT_BLINK_MIN_FRAMES)


def _check_int(name: str, value: object, largest: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= largest:
        raise BadInputError(f"{name} is {value!r}: it should be a whole number from 1 to {largest}")


def _check_ratio(name: str, value: object) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not number or not 0 < value < 1:  # type: ignore[operator]
        raise BadInputError(f"{name} is {value!r}: it should be a number between 0 and 1")
