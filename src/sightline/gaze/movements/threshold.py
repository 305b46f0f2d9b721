"""What counts as a jump of the gaze in this series: derived from its sampling rate and its own noise, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.movements.series import interval_s, stretches
from sightline.gaze.movements.velocity import Steps, spread, steps

Floats = NDArray[np.float64]

LAMBDA: Final = 5.0
"""Standard deviations of the step that a saccade exceeds (Engbert & Mergenthaler, PNAS 103:7192, 2006). On the EyeLink
recordings 4 to 6 give an F1 within 0.02 of each other; Gaussian noise passes 5 once in 270,000 samples."""

SLOWEST_DEG_S: Final = 8.0
SMALLEST_DEG: Final = 0.2
"""In a series without noise too, what moves slower than the first is drift, and what steps less than the second no
saccade that one could tell: people mark few below it (6 of 372 in the EyeLink recordings)."""

SHORTEST_SIDE_S: Final = 0.004
"""Time averaged on each side of a step at high rates, as Engbert & Kliegl's two samples at 500 Hz."""

LONGEST_SIDE_S: Final = 0.1
"""At most this much is averaged to fight noise: half of the usual pause between two saccades."""

WANTED_DEG: Final = 0.5
"""Averaging stops when steps of this size stand out: square-wave jerks begin here (Leigh & Zee)."""

MIN_SAMPLES: Final = 8
"""A stretch with fewer samples has no level before and after a saccade."""


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """Steps with a number of samples averaged on each side.

    Attributes:
        samples: how many, at most.
        noise_deg: (2,) standard deviation of the step, horizontal and vertical.
        limit_deg: (2,) half axes of the ellipse that the step of a saccade leaves.
    """

    samples: int
    noise_deg: Floats
    limit_deg: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Threshold:
    """The rule for one series.

    Attributes:
        interval_s: usual time between samples.
        scales: what jumps are looked for on, from the finest, which tells best when, to the one that sees most.
    """

    interval_s: float
    scales: tuple[Scale, ...]

    @property
    def sample_noise_deg(self) -> Floats:
        """(2,) noise of a single sample, were it white."""
        return np.asarray(self.scales[0].noise_deg * np.sqrt(self.scales[0].samples / 2))

    def layers(self, time: Floats, gaze: Floats) -> list[tuple[Scale, Steps]]:
        """The steps of one stretch on each scale."""
        return [(scale, steps(time, gaze, scale.samples)) for scale in self.scales]


def usable_stretches(time: Floats, gaze: Floats) -> list[slice]:
    """The stretches that are long enough to look for saccades in."""
    return [run for run in stretches(time, gaze) if run.stop - run.start >= MIN_SAMPLES]


def threshold_for(time: Floats, gaze: Floats) -> Threshold | None:
    """The threshold of a series; None where no stretch of it is long enough.

    Args:
        time: (n,) rising, s.
        gaze: (n, 2) deg, NaN in gaps.
    """
    runs = usable_stretches(time, gaze)
    if not runs:
        return None
    every = interval_s(time)
    longest = max(1, int(LONGEST_SIDE_S / every + 0.25))  # 3 samples at 30 Hz, though the times may be rounded
    samples = max(1, round(SHORTEST_SIDE_S / every))
    scales = [_scale(time, gaze, runs, samples)]
    while scales[-1].limit_deg.max() > WANTED_DEG and samples < longest:
        samples = min(samples + max(1, samples // 2), longest)
        scales.append(_scale(time, gaze, runs, samples))
    return Threshold(every, tuple(scales))


def _scale(time: Floats, gaze: Floats, runs: list[slice], samples: int) -> Scale:
    noise = spread(np.concatenate([steps(time[run], gaze[run], samples).step_deg for run in runs]))
    floor = min(SLOWEST_DEG_S * samples * interval_s(time), SMALLEST_DEG)
    return Scale(samples, noise, np.maximum(LAMBDA * noise, floor))
