"""Where the number of each crack goes: near its crack, on nothing that matters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_CELLS_PER_TAG = 3
"""Places are tried on a grid of a third of a tag's height."""

_ANCHORS = 24
"""Points of a crack that the distance to its tag is taken from."""

_TAG_WEIGHT = 1000
"""To cover another tag is this many times worse than to cover crack, which is worse than any distance."""


class TagPlaces:
    """Finds a free place for one tag after the other.

    Args:
        taken: (h, w), the pixels that no tag should cover; `tag_height_px` sets how finely places are tried.
    """

    def __init__(self, taken: NDArray[np.bool_], tag_height_px: int) -> None:
        self._shape = taken.shape
        self._cell = cell = max(2, tag_height_px // _CELLS_PER_TAG)
        padded = np.pad(taken, [(0, -side % cell) for side in taken.shape])
        rows, columns = padded.shape[0] // cell, padded.shape[1] // cell
        cells = np.logical_or.reduce(padded.reshape(rows, cell, columns, cell), axis=(1, 3))
        self._cost: NDArray[np.float64] = cells.astype(np.float64)

    def take(self, size: tuple[int, int], crack: NDArray[np.float64]) -> tuple[int, int, int, int]:
        """The best place for a tag: x, y of its top left corner and x, y of the crack's nearest point.

        Args:
            size: the tag's width and height.
            crack: (n, 2) x, y of points of the crack the tag belongs to.
        """
        width, height = size
        cell = self._cell
        covers = [
            min(-(-side // cell) + 1, cells) for side, cells in zip((height, width), self._cost.shape, strict=True)
        ]
        covered = _window_sums(self._cost, *covers)
        x = np.minimum(np.arange(covered.shape[1]) * cell, max(0, self._shape[1] - width))
        y = np.minimum(np.arange(covered.shape[0]) * cell, max(0, self._shape[0] - height))
        points = crack[:: -(-len(crack) // _ANCHORS)]
        away = np.hypot((x + width / 2)[None, :, None] - points[:, 0], (y + height / 2)[:, None, None] - points[:, 1])
        nearest = away.min(axis=2)
        row, column = np.unravel_index(np.argmin(covered * sum(self._shape) + nearest), nearest.shape)
        self._cost[row : row + covers[0], column : column + covers[1]] += _TAG_WEIGHT
        end = points[away[row, column].argmin()]
        return int(x[column]), int(y[row]), round(end[0]), round(end[1])


def _window_sums(values: NDArray[np.float64], rows: int, columns: int) -> NDArray[np.float64]:
    """The sum over every window of so many rows and columns."""
    total: NDArray[np.float64] = np.pad(values, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    bands = total[rows:] - total[:-rows]
    sums: NDArray[np.float64] = bands[:, columns:] - bands[:, :-columns]
    return sums
