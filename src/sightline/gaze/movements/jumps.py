"""Where the gaze jumps in one unbroken stretch: the first and the last sample of each jump.

Jumps are looked for from the finest scale of the threshold to the coarsest, on each the clearest first, so that each is
read on the finest scale on which it stands out: from where the movement along its direction comes out of the noise to
where it sinks into it again (after Nystrom & Holmqvist, Behav Res Methods 42:188, 2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.movements.threshold import Scale
from sightline.gaze.movements.velocity import Steps

Floats = NDArray[np.float64]

REFRACTORY_S: Final = 0.05
"""What moves so soon after a saccade is its tail or the oscillation that follows it: no two saccades that people marked
are nearer than 0.08 s."""

ONSET_SHARE: Final = 0.1
"""A jump begins and ends where its velocity passes a tenth of the peak's, as is usual."""

ONSET_SDS: Final = 1.0
"""... or the noise of the velocity, if that is more: at 2 durations come out 5 ms shorter in a noise of 0.3 deg."""


@dataclass(frozen=True, slots=True)
class Jump:
    """Samples `first` (still before it) to `last` (already after it)."""

    first: int
    last: int


def find_jumps(time: Floats, layers: list[tuple[Scale, Steps]], every_s: float) -> list[Jump]:
    """All jumps of a stretch in order of time; they do not overlap.

    Args:
        time: (k,) rising, s.
        layers: the scales of the threshold, from fine to coarse, and the stretch's steps on each.
        every_s: usual time between samples.
    """
    rest = max(every_s, REFRACTORY_S - every_s)  # times are known to a sample
    jumps: list[Jump] = []
    for scale, seen in layers:
        strength = np.hypot(*(seen.step_deg / scale.limit_deg).T)
        reach = (scale.samples - 1) * every_s + rest - 1e-9
        free = strength > 1
        for jump in jumps:
            free &= ~_near(time, jump, reach)
        for peak in np.argsort(-strength, kind="stable")[: np.count_nonzero(strength > 1)]:
            if free[peak]:
                jump = _jump_at(int(peak), scale, seen)
                free &= ~_near(time, jump, reach)
                if all(jump.last <= other.first or other.last <= jump.first for other in jumps):
                    jumps.append(jump)
    return sorted(jumps, key=lambda jump: jump.first)


def _near(time: Floats, jump: Jump, reach_s: float) -> NDArray[np.bool_]:
    return np.asarray((time[1:] > time[jump.first] - reach_s) & (time[:-1] < time[jump.last] + reach_s))


def _jump_at(peak: int, scale: Scale, seen: Steps) -> Jump:
    direction = seen.step_deg[peak] / np.hypot(*seen.step_deg[peak])
    moved = seen.step_deg @ direction
    still = max(ONSET_SHARE * moved[peak], ONSET_SDS * along(direction, scale.noise_deg))
    slow = np.flatnonzero(moved <= still)
    place = int(np.searchsorted(slow, peak))
    first = int(slow[place - 1]) + 1 if place else 0
    last = int(slow[place]) if place < len(slow) else len(moved)
    blur = round((scale.samples - 1) * (1 - still / moved[peak]))  # what averaging added on each side
    return Jump(min(first + blur, peak), max(last - blur, peak + 1))


def along(direction: Floats, noise_deg: Floats) -> float:
    """Standard deviation of the noise (2,) along a direction (2,) of length 1."""
    return float(np.hypot(*(direction * noise_deg)))
