"""Which features of two photos are each other's likeliest counterparts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.descriptors import Features

_MOST = 1200
"""Matches kept, the most distinct first."""


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Pairs of features, the most distinct first.

    Attributes:
        before, after: (n, 2) places.
        scale: (n,) size after / size before.
        turn: (n,) direction after - direction before, radians.
        quality: (n,) 0..1, how much nearer the match is than the runner-up: 1 - distance / runner-up's distance.
    """

    before: NDArray[np.float64]
    after: NDArray[np.float64]
    scale: NDArray[np.float64]
    turn: NDArray[np.float64]
    quality: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.before)


def match(before: Features, after: Features) -> Matches:
    """Pairs of which each is the other's nearest."""
    if not len(before) or not len(after):
        return Matches(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0), np.zeros(0), np.zeros(0))
    likeness = before.descriptors @ after.descriptors.T
    to_after = likeness.argmax(1)
    to_before = likeness.argmax(0)
    rows = np.flatnonzero(to_before[to_after] == np.arange(len(before)))
    columns = to_after[rows]
    best = likeness[rows, columns]
    likeness[rows, columns] = -1
    second = likeness[rows].max(1)
    distance, rival = np.sqrt(np.maximum(2 - 2 * best, 0)), np.sqrt(np.maximum(2 - 2 * second, 1e-12))
    quality = 1 - distance / rival
    order = np.argsort(-quality, kind="stable")[:_MOST]
    rows, columns = rows[order], columns[order]
    return Matches(
        before.points[rows],
        after.points[columns],
        after.sigma[columns] / before.sigma[rows],
        after.turn[columns] - before.turn[rows],
        quality[order].astype(np.float64),
    )
