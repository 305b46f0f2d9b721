"""A picture as another camera would have taken it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sightline.crack.compare.homography import Points

_CELL_PX = 24
"""Within a cell of this side the map is taken as bilinear: of a view at 45 degrees that is wrong by 0.03 px."""


def warped(
    grey: NDArray[np.float32], size: tuple[int, int], to_source: Callable[[Points], Points]
) -> NDArray[np.float32]:
    """A picture (h, w) resampled to `size` (width, height): the pixel at a point shows `grey` at `to_source` of it."""
    columns, rows = (np.unique(np.r_[np.arange(0, side, _CELL_PX), side]) for side in size)
    x, y = np.meshgrid(columns, rows)
    nodes = to_source(np.column_stack([x.ravel(), y.ravel()]).astype(np.float64)).reshape(*x.shape, 2)
    nodes = np.nan_to_num(nodes, nan=-1e4, posinf=-1e4, neginf=-1e4)
    # Pillow wants each cell's box and the source of its corners: north west, south west, south east, north east.
    quads = np.concatenate([nodes[:-1, :-1], nodes[1:, :-1], nodes[1:, 1:], nodes[:-1, 1:]], -1)
    boxes = np.stack([x[:-1, :-1], y[:-1, :-1], x[1:, 1:], y[1:, 1:]], -1)
    mesh = list(zip(map(tuple, boxes.reshape(-1, 4).tolist()), map(tuple, quads.reshape(-1, 8).tolist()), strict=True))
    picture = Image.fromarray(grey).transform(size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
    return np.asarray(picture)
