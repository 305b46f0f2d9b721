"""How far the eyes move up and down, and for comparison to the sides.

What counts is the eye in the head: it is what progressive supranuclear palsy restricts (MDS criterion O1, Hoglinger et
al., Mov Disord 2017), and what a doctor tests with the head held. Someone who nods while the eyes stay on the camera
turns them in the head as well, and that counts: the oculocephalic reflex moves the same muscles. Someone who follows a
target with the head spares the eyes, so a small range beside a head that moved says little: the head's range over the
same frames is given with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.frames import Frames

Floats = NDArray[np.float64]
Origin = Literal["targets", "whole_clip"]

MIN_FRAMES: Final = 10
"""Fewer usable frames have no percentiles worth the name."""

HELD_S: Final = 0.2
"""A position counts when it is held about as long as the shortest fixation between two saccades (Leigh & Zee, The
Neurology of Eye Movements, 5th ed., ch. 4: intersaccadic interval about 0.2 s): a running median over this time."""

EXTREME_PERCENT: Final = 2.0
"""The range goes from this percentile of the held positions to its mirror image: a look up of one second counts in a
clip of 50."""

STEADY_RANGE_DEG: Final = 10.0
"""A range that people reach who were asked for nothing: of 16 clips of people who look ahead and blink for five seconds
(ZJU), half stay under 7 degrees and two thirds under this."""


class Target(Protocol):
    """Where the person was asked to look, see `screening.protocol`; left and right are the person's own."""

    @property
    def start_s(self) -> float: ...
    @property
    def end_s(self) -> float: ...
    @property
    def target(self) -> str: ...


@dataclass(frozen=True, slots=True)
class VerticalGaze:
    """Vertical gaze over a clip; None where there was not enough to see, or where nothing of the kind was asked for.

    Attributes:
        peak_to_peak: 95th minus 5th percentile of `v_offset`, in openings of the person's open eye.
        offset_std: standard deviation of `v_offset`, same unit.
        range_up_deg, range_down_deg: how far the eyes turn up and down from the primary position, both positive.
        vertical_range_deg: from the lowest position to the highest.
        horizontal_range_deg: from the leftmost position to the rightmost.
        ratio: vertical over horizontal range; None unless the horizontal one is movement.
        vertical_origin, horizontal_origin: "targets" where ranges come from the positions held at the targets of a
            protocol, "whole_clip" where they are percentiles over the clip.
        vertical_moved, horizontal_moved: the range is more than noise and a steady gaze explain.
        noise_deg, horizontal_noise_deg: standard deviation of one frame's vertical and horizontal gaze.
        head_pitch_range_deg: how far the head moved up and down in the same frames.
        frames: usable frames outside blinks, on which all this rests.
    """

    peak_to_peak: float | None
    offset_std: float | None
    range_up_deg: float | None
    range_down_deg: float | None
    vertical_range_deg: float | None
    horizontal_range_deg: float | None
    ratio: float | None
    vertical_origin: Origin
    horizontal_origin: Origin
    vertical_moved: bool
    horizontal_moved: bool
    noise_deg: float | None
    horizontal_noise_deg: float | None
    head_pitch_range_deg: float | None
    frames: int


@dataclass(frozen=True, slots=True)
class _Range:
    """One axis: how far to its negative and positive side of the primary position, and how noisy it is."""

    below_deg: float | None
    above_deg: float | None
    origin: Origin
    noise_deg: float | None
    moved: bool

    @property
    def whole_deg(self) -> float | None:
        return None if self.below_deg is None or self.above_deg is None else self.below_deg + self.above_deg


