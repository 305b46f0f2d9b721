"""What an animated face does and when: gaze, blinks, movement of head and camera, as functions of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Course = Callable[[Floats], Floats]


def still(value: float = 0.0) -> Course:
    """Always the same."""
    return lambda time_s: np.full_like(time_s, value)


def sweep(amplitude: float, period_s: float, phase: float = 0.0) -> Course:
    """A sine."""
    return lambda time_s: amplitude * np.sin(2 * np.pi * (time_s / period_s + phase))


def jumps(steps: Sequence[tuple[float, float]]) -> Course:
    """Saccades to degrees, each starting at its second: (0.0, 0.0) first, then in order of time.

    A saccade of A degrees lasts 21 + 2.2 A ms (the main sequence: Bahill et al. 1975; Leigh & Zee), with the smooth
    shape of a least-jerk movement.
    """

    def path(time_s: Floats) -> Floats:
        angle = np.full_like(time_s, steps[0][1])
        for (_, before), (start_s, after) in pairwise(steps):
            done = np.clip((time_s - start_s) / (0.021 + 0.0022 * abs(after - before)), 0.0, 1.0)
            angle += (after - before) * done**3 * (10 - 15 * done + 6 * done**2)
        return angle

    return path


@dataclass(frozen=True, slots=True)
class TrueBlink:
    """A blink: the lids start down at `onset_s`, close fast, rest, and open in about twice the time.

    `completeness` is 1 for lids that meet.
    """

    onset_s: float
    closing_s: float = 0.10
    rest_s: float = 0.04
    opening_s: float = 0.18
    completeness: float = 1.0

    @property
    def offset_s(self) -> float:
        return self.onset_s + self.closing_s + self.rest_s + self.opening_s

    def closure(self, time_s: Floats) -> Floats:
        """0 open to 1 closed, at each time."""
        down = np.clip((time_s - self.onset_s) / self.closing_s, 0.0, 1.0)
        up = np.clip((self.offset_s - time_s) / self.opening_s, 0.0, 1.0)
        shut: Floats = self.completeness * 0.25 * (1 - np.cos(np.pi * down)) * (1 - np.cos(np.pi * up))
        return shut


@dataclass(frozen=True, slots=True)
class Performance:
    """What is played in a clip.

    Attributes:
        duration_s, fps: length and mean rate.
        gaze_h_deg, gaze_v_deg: of both eyes in the head, right of the picture and up positive.
        blinks: of both eyes.
        roll_deg: the head's tilt, clockwise as seen.
        zoom: factor on the face's size.
        drift_x_px, drift_y_px: where the face moves in the picture.
        light: factor on the brightness.
        noise: standard deviation of the sensor's noise in grey levels.
        timing_jitter: 0 for a constant frame rate; else how much of an interval a frame comes early or late, and one
            frame in twelve is dropped, as phones do in poor light.
        seed: of noise and jitter.
    """

    duration_s: float = 4.0
    fps: float = 30.0
    gaze_h_deg: Course = field(default_factory=still)
    gaze_v_deg: Course = field(default_factory=still)
    blinks: tuple[TrueBlink, ...] = ()
    roll_deg: Course = field(default_factory=still)
    zoom: Course = field(default_factory=lambda: still(1.0))
    drift_x_px: Course = field(default_factory=still)
    drift_y_px: Course = field(default_factory=still)
    light: Course = field(default_factory=lambda: still(1.0))
    noise: float = 2.0
    timing_jitter: float = 0.0
    seed: int = 0

    def times(self) -> Floats:
        """Presentation times in seconds, multiples of 1/90000, as the container keeps them."""
        times = np.arange(round(self.duration_s * self.fps)) / self.fps
        if self.timing_jitter:
            rng = np.random.default_rng(self.seed)
            times[1:] += self.timing_jitter / self.fps * rng.uniform(-0.5, 0.5, len(times) - 1)
            kept = rng.random(len(times)) > 1 / 12
            kept[0] = True
            times = times[kept]
        exact: Floats = np.round(times * TICKS_PER_S) / TICKS_PER_S
        return exact

    def closure(self, time_s: Floats) -> Floats:
        """How far the lids are shut by blinks, 0..1."""
        shut: Floats = np.max([np.zeros_like(time_s), *(blink.closure(time_s) for blink in self.blinks)], axis=0)
        return shut


TICKS_PER_S: Final = 90_000


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What a clip's frames show, known because it was drawn so; float64 (n,) unless said otherwise.

    Attributes:
        time_s, gaze_h_deg, gaze_v_deg, closure, roll_deg: as played, see `Performance`.
        left_iris_px, right_iris_px: (n, 2), centres of the person's own left and right iris in the picture.
        iris_diameter_px: of both.
        blinks: as played.
    """

    time_s: Floats
    gaze_h_deg: Floats
    gaze_v_deg: Floats
    closure: Floats
    roll_deg: Floats
    left_iris_px: Floats
    right_iris_px: Floats
    iris_diameter_px: Floats
    blinks: tuple[TrueBlink, ...]
