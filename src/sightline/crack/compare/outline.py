"""The part of a photo that another one shows."""

from __future__ import annotations

import numpy as np

from sightline.crack.compare.homography import Points
from sightline.crack.compare.planemap import PlaneMap

_PER_SIDE = 16
"""Points along each side of a photo: a bent side is drawn by as many straight stretches."""


def overlap_outline(plane: PlaneMap, before_size: tuple[int, int], after_size: tuple[int, int]) -> Points:
    """What of the photo before lies in the photo after, (n, 2) in before pixels; (0, 2) where nothing does."""
    width, height = after_size
    corners = np.array([[0.0, 0], [width, 0], [width, height], [0, height]])
    along = np.arange(_PER_SIDE)[:, None] / _PER_SIDE
    rim = np.concatenate([a + (b - a) * along for a, b in zip(corners, np.roll(corners, -1, 0), strict=True)])
    outline = plane.to_before(rim)
    if not np.isfinite(outline).all():
        return np.zeros((0, 2))
    for axis, bound, sign in ((0, 0.0, 1), (0, before_size[0], -1), (1, 0.0, 1), (1, before_size[1], -1)):
        outline = _clipped(outline, axis, float(bound), sign)
    return outline


def polygon_area(outline: Points) -> float:
    """Area of a simple polygon, by the shoelace formula."""
    if len(outline) < 3:
        return 0.0
    (x, y), (u, v) = outline.T, np.roll(outline, -1, 0).T
    return float(abs(np.sum(x * v - u * y)) / 2)


def _clipped(outline: Points, axis: int, bound: float, sign: int) -> Points:
    """What lies on one side of an upright or level line (Sutherland and Hodgman, CACM 1974)."""
    kept: list[Points] = []
    for start, end in zip(outline, np.roll(outline, -1, 0), strict=True):
        inside, ends_inside = (sign * (point[axis] - bound) >= 0 for point in (start, end))
        if inside:
            kept.append(start)
        if inside != ends_inside:
            share = (bound - start[axis]) / (end[axis] - start[axis])
            kept.append(start + share * (end - start))
    return np.array(kept).reshape(-1, 2)
