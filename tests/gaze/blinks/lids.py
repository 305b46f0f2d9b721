"""Lids that move as we say: apertures of both eyes over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

OPEN, SHUT = 0.3, 0.03
CLOSING_S, REOPENING_S = 0.07, 0.16


@dataclass(frozen=True)
class Closure:
    """Lids begin to close at `start_s`, stay down for `shut_s`, by `way` (1 is all the way)."""

    start_s: float
    shut_s: float = 0.03
    way: float = 1.0
    closing_s: float = CLOSING_S
    reopening_s: float = REOPENING_S

    @property
    def end_s(self) -> float:
        return self.start_s + self.closing_s + self.shut_s + self.reopening_s

    def lowered(self, time_s: Floats) -> Floats:
        """0 open to 1 shut; the speed rises and falls as a half wave."""
        falling = np.clip((time_s - self.start_s) / self.closing_s, 0, 1)
        rising = np.clip((self.end_s - time_s) / self.reopening_s, 0, 1)
        lowered: Floats = self.way * (1 - np.cos(np.pi * np.minimum(falling, rising))) / 2
        return lowered


def frame_times(duration_s: float, fps: float) -> Floats:
    return np.arange(int(duration_s * fps)) / fps


def aperture(time_s: Floats, closures: Sequence[Closure], *, noise: float = 0.003, seed: int = 1) -> Floats:
    """(n,) opening over width, with noise of one standard deviation `noise`."""
    lowered: Floats = np.max([np.zeros_like(time_s), *(closure.lowered(time_s) for closure in closures)], axis=0)
    grain = np.random.default_rng(seed).normal(0, noise, len(time_s))
    return OPEN - (OPEN - SHUT) * lowered + grain


def regular(duration_s: float, every_s: float = 3.0) -> list[Closure]:
    """Blinks at a steady pace, away from the edges."""
    return [Closure(float(start)) for start in np.arange(1.5, duration_s - 1.5, every_s)]
