"""Where a crack is, or would be, in both photos."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.compared import Polygons
from sightline.crack.report import Box, CrackInstance

Size = tuple[int, int]


def outlines(
    instances: Sequence[CrackInstance],
    others: Sequence[CrackInstance],
    place: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    size: Size,
) -> Polygons:
    """The outlines of a crack in one photo: its own instances', else the other photo's carried over.

    Args:
        instances: of this photo; may be empty.
        others: of the other photo.
        place: from the other photo's points to this one's.
        size: this photo's width and height; what is carried over is cut off at its edge.
    """
    if instances:
        return tuple(polygon for instance in instances for polygon in instance.outline)
    carried = []
    for polygon in (polygon for instance in others for polygon in instance.outline):
        points = place(polygon)
        if ((points >= 0) & (points <= size)).all(axis=1).any():
            carried.append(points.clip(0, size))
    return tuple(carried)


def box(polygons: Polygons, size: Size) -> Box | None:
    """The smallest that holds all polygons; None where there are none."""
    if not polygons:
        return None
    points = np.concatenate(polygons)
    low = np.floor(points.min(axis=0)).clip(0, np.array(size) - 1).astype(int)
    high = np.ceil(points.max(axis=0)).clip(low + 1, size).astype(int)
    return Box(int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1]))
