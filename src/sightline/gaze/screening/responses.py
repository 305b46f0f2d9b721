"""How the eyes answered each target of a protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.screening.latency import latency
from sightline.gaze.screening.observation import Observation, SaccadeLike
from sightline.gaze.screening.protocol import Target
from sightline.gaze.screening.references import HORIZONTAL_REACHED_DEG, RESTRICTED_BELOW_DEG
from sightline.gaze.screening.values import Span, TargetResponse

Floats = NDArray[np.float64]
Point = NDArray[np.float64]
Origin = Literal["center targets", "time without a target", "whole recording"]

# A position counts when it is held about as long as a fixation: the median over this time.
HELD_S: Final = 0.3
MIN_HELD_FRAMES: Final = 3
# The eyes are back at the centre when they are this near: the spread of medians at one point of a screen, measured on
# webcam pictures with irises of 10 to 14 px, is 0.6 to 1.7 degrees, so three of the worst.
CENTER_WITHIN_DEG: Final = 5.0
# Left and right count as swapped only where both went clearly the wrong way.
SWAPPED_DEG: Final = 5.0
# The time from the start of a target by which the eyes have come to rest at it, even with a long latency.
SETTLED_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Responses:
    """What the eyes did at all targets.

    Attributes:
        items: one for each target, in order of time.
        primary_from: what the primary position was taken from.
        mirrored: whether left and right are swapped in the picture; None where that cannot be told.
    """

    items: tuple[TargetResponse, ...]
    primary_from: Origin
    mirrored: bool | None

    def of(self, *targets: str) -> tuple[TargetResponse, ...]:
        """The responses to these targets that could be measured."""
        return tuple(item for item in self.items if item.target in targets and item.amplitude_deg is not None)

    def furthest(self, target: str) -> float | None:
        """The largest amplitude at a target; None where it was not asked for or not seen."""
        return max((item.amplitude_deg or 0.0 for item in self.of(target)), default=None)


def measure_responses(
    observation: Observation, targets: Sequence[Target], saccades: Sequence[SaccadeLike]
) -> Responses:
    """Measure every target's response.

    Amplitudes are of the eye in the head, from the primary position: where the eyes rest at `center`, or without such a
    target where they mostly are while none is asked for. A recording in which both left and right were answered the
    wrong way round is taken as mirrored.

    Args:
        observation: the clip.
        targets: what was asked for, in order of time; left and right are the participant's own.
        saccades: of the clip, in the gaze's own axes.
    """
    gaze = np.stack([observation.frames.gaze_h_deg, observation.frames.gaze_v_deg], axis=1)
    gaze[~observation.gaze_ok] = np.nan
    primary, primary_from = _primary(observation, gaze, targets)
    mirrored = _mirrored(observation, gaze, primary, targets)
    items = tuple(
        _response(observation, gaze, primary, target, saccades, mirrored=bool(mirrored)) for target in targets
    )
    return Responses(items, primary_from, mirrored)


def _primary(observation: Observation, gaze: Floats, targets: Sequence[Target]) -> tuple[Point, Origin]:
    time = observation.frames.time_s
    central, free = np.zeros(len(time), np.bool_), np.ones(len(time), np.bool_)
    for target in targets:
        free[observation.within(target.start_s, target.end_s)] = False
        if target.target == "center":
            central[_settled(observation, target)] = True
    candidates: tuple[tuple[NDArray[np.bool_], Origin], ...] = (
        (central, "center targets"),
        (free, "time without a target"),
    )
    for mask, origin in candidates:
        if (mask & observation.gaze_ok).sum() >= MIN_HELD_FRAMES and observation.seconds(
            mask & observation.gaze_ok
        ) >= HELD_S:
            return _middle(gaze[mask]), origin
    return _middle(gaze), "whole recording"


def _mirrored(observation: Observation, gaze: Floats, primary: Point, targets: Sequence[Target]) -> bool | None:
    """Whether every answer to left and right went the wrong way, or every one the right way."""
    turns: dict[str, list[float]] = {"left": [], "right": []}
    for target in targets:
        if target.target in turns:
            turn = _middle(gaze[_settled(observation, target)])[0] - primary[0]
            if np.isfinite(turn):
                # Unmirrored, the participant's left is the picture's right, where angles are positive.
                turns[target.target].append(float(turn if target.target == "left" else -turn))
    if not (turns["left"] and turns["right"]):
        return None
    both = turns["left"] + turns["right"]
    if max(both) <= -SWAPPED_DEG:
        return True
    return False if min(both) >= SWAPPED_DEG else None


def _response(
    observation: Observation,
    gaze: Floats,
    primary: Point,
    target: Target,
    saccades: Sequence[SaccadeLike],
    *,
    mirrored: bool,
) -> TargetResponse:
    rows = observation.within(target.start_s, target.end_s)
    usable = observation.gaze_ok[rows]
    share = min(1.0, observation.seconds(_only(observation.gaze_ok, rows)) / (target.end_s - target.start_s))
    turn = gaze[rows] - primary
    towards = -np.hypot(*turn.T) if target.target == "center" else turn @ _axis(target.target, mirrored=mirrored)
    held = _held_furthest(observation.frames.time_s[rows], towards)
    if held is None:
        why = "no frames at this target" if not len(usable) else "too few frames of this target can be used"
        return TargetResponse(
            target.target, target.start_s, target.end_s, None, None, None, None, why, None, round(share, 3)
        )
    span, furthest = held
    amplitude = -furthest if target.target == "center" else furthest
    held_at = _middle(gaze[observation.within(span[0], np.nextafter(span[1], np.inf))])
    latency_s, note = latency(observation, gaze, target, held_at, saccades)
    return TargetResponse(
        target.target,
        target.start_s,
        target.end_s,
        amplitude,
        _reached(target.target, amplitude),
        span,
        latency_s,
        note,
        _head_turn(observation, target, mirrored=mirrored),
        round(share, 3),
    )


def _axis(target: str, *, mirrored: bool) -> Point:
    """The target's direction in the gaze's axes: towards the right of the picture, up."""
    side = -1.0 if mirrored else 1.0
    return np.array({"up": (0, 1), "down": (0, -1), "left": (side, 0), "right": (-side, 0)}[target], np.float64)


def _held_furthest(time_s: Floats, towards_deg: Floats) -> tuple[Span, float] | None:
    """Where the median over `HELD_S` lies furthest in the direction: from when to when, and how far."""
    seen = np.isfinite(towards_deg)
    time, towards = time_s[seen], towards_deg[seen]
    best: tuple[Span, float] | None = None
    if len(time) < MIN_HELD_FRAMES:
        return None
    for start in np.arange(time[0], time[-1] - HELD_S / 2, HELD_S / 3):
        first, last = np.searchsorted(time, [start, start + HELD_S])
        if last - first >= MIN_HELD_FRAMES and time[last - 1] - time[first] >= HELD_S / 2:
            middle = float(np.median(towards[first:last]))
            if best is None or middle > best[1]:
                best = (float(time[first]), float(time[last - 1])), middle
    return best


def _reached(target: str, amplitude_deg: float) -> bool:
    if target == "center":
        return amplitude_deg <= CENTER_WITHIN_DEG
    return amplitude_deg >= (RESTRICTED_BELOW_DEG if target in ("up", "down") else HORIZONTAL_REACHED_DEG)


def _head_turn(observation: Observation, target: Target, *, mirrored: bool) -> float | None:
    """How far the head turned in the target's direction, from the second before it to its second half."""
    if target.target == "center":
        return None
    head = np.stack([observation.frames.yaw_deg, observation.frames.pitch_deg], axis=1)
    before = _middle(head[observation.within(target.start_s - 1.0, target.start_s + 0.1)])
    turn = float((_middle(head[_settled(observation, target)]) - before) @ _axis(target.target, mirrored=mirrored))
    return turn if np.isfinite(turn) else None


def _settled(observation: Observation, target: Target) -> slice:
    """The rows of a target once the eyes have come to rest there: its second half, or all but the first half second."""
    return observation.within(min(target.start_s + SETTLED_S, (target.start_s + target.end_s) / 2), target.end_s)


def _only(mask: NDArray[np.bool_], rows: slice) -> NDArray[np.bool_]:
    inside = np.zeros_like(mask)
    inside[rows] = mask[rows]
    return inside


def _middle(points: Floats) -> Point:
    """The median of the rows that are there; NaN where there is none."""
    finite = points[np.isfinite(points).all(axis=1)]
    return np.median(finite, axis=0) if len(finite) else np.full(2, np.nan)
