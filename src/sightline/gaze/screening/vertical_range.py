"""O1: how far the eyes go up and down, absolutely and against how far they go to the sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from sightline.gaze.screening.observation import Observation
from sightline.gaze.screening.references import (
    HORIZONTAL_FROM_DEG,
    NORMAL_FROM_DEG,
    NORMAL_RATIO,
    RANGE_DOWN,
    RANGE_HORIZONTAL,
    RANGE_RATIO,
    RANGE_UP,
    RANGE_VERTICAL,
    RESTRICTED_BELOW_DEG,
    RESTRICTED_RATIO,
)
from sightline.gaze.screening.responses import Responses
from sightline.gaze.screening.values import Evidence, Finding, Span

READING: Final = (
    "Vertical degrees are less exact than horizontal ones: with small irises they read up to 2.3 times as large."
)


class VerticalLike(Protocol):
    """What is used of the range over the whole clip (`gaze.vertical.VerticalGaze`)."""

    @property
    def peak_to_peak(self) -> float | None: ...
    @property
    def range_up_deg(self) -> float | None: ...
    @property
    def range_down_deg(self) -> float | None: ...
    @property
    def horizontal_range_deg(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class GazeRange:
    """How far the eyes went from the primary position, in measured degrees of the eye in the head.

    Attributes:
        up_deg, down_deg: to either side; None where not seen.
        horizontal_deg: from side to side.
        asked: whether up and down were both asked for. Otherwise the range is merely what the eyes happened to do.
        vertical_spans, horizontal_spans: when.
    """

    up_deg: float | None
    down_deg: float | None
    horizontal_deg: float | None
    asked: bool
    vertical_spans: tuple[Span, ...]
    horizontal_spans: tuple[Span, ...]

    @property
    def vertical_deg(self) -> float | None:
        return None if self.up_deg is None or self.down_deg is None else self.up_deg + self.down_deg

    @property
    def ratio(self) -> float | None:
        """Vertical against horizontal; None unless the horizontal range shows that the eyes were moved at all."""
        if self.vertical_deg is None or self.horizontal_deg is None or self.horizontal_deg < HORIZONTAL_FROM_DEG:
            return None
        return max(self.vertical_deg, 0.0) / self.horizontal_deg


def gaze_range(observation: Observation, responses: Responses, vertical: VerticalLike) -> GazeRange:
    """The range from the responses to targets; what was not asked for, from the whole clip.

    Args:
        observation: the clip.
        responses: to the targets of the protocol.
        vertical: the range over the whole clip.
    """
    directions = {item.target for item in responses.items}
    whole = observation.spans(observation.gaze_ok)
    left, right = responses.furthest("left"), responses.furthest("right")
    sides_asked = {"left", "right"} <= directions
    return GazeRange(
        up_deg=responses.furthest("up") if "up" in directions else vertical.range_up_deg,
        down_deg=responses.furthest("down") if "down" in directions else vertical.range_down_deg,
        horizontal_deg=(None if left is None or right is None else left + right)
        if sides_asked
        else vertical.horizontal_range_deg,
        asked={"up", "down"} <= directions,
        vertical_spans=_held(responses, "up", "down") or whole,
        horizontal_spans=_held(responses, "left", "right") or whole,
    )


def vertical_range_evidence(found: GazeRange) -> tuple[Evidence, ...]:
    """Each direction, both together, the sides, and vertical against horizontal."""
    asked = "" if found.asked else "Up and down were not both asked for: this is what the eyes happened to do. "
    reading = f"{asked}{READING}"
    unseen = "Too few usable frames." if found.asked else "Too few usable frames, or only the other side was asked for."
    vertical = ((RANGE_UP, found.up_deg, 1), (RANGE_DOWN, found.down_deg, 1), (RANGE_VERTICAL, found.vertical_deg, 2))
    return (
        *(
            measure.unseen(unseen)
            if value is None
            else measure.found(
                value,
                _finding(value, sides * RESTRICTED_BELOW_DEG, sides * NORMAL_FROM_DEG, asked=found.asked),
                reading,
                found.vertical_spans,
            )
            for measure, value, sides in vertical
        ),
        _horizontal(found),
        RANGE_RATIO.unseen(
            f"Needs a horizontal range of at least {HORIZONTAL_FROM_DEG:g} degrees beside a vertical one."
        )
        if found.ratio is None
        else RANGE_RATIO.found(
            found.ratio,
            _finding(found.ratio, RESTRICTED_RATIO, NORMAL_RATIO, asked=found.asked),
            reading,
            found.vertical_spans + found.horizontal_spans,
        ),
    )


def _horizontal(found: GazeRange) -> Evidence:
    if found.horizontal_deg is None:
        return RANGE_HORIZONTAL.unseen("Too few usable frames.")
    wide = found.horizontal_deg >= HORIZONTAL_FROM_DEG
    why = f"Under {HORIZONTAL_FROM_DEG:g} degrees it does not show that the eyes were moved as far as they go."
    return RANGE_HORIZONTAL.found(found.horizontal_deg, "normal" if wide else "unclear", why, found.horizontal_spans)


def _finding(value: float, restricted: float, normal: float, *, asked: bool) -> Finding:
    if value >= normal:
        return "normal"
    return "abnormal" if asked and value < restricted else "unclear"


def _held(responses: Responses, *targets: str) -> tuple[Span, ...]:
    return tuple(item.held_s for item in responses.of(*targets) if item.held_s is not None)
