"""A crack's coverage made ready for measuring: where its edges are, to a fraction of a pixel."""

from __future__ import annotations

from dataclasses import dataclass

import diplib as dip
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""(n, 2) x, y; whole numbers are pixel centres."""

_SAMPLE_PX = 0.5
"""Spacing of samples along a ray; between two of them coverage is taken to be linear, as it is between pixels."""

_HOLE_PX = 16
"""Holes in a mask up to this many pixels are noise of the model: thinning would run a ring around each."""


@dataclass(frozen=True, slots=True)
class Field:
    """Coverage with the mask and the distances that follow from it.

    Attributes:
        coverage: float32 (h, w), how much of each pixel is crack; clear along the border, small holes filled.
        mask: (h, w), where the coverage reaches the level.
        radius: float32 (h, w), distance of each pixel in the mask to the nearest pixel outside it.
        level: the coverage at an edge.
    """

    coverage: NDArray[np.float32]
    mask: NDArray[np.bool_]
    radius: NDArray[np.float32]
    level: float

    @classmethod
    def of(cls, coverage: NDArray[np.float32], level: float) -> Field:
        """Fill small holes and measure distances; the border of `coverage` must be clear."""
        mask = coverage >= level
        holes = np.asarray(dip.Label(~mask, connectivity=1, maxSize=_HOLE_PX)) > 0
        if holes.any():
            mask |= holes
            coverage = np.where(holes, np.float32(1), coverage)
        radius = np.asarray(dip.EuclideanDistanceTransform(mask, method="ties"))
        return cls(coverage, mask, radius, level)

    def radius_at(self, points: Points) -> NDArray[np.float64]:
        """The radius of the pixel that each point lies in; 0 outside."""
        height, width = self.radius.shape
        x, y = np.rint(points).astype(np.intp).T
        at: NDArray[np.float32] = self.radius[y.clip(0, height - 1), x.clip(0, width - 1)]
        return at.astype(np.float64)

    def edge_distance(
        self, origins: Points, directions: Points, near: NDArray[np.float64], far: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """How far from each origin along its unit direction the coverage first falls below the level.

        Looks from `near` to `far` only: `near` where it is below the level there already, NaN where it is nowhere.
        """
        count = int(np.ceil((far - near).max() / _SAMPLE_PX)) + 1
        distance = near[:, None] + (far - near)[:, None] * np.linspace(0, 1, count)
        value = self._sample(origins[:, None] + directions[:, None] * distance[..., None])
        below = value < self.level
        rows, first = np.arange(len(origins)), below.argmax(axis=1)
        inner, outer = value[rows, first - 1], value[rows, first]
        with np.errstate(divide="ignore", invalid="ignore"):  # rows without an edge, which are NaN in the end
            beyond = (self.level - outer) / (inner - outer)
        crossing = distance[rows, first] - beyond * (distance[:, 1] - distance[:, 0])
        crossing[below[:, 0]] = near[below[:, 0]]
        return np.where(below.any(axis=1), crossing, np.nan)

    def _sample(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Coverage between pixel centres, bilinear; points (..., 2) outside take the border's."""
        height, width = self.coverage.shape
        x, y = points[..., 0].clip(0, width - 1.001), points[..., 1].clip(0, height - 1.001)
        left, top = x.astype(np.int32), y.astype(np.int32)
        x, y = x - left, y - top
        values, corner = self.coverage.ravel(), top * width + left
        upper = values[corner] * (1 - x) + values[corner + 1] * x
        corner += width
        lower = values[corner] * (1 - x) + values[corner + 1] * x
        between: NDArray[np.float64] = upper + (lower - upper) * y
        return between
