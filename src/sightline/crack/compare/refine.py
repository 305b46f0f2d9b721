"""From a rough map to an exact one: the photos are laid over each other, compared piece by piece, and fitted anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.bending import fit_bend
from sightline.crack.compare.correlation import Peaks
from sightline.crack.compare.overlay import Comparison, overlay
from sightline.crack.compare.planemap import PlaneMap
from sightline.crack.compare.robust import distance, refit, refit_lenses
from sightline.crack.compare.views import View

LEAST_DETAIL = 0.005
"""Detail along a piece's weaker direction, below which it can slide along an edge."""

_LEAST_HEIGHT, _LEAST_LEAD = 0.2, 0.03
"""A piece found with less correlation, or with less more than elsewhere, is found by chance too often to fit to."""


Freedom = Literal["flat", "lenses", "bend"]
"""What a step may change: the homography alone; it and both lenses; these and a bend."""


@dataclass(frozen=True, slots=True)
class Step:
    """How to look, all in the frame's pixels.

    Attributes:
        long_side: of the frame.
        reach: how far to look.
        limits: how far off a piece may be to count, one after the other.
    """

    long_side: int
    reach: int
    limits: tuple[float, ...]


ROUGH = Step(384, 16, (14.0, 6.0, 3.0))
CLOSE = Step(384, 8, (8.0, 4.0, 2.0))
FINE = Step(768, 6, (5.0, 2.5, 1.5))


def refine(
    plane: PlaneMap, before: View, after: View, step: Step, freedom: Freedom
) -> tuple[PlaneMap, Comparison] | None:
    """One step towards the exact map.

    Args:
        plane: the map so far, between the photos' pixels.
        before: the one photo.
        after: the other.
        step: how to look.
        freedom: what may change.

    Returns:
        The better map and what it was fitted to; None where the photos do not overlap.
    """
    seen = overlay(plane, before, after, long_side=step.long_side, reach=step.reach)
    if seen is None:
        return None
    sure = trust(seen.peaks)
    limits = tuple(limit * seen.pixel for limit in step.limits)
    if freedom == "flat":
        return replace(plane, matrix=refit(plane.matrix, seen.found, seen.after, sure, limits=limits)), seen
    plane = refit_lenses(plane, seen.found, seen.after, sure, limits=limits, pixel=seen.pixel)
    if freedom == "bend":
        unbent = plane.unbent(seen.found)
        near = distance(unbent, seen.after) < limits[0]
        plane = replace(plane, bend=fit_bend(unbent, seen.after, sure * near, plane.after.size, pixel=seen.pixel))
    return plane, seen


def trust(peaks: Peaks) -> NDArray[np.float64]:
    """How much each piece may count, (n,): more the clearer it was found."""
    lead = peaks.height - peaks.rival
    fine = (peaks.detail >= LEAST_DETAIL) & (peaks.height >= _LEAST_HEIGHT) & (lead >= _LEAST_LEAD)
    return np.where(fine, np.minimum(lead, 0.3), 0.0)
