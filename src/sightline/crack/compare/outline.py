"""The part of a photo that another one shows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.homography import Points, inverse
from sightline.crack.compare.planemap import PlaneMap

_PER_SIDE = 16
"""Points along each side of a photo: a bent side is drawn by as many straight stretches."""

_NEAREST_HORIZON = 0.01
"""Of the greatest depth: what is nearer to the wall's horizon lies a hundred times as far away, in no photo."""


def overlap_outline(plane: PlaneMap, before_size: tuple[int, int], after_size: tuple[int, int]) -> Points:
    """What of the photo before lies in the photo after, (n, 2) in before pixels; (0, 2) where nothing does."""
    width, height = after_size
    corners = np.array([[0.0, 0], [width, 0], [width, height], [0, height]])
    along = np.arange(_PER_SIDE)[:, None] / _PER_SIDE
    rim = np.concatenate([a + (b - a) * along for a, b in zip(corners, np.roll(corners, -1, 0), strict=True)])
    back = inverse(plane.matrix)
    depth = rim @ back[2, :2] + back[2, 2]  # 0 on the horizon of the wall, which a photo taken askew may show
    outline = plane.to_before(_clipped(rim, depth - _NEAREST_HORIZON * np.abs(depth).max()))
    for axis, bound, sign in ((0, 0.0, 1), (0, before_size[0], -1), (1, 0.0, 1), (1, before_size[1], -1)):
        outline = _clipped(outline, sign * (outline[:, axis] - bound))
    return outline


def polygon_area(outline: Points) -> float:
    """Area of a simple polygon, by the shoelace formula."""
    if len(outline) < 3:
        return 0.0
    (x, y), (u, v) = outline.T, np.roll(outline, -1, 0).T
    return float(abs(np.sum(x * v - u * y)) / 2)


def _clipped(outline: Points, margin: NDArray[np.float64]) -> Points:
    """What lies where a margin (n,), linear over the outline, is not negative (Sutherland and Hodgman, CACM 1974)."""
    kept: list[Points] = []
    for index, (start, room) in enumerate(zip(outline, margin, strict=True)):
        end, end_room = outline[index + 1 - len(outline)], margin[index + 1 - len(outline)]
        if room >= 0:
            kept.append(start)
        if (room >= 0) != (end_room >= 0):
            kept.append(start + room / (room - end_room) * (end - start))
    return np.array(kept).reshape(-1, 2)
