"""What one recording lets be seen: how often, how long, how exactly, and where in the picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.frames import Frames
from sightline.gaze.screening.values import Span

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# A frame stands for the time to the next one, but never for more than this many usual intervals: the rest is a gap.
LONGEST_STEP: Final = 2.5
# Shorter interruptions (a blink) do not end a stretch of evidence.
BRIDGED_S: Final = 1.0


class BlinkLike(Protocol):
    """What is used of a blink (`gaze.blinks.Blink`)."""

    @property
    def onset_s(self) -> float: ...
    @property
    def offset_s(self) -> float: ...
    @property
    def duration_s(self) -> float: ...
    @property
    def reopening_s(self) -> float: ...
    @property
    def kind(self) -> str: ...
    @property
    def truncated(self) -> bool: ...


class SaccadeLike(Protocol):
    """What is used of a saccade (`gaze.movements.Saccade`)."""

    @property
    def onset_s(self) -> float: ...
    @property
    def offset_s(self) -> float: ...
    @property
    def amplitude_deg(self) -> float: ...
    @property
    def horizontal_deg(self) -> float: ...
    @property
    def vertical_deg(self) -> float: ...
    @property
    def peak_velocity_deg_s(self) -> float | None: ...
    @property
    def peak_velocity_lower_deg_s(self) -> float: ...


class JerkLike(Protocol):
    """What is used of a square-wave jerk (`gaze.movements.SquareWaveJerk`)."""

    @property
    def onset_s(self) -> float: ...
    @property
    def offset_s(self) -> float: ...
    @property
    def amplitude_deg(self) -> float: ...


@dataclass(frozen=True)
class Observation:
    """A clip's frames with what can be said of them as evidence."""

    frames: Frames

    @cached_property
    def interval_s(self) -> float:
        """The usual time from one frame that was looked at to the next; NaN for fewer than two frames."""
        time = self.frames.time_s
        return float(np.median(np.diff(time))) if len(time) > 1 else math.nan

    @property
    def step_s(self) -> float:
        """The same, 0 where there are too few frames to tell."""
        return self.interval_s if math.isfinite(self.interval_s) else 0.0

    @property
    def rate_hz(self) -> float:
        """Frames looked at in a second; 0 where there are too few to tell."""
        return 1 / self.interval_s if self.interval_s > 0 else 0.0

    @cached_property
    def gaze_ok(self) -> Mask:
        """Bool (n,): gaze can be read from the frame."""
        frames = self.frames
        return (
            frames.usable & ~frames.blink_mask & np.isfinite(frames.gaze_h_deg) & np.isfinite(frames.gaze_v_deg)
        ).astype(np.bool_)

    @cached_property
    def lids_ok(self) -> Mask:
        """Bool (n,): the lids' opening can be read from the frame."""
        return (self.frames.usable & np.isfinite(self.frames.aperture)).astype(np.bool_)

    def seconds(self, mask: Mask) -> float:
        """The time that the frames of a mask cover."""
        if not len(mask):
            return 0.0
        steps = np.minimum(np.append(np.diff(self.frames.time_s), self.step_s), LONGEST_STEP * self.step_s)
        return float(steps[mask].sum())

    def spans(self, mask: Mask, bridged_s: float = BRIDGED_S) -> tuple[Span, ...]:
        """From when to when the frames of a mask reach, interruptions of up to `bridged_s` left out."""
        time = self.frames.time_s[mask]
        if not len(time):
            return ()
        breaks = np.flatnonzero(np.diff(time) > bridged_s)
        starts, ends = time[np.append(0, breaks + 1)], time[np.append(breaks, len(time) - 1)]
        return tuple((float(start), float(end)) for start, end in zip(starts, ends, strict=True))

    def within(self, start_s: float, end_s: float) -> slice:
        """The rows of the half-open stretch of time."""
        first, last = np.searchsorted(self.frames.time_s, [start_s, end_s])
        return slice(int(first), int(last))

    @cached_property
    def deg_per_px(self) -> float:
        """The usual turn of the eye behind one pixel of the iris; NaN where no gaze can be read."""
        return _median(self.frames.deg_per_px[self.gaze_ok])


def _median(values: Floats) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if len(finite) else math.nan


def event_spans(events: Sequence[BlinkLike | SaccadeLike | JerkLike]) -> tuple[Span, ...]:
    """From onset to offset of each event."""
    return tuple((event.onset_s, event.offset_s) for event in events)
