"""Gaze that moves as we say: fixations with saccades between them, as a camera with a given frame rate sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.movements.main_sequence import expected_duration_s

Floats = NDArray[np.float64]

FINE_HZ = 2000


@dataclass(frozen=True, slots=True, eq=False)
class MadeUp:
    """A series, and the true onset and offset of its saccades."""

    time_s: Floats
    x_deg: Floats
    y_deg: Floats
    saccades: tuple[tuple[float, float], ...]

    @property
    def series(self) -> tuple[Floats, Floats, Floats]:
        return self.time_s, self.x_deg, self.y_deg


def gaze(
    moves: Sequence[tuple[float, float]],
    *,
    rate_hz: float = 30.0,
    hold_s: float | Sequence[float] = 0.8,
    noise_deg: float = 0.0,
    seed: int = 0,
    duration_s: float | None = None,
) -> MadeUp:
    """One saccade after each hold, and a last hold; minimum-jerk saccades of the duration of the main sequence.

    Args:
        moves: horizontal and vertical part of each saccade in deg.
        rate_hz: of the camera, which integrates over the whole frame.
        hold_s: how long the gaze rests before each saccade and after the last one.
        noise_deg: standard deviation of white noise on each coordinate.
        seed: of the noise.
        duration_s: of every saccade, for slow ones.
    """
    holds = [hold_s] * (len(moves) + 1) if isinstance(hold_s, float) else list(hold_s)
    parts, position, times, now = (
        [np.repeat([[0.0, 0.0]], round(holds[0] * FINE_HZ), axis=0)],
        np.zeros(2),
        [],
        holds[0],
    )
    for move, hold in zip(moves, holds[1:], strict=True):
        lasting = duration_s or expected_duration_s(float(np.hypot(*move)))
        s = np.linspace(0, 1, round(lasting * FINE_HZ))[:, None]
        parts.append(position + (10 * s**3 - 15 * s**4 + 6 * s**5) * np.array(move))
        position = position + np.array(move)
        times.append((now, now + lasting))
        parts.append(np.repeat(position[None], round(hold * FINE_HZ), axis=0))
        now += lasting + hold
    path = np.concatenate(parts)
    edges = np.arange(0, len(path), FINE_HZ / rate_hz).round().astype(int)
    total = np.concatenate([np.zeros((1, 2)), np.cumsum(path, axis=0)])
    seen = np.diff(total[edges], axis=0) / np.diff(edges)[:, None]
    seen += np.random.default_rng(seed).normal(0, noise_deg, seen.shape) if noise_deg else 0.0
    return MadeUp((edges[:-1] + edges[1:]) / 2 / FINE_HZ, seen[:, 0].copy(), seen[:, 1].copy(), tuple(times))
