"""What a model saw too faintly to call it a crack of one photo: worth a look where another photo can be asked.

A photo by itself must be sure before it raises an alarm. Beside another photo of the same wall less will do: joints,
stains and shades of the wall are in both, and what only one of them shows is told by looking there
(`sightline.crack.compare`).
"""

from __future__ import annotations

import diplib as dip
import numpy as np
from numpy.typing import NDArray

from sightline.crack.engine import Regions

FAINT = 0.02
"""Pixels from this probability on. Of cracks that are clear to the eye and yet not reported, nearly all pixels reach
it; away from cracks one photo of a room in twelve has a line of such pixels at all."""

LEAST_FAINT_CONFIDENCE = 0.1
"""Three in a hundred photos of rooms without cracks have a faint line of so much confidence; and of those few, only
what the other photo does not show counts."""

_MOST = 8
"""The surest; each takes as long to measure and to look up as a reported crack."""

_LEAST_EXTENT_PX = 20
"""Diagonal of its box: of less nothing can be told to have come or gone."""

_HALO_PX = 3
"""Around a reported crack its own faint edge is no second crack."""


def without(regions: Regions, probability: NDArray[np.float32]) -> NDArray[np.float32]:
    """A probability map (h, w) with 0 where regions are, and just around them."""
    taken = np.zeros(probability.shape, np.bool_)
    for region, _ in regions:
        height, width = region.coverage.shape
        taken[region.y : region.y + height, region.x : region.x + width] |= region.coverage >= 0.5
    if regions:
        taken = np.asarray(dip.BinaryDilation(taken, connectivity=-1, iterations=_HALO_PX))
    return np.where(taken, np.float32(0), probability)


def worth_a_look(regions: Regions) -> Regions:
    """The surest regions that are long enough to tell anything."""
    long = [each for each in regions if np.hypot(*each[0].coverage.shape) >= _LEAST_EXTENT_PX]
    return tuple(sorted(long, key=lambda each: -each[1])[:_MOST])
