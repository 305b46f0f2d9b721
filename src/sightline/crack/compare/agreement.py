"""Do two photos show the same surface? Asked of the pictures, not of the features that found the map.

Each piece of the one photo is looked for in a wide neighbourhood of the other. On the same wall it is found where the
map puts it; on another wall, or on this one a period of its bricks aside, it is found anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sightline.crack.compare.overlay import Comparison

_DETAIL = 0.01
"""Pieces with less detail along their weaker direction are not asked: an edge is found everywhere along itself."""

_CLOSE_PX = 2.5
"""In the frame: found where the map puts it."""

_NO_COUNT, _FULL_COUNT = 4, 24
"""So few pieces that agree say nothing: the map was fitted to some of them. So many say all that a count can say."""

LEAST_CERTAINTY = 0.5
"""Photos below it are refused. Of 345 pairs of different walls and rooms none came above 0.06; of 265 pairs of one wall
the 14 below it were plain walls in noise, with a wrong map or none, and those above it were laid right."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many pieces were asked, and how many of them agree with the map."""

    asked: int
    agreeing: int

    @property
    def share(self) -> float:
        return self.agreeing / self.asked if self.asked else 0.0

    @property
    def certainty(self) -> float:
        """0..1, that both photos show the same surface: near 1 where many pieces, and most of them, agree."""
        count = np.clip((self.agreeing - _NO_COUNT) / (_FULL_COUNT - _NO_COUNT), 0, 1)
        return float(np.sqrt(count * self.share))


def agreement(seen: Comparison) -> Agreement:
    """Count the pieces of a comparison that agree with the map it was made by."""
    asked = seen.peaks.detail >= _DETAIL
    return Agreement(int(asked.sum()), int((asked & (np.hypot(*seen.peaks.shift.T) < _CLOSE_PX)).sum()))
