"""Where the boxes of the face detector start from."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_GRIDS: Final = ((16, 2), (8, 6))
"""Cells a side, anchors a cell: strides 8 and 16 of 128 px; the last three layers share the coarser grid, two each."""


def face_anchors() -> NDArray[np.float32]:
    """The centres (896, 2) of the anchors, x and y in fractions of the net's input, in the order of its outputs.

    All anchors have the size of the input, so that a centre is all there is to one (BlazeFace's single-shot
    detector with `fixed_anchor_size`; Liu et al., "SSD", 2016).
    """
    return np.concatenate([_centres(cells, anchors) for cells, anchors in _GRIDS])


def _centres(cells: int, anchors: int) -> NDArray[np.float32]:
    middle = (np.arange(cells, dtype=np.float32) + 0.5) / cells
    y, x = np.meshgrid(middle, middle, indexing="ij")
    return np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), anchors, axis=0)
