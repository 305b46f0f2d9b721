"""How the verdict comes about. It is made to be specific: it rather says too little than suspects somebody wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sightline.gaze.gates import MOST_DEG_PER_PX
from sightline.gaze.screening.observation import Observation
from sightline.gaze.screening.references import (
    HORIZONTAL_FROM_DEG,
    NORMAL_FROM_DEG,
    RESTRICTED_BELOW_DEG,
    RESTRICTED_RATIO,
)
from sightline.gaze.screening.responses import Responses
from sightline.gaze.screening.values import Verdict
from sightline.gaze.screening.vertical_range import GazeRange

# Targets in one direction together: a second in which nothing is read proves no restriction.
LEAST_SECONDS: Final = 1.0
LEAST_SHARE: Final = 0.5
# A head that turns as far as a restricted range has done the eyes' work.
MOST_HEAD_DEG: Final = RESTRICTED_BELOW_DEG

_DIRECTIONS: Final = ("up", "down")


def decide(
    observation: Observation,
    responses: Responses,
    found: GazeRange,
    peak_to_peak: float | None,
    vpp_thresh: float,
) -> tuple[Verdict, str]:
    """The verdict and how it came about.

    Suspected needs all of: up and down asked for and well seen; `peak_to_peak` under `vpp_thresh` (the rule that
    clients know); the range restricted both upward and downward, and against the horizontal range. Not
    suspected needs a normal range both upward and downward, at targets. All else is insufficient data.

    Args:
        observation: the clip.
        responses: to the targets.
        found: the range of gaze.
        peak_to_peak: 95th minus 5th percentile of `v_offset`, in openings of the eye; None where not measurable.
        vpp_thresh: what it must be under.
    """
    if not observation.gaze_ok.any() or peak_to_peak is None:
        return "insufficient_data", "No gaze could be read: there are too few usable frames."
    rule = (
        f"vertical_peak_to_peak {peak_to_peak:.3f} is {'under' if peak_to_peak < vpp_thresh else 'not under'} "
        f"{vpp_thresh:g}"
    )
    if not found.asked:
        reason = (
            "No evidence that vertical gaze was asked for: it takes a protocol with up and down targets. Whoever looks "
            f"steadily at the lens moves the eyes little, so the figure alone says nothing ({rule})."
        )
        return "insufficient_data", reason
    if unseen := [direction for direction in _DIRECTIONS if not responses.of(direction)]:
        return "insufficient_data", f"The gaze could not be read at the targets {' and '.join(unseen)} ({rule})."
    up, down = found.up_deg or 0.0, found.down_deg or 0.0
    reached = f"{up:.1f} degrees up and {down:.1f} down at the targets"
    if min(up, down) >= NORMAL_FROM_DEG:
        reason = f"The vertical range is not restricted: {reached}, {NORMAL_FROM_DEG:g} or more each ({rule})."
        return "not_suspected", reason
    if max(up, down) >= RESTRICTED_BELOW_DEG:
        reason = (
            f"The vertical range is neither clearly restricted (under {RESTRICTED_BELOW_DEG:g} degrees up and down) "
            f"nor normal ({NORMAL_FROM_DEG:g} or more each): {reached}. The targets may have been too near ({rule})."
        )
        return "insufficient_data", reason
    objections = list(_objections(observation, responses, found))
    if peak_to_peak >= vpp_thresh:
        objections.insert(0, f"{rule}, as it would be with a restricted range")
    return _restricted(objections, found, reached, rule)


def _restricted(objections: list[str], found: GazeRange, reached: str, rule: str) -> tuple[Verdict, str]:
    """What a small range both upward and downward means."""
    if objections:
        return "insufficient_data", f"The vertical range is small ({reached}), but {'; '.join(objections)}."
    reason = (
        f"The vertical range is restricted: {reached}, under {RESTRICTED_BELOW_DEG:g} each; against the horizontal "
        f"range of {found.horizontal_deg:.1f} degrees the ratio is {found.ratio:.2f}, under {RESTRICTED_RATIO:g}; "
        f"{rule}."
    )
    return "suspected", reason


def _objections(observation: Observation, responses: Responses, found: GazeRange) -> Iterator[str]:
    """What speaks against taking a small vertical range for a restricted one."""
    for direction in _DIRECTIONS:
        items = responses.of(direction)
        seen_s = sum(item.usable_share * (item.end_s - item.start_s) for item in items)
        share = seen_s / sum(item.end_s - item.start_s for item in responses.items if item.target == direction)
        if seen_s < LEAST_SECONDS or share < LEAST_SHARE:
            yield (
                f"the gaze was read in {seen_s:.1f} s ({share:.0%}) of the time at {direction}: {LEAST_SECONDS:g} s "
                f"and {LEAST_SHARE:.0%} are needed"
            )
        head = max((item.head_deg or 0.0 for item in items), default=0.0)
        if head > MOST_HEAD_DEG:
            yield f"the head turned {head:.0f} degrees {direction} instead of the eyes (limit {MOST_HEAD_DEG:g})"
    if not observation.deg_per_px <= MOST_DEG_PER_PX:
        yield (
            f"the irises are too small in the picture: {observation.deg_per_px:.1f} degrees a pixel (limit "
            f"{MOST_DEG_PER_PX:g})"
        )
    if found.ratio is None:
        yield (
            f"the horizontal range is {found.horizontal_deg or 0.0:.1f} degrees, too small to compare with (from "
            f"{HORIZONTAL_FROM_DEG:g}): the targets may not have been followed"
        )
    elif found.ratio >= RESTRICTED_RATIO:
        yield (
            f"it is not restricted against the horizontal range of {found.horizontal_deg:.1f} degrees: ratio "
            f"{found.ratio:.2f}, not under {RESTRICTED_RATIO:g}"
        )