def vertical_gaze(frames: Frames, targets: Sequence[Target] = ()) -> VerticalGaze:
    """Measure the range of gaze of a clip whose blinks are marked.

    Without targets the primary position is the one where the eyes mostly are (the median), and the range that of the
    positions held. With targets it is where the eyes rest at "center", and the range is from the position held at
    "down" to that at "up", the farthest of several; a side that was not asked for is None.

    Args:
        frames: the clip; frames that a gate or a blink rules out are left out.
        targets: what the person was asked to look at, with start and end in seconds of the clip.
    """
    trusted = frames.usable & ~frames.blink_mask & np.isfinite(frames.v_offset) & np.isfinite(frames.gaze_v_deg)
    count = int(trusted.sum())
    vertical = _range(frames.time_s, frames.gaze_v_deg, trusted, targets, ("down", "up"))
    # A participant's own right is to the left of the picture, unless the camera mirrored it: then both are negative.
    horizontal = _range(frames.time_s, frames.gaze_h_deg, trusted, targets, ("right", "left"))
    enough = count >= MIN_FRAMES
    offset, pitch = frames.v_offset[trusted], frames.pitch_deg[trusted]
    whole, across = vertical.whole_deg, horizontal.whole_deg
    across = None if across is None else abs(across)
    return VerticalGaze(
        peak_to_peak=_spread(offset, 5.0) if enough else None,
        offset_std=float(offset.std()) if enough else None,
        range_up_deg=vertical.above_deg,
        range_down_deg=vertical.below_deg,
        vertical_range_deg=whole,
        horizontal_range_deg=across,
        ratio=whole / across if whole is not None and across and horizontal.moved else None,
        vertical_origin=vertical.origin,
        horizontal_origin=horizontal.origin,
        vertical_moved=vertical.moved,
        horizontal_moved=horizontal.moved,
        noise_deg=vertical.noise_deg,
        horizontal_noise_deg=horizontal.noise_deg,
        head_pitch_range_deg=_spread(pitch[np.isfinite(pitch)], EXTREME_PERCENT) if enough else None,
        frames=count,
    )


def _range(
    time_s: Floats, angle_deg: Floats, trusted: NDArray[np.bool_], targets: Sequence[Target], sides: tuple[str, str]
) -> _Range:
    """How far one axis goes to its negative and its positive side, called by `sides`."""
    asked = [target for target in targets if target.target in sides]
    origin: Origin = "targets" if asked else "whole_clip"
    if trusted.sum() < MIN_FRAMES:
        return _Range(None, None, origin, None, moved=False)
    angle = np.where(trusted, angle_deg, np.nan)
    noise = _frame_noise(angle)
    if asked:
        held = {side: _held(time_s, angle, targets, side) for side in (*sides, "center")}
        primary = float(np.median(held["center"])) if held["center"] else float(np.nanmedian(angle))
        below = primary - min(held[sides[0]]) if held[sides[0]] else None
        above = max(held[sides[1]]) - primary if held[sides[1]] else None
    else:
        held_now = _running_median(angle, _frames_in(time_s, HELD_S))
        seen = held_now if np.isfinite(held_now).any() else angle
        low, primary, high = np.nanpercentile(seen, [EXTREME_PERCENT, 50.0, 100.0 - EXTREME_PERCENT])
        below, above = float(primary - low), float(high - primary)
    # White noise of standard deviation s spreads over 4.1 s between its 2nd and 98th percentile.
    floor = max(STEADY_RANGE_DEG, 4.1 * (noise or 0.0))
    return _Range(below, above, origin, noise, moved=abs((below or 0.0) + (above or 0.0)) > floor)


def _held(time_s: Floats, angle_deg: Floats, targets: Sequence[Target], side: str) -> list[float]:
    """The median angle in the second half of each of a side's targets: by then the eyes have come to rest there."""
    medians = []
    for target in targets:
        if target.target == side:
            half = (target.start_s + target.end_s) / 2
            inside = angle_deg[(time_s >= half) & (time_s < target.end_s)]
            if np.isfinite(inside).any():
                medians.append(float(np.nanmedian(inside)))
    return medians


def _frame_noise(angle_deg: Floats) -> float | None:
    """Standard deviation of one frame's noise, from second differences, which movement hardly changes.

    Of independent noise s the second difference has the standard deviation sqrt(1 + 4 + 1) s; the median of its size
    makes the few large ones of saccades count as little as the others.
    """
    bends = np.abs(np.diff(angle_deg, 2))
    bends = bends[np.isfinite(bends)]
    return float(np.median(bends) * 1.4826 / np.sqrt(6)) if bends.size else None


def _frames_in(time_s: Floats, duration_s: float) -> int:
    """The odd number of frames that fill a duration best, at least one."""
    interval = float(np.median(np.diff(time_s))) if len(time_s) > 1 else duration_s
    return 2 * int(duration_s / max(interval, 1e-6) / 2) + 1


def _running_median(values: Floats, length: int) -> Floats:
    """Median of `length` values around each; NaN where fewer than half of them are there, so gaps stay gaps."""
    padded = np.pad(values, length // 2, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, length)
    enough = np.isfinite(windows).sum(axis=1) * 2 > length
    medians = np.full(len(values), np.nan)
    medians[enough] = np.nanmedian(windows[enough], axis=1)
    return medians


def _spread(values: Floats, percent: float) -> float | None:
    """The range between a percentile and its mirror image."""
    return float(np.subtract(*np.percentile(values, [100.0 - percent, percent]))) if values.size else None
