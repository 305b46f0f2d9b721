"""How exact a map is, asked of the pictures that it lays on each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.homography import Points
from sightline.crack.compare.overlay import Comparison
from sightline.crack.compare.planemap import PlaneMap
from sightline.crack.compare.refine import trust

_CLEARLY_WRONG_PX = 4.0
"""Pieces found so far off, in the frame's pixels, were found wrongly: they say nothing about the map."""

_NEIGHBOURS = 9
"""Pieces that are judged together. One alone is found to a fraction of a pixel only, to any side by chance; where the
map is off, neighbours are off the same way."""

_DRIFT = 0.005
"""How fast a map goes wrong away from where it was checked, px per px: what a lens's distortion of 1 % comes to."""


@dataclass(frozen=True, eq=False)
class Checked:
    """Pieces of the photos at which a map was compared with the pictures.

    Attributes:
        places: (n, 2) in before pixels.
        off: (n, 2) from where the map puts a piece to where it is, in after pixels.
    """

    places: Points
    off: Points

    @cached_property
    def off_px(self) -> NDArray[np.float64]:
        """How far the map is off around each place (n,), after pixels."""
        count = min(_NEIGHBOURS, len(self.places))
        if not count:
            return np.zeros(0)
        nearest = np.argpartition(_squared(self.places, self.places), count - 1, axis=1)[:, :count]
        together: NDArray[np.float64] = np.hypot(*self.off[nearest].mean(1).T)
        return together

    @property
    def rms_px(self) -> float:
        return float(np.sqrt((self.off_px**2).mean())) if len(self.off_px) else 0.0

    @property
    def p95_px(self) -> float:
        return float(np.quantile(self.off_px, 0.95)) if len(self.off_px) else 0.0

    def error_at(self, points: Points, scale: NDArray[np.float64]) -> NDArray[np.float64]:
        """What the map may be off at points (n, 2) of the photo before, after pixels.

        Args:
            points: the points.
            scale: (n,) after pixels per before pixel there.
        """
        if not len(self.places):
            return np.zeros(len(points))
        squared = _squared(points, self.places)
        nearest = squared.argmin(1)
        gap = np.sqrt(squared[np.arange(len(points)), nearest]) * scale
        error: NDArray[np.float64] = np.sqrt((self.off_px[nearest] ** 2 + self.rms_px**2) / 2 + (_DRIFT * gap) ** 2)
        return error


def check(plane: PlaneMap, seen: Comparison) -> Checked:
    """Compare a map with where pieces were found, those that were found clearly."""
    off = seen.after - plane.to_after(seen.found)
    use = (trust(seen.peaks) > 0) & (np.hypot(*off.T) < _CLEARLY_WRONG_PX * seen.pixel)
    return Checked(seen.found[use], off[use])


def _squared(one: Points, other: Points) -> NDArray[np.float64]:
    """Squared distances, (n, m)."""
    squared: NDArray[np.float64] = ((one[:, None] - other[None]) ** 2).sum(-1)
    return squared
