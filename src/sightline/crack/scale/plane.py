"""From photo pixels to millimetres on the wall, by a reference of known size that lies on it.

A flat wall and its photo are related by a homography (Hartley and Zisserman, Multiple View Geometry, 2nd ed., 2004,
section 2.3), which the reference's corners and edges determine. How sure it is follows from the errors of those
edges: the further a place lies from the reference, the more they matter (section 5.2 there). A lens that bends
straight lines is not corrected, for a reference tells too little of it: phones do so before they save a photo, and what
they may leave is part of the uncertainty. A wall that is not flat is not modelled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["marker", "card", "points"]
Points = NDArray[np.float64]
"""(n, 2) x, y in photo pixels, where the photo spans 0..width and 0..height."""

_LENS = 0.01
"""1 sigma of what a lens still bends: by how much, relative, a point is moved along its radius where that is one longer
side of the photo (the first coefficient of radial distortion; 0.4 % in a corner). An uncorrected phone has two or three
times that."""


@dataclass(frozen=True, slots=True, eq=False)
class PlaneScale:
    """How large things on the plane of a reference are.

    Attributes:
        kind: the reference: our printed marker, a card of ISO 7810 size, or two points with a known distance.
        to_mm: (3, 3), a homography from photo pixels to mm on the plane; for points a similarity.
        spread: (9, k), its errors: each column is what one independent error of one standard deviation adds to the
            nine entries of `to_mm`, row by row.
        size_uncertainty: relative, 1 sigma: how well the reference's own size is known.
        outline: (n, 2), the reference in the photo; for points the two of them.
        perspective_corrected: whether `to_mm` holds for a photo taken at an angle.
        photo_size: width and height of the photo; without it the lens counts as perfect.
    """

    kind: Kind
    to_mm: NDArray[np.float64]
    spread: NDArray[np.float64]
    size_uncertainty: float
    outline: Points
    perspective_corrected: bool
    photo_size: tuple[int, int] | None = None

    @property
    def centre(self) -> Points:
        """(1, 2), the middle of the reference in the photo."""
        middle: Points = self.outline.mean(axis=0, keepdims=True)
        return middle

    @property
    def relative_uncertainty(self) -> float:
        """Of a length at the reference, 1 sigma."""
        return float(self.relative_uncertainty_at(self.centre)[0])

    @property
    def mm_per_px(self) -> float:
        """At the reference, mean of all directions."""
        return float(self.mm_per_px_at(self.centre)[0])

    def points_mm(self, points: Points) -> Points:
        """Places on the plane, (n, 2) in mm; NaN for points at or beyond its horizon, where no wall can be."""
        places: Points = _project(self.to_mm, points) * self._in_sight(points)[:, None]
        return places

    def mm_per_px_at(self, points: Points, directions: Points | None = None) -> NDArray[np.float64]:
        """How many mm a step of one pixel is on the plane.

        Args:
            points: (n, 2) where.
            directions: (n, 2) which way, of any length; without it the mean of all directions, the root of the ratio
                of areas.

        Returns:
            (n,); NaN at or beyond the plane's horizon.
        """
        values: NDArray[np.float64] = _mm_per_px(self.to_mm, points, directions) * self._in_sight(points)
        return values

    def relative_uncertainty_at(self, points: Points, directions: Points | None = None) -> NDArray[np.float64]:
        """Of `mm_per_px_at` with the same arguments: 1 sigma over the value, (n,).

        It grows with the distance from the reference. Without directions it is the root mean square over directions
        along and across the photo's axes. NaN at or beyond the plane's horizon.
        """
        if directions is None:
            axes = [np.broadcast_to(np.array(axis, np.float64), points.shape) for axis in ((1, 0), (0, 1))]
            x, y = (self.relative_uncertainty_at(points, axis) for axis in axes)
            both: NDArray[np.float64] = np.hypot(x, y) / np.sqrt(2)
            return both
        variance = self.size_uncertainty**2 + self._lens_uncertainty(points) ** 2
        value = _mm_per_px(self.to_mm, points, directions)
        for column in self.spread.T:
            step = column.reshape(3, 3)
            above, below = (_mm_per_px(self.to_mm + sign * step, points, directions) for sign in (1, -1))
            variance += ((above - below) / (2 * value)) ** 2
        sigma: NDArray[np.float64] = np.sqrt(variance) * self._in_sight(points)
        return sigma

    def _lens_uncertainty(self, points: Points) -> NDArray[np.float64]:
        """Relative, of a length there against one at the reference, along the radius where it is the most: (n,)."""
        if self.photo_size is None:
            return np.zeros(len(points))
        middle, longer = np.array(self.photo_size) / 2, max(self.photo_size)
        here, there = ((((places - middle) / longer) ** 2).sum(axis=1) for places in (points, self.centre))
        change: NDArray[np.float64] = 3 * _LENS * np.abs(here - there)
        return change

    def _in_sight(self, points: Points) -> NDArray[np.float64]:
        """1 on the reference's side of the plane's horizon, NaN elsewhere: (n,)."""
        depth = _depth(self.to_mm, points) * _depth(self.to_mm, self.centre)
        return np.where(depth > 0, 1.0, np.nan)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "kind": self.kind,
            "mm_per_px": float(f"{self.mm_per_px:.5g}"),
            "relative_uncertainty": float(f"{self.relative_uncertainty:.3g}"),
            "perspective_corrected": self.perspective_corrected,
            "to_mm": [[float(f"{value:.12g}") for value in row] for row in self.to_mm.tolist()],
            "outline": np.round(self.outline, 2).tolist(),
        }


def _depth(homography: NDArray[np.float64], points: Points) -> NDArray[np.float64]:
    """The third homogeneous coordinate: 0 on the horizon, (n,)."""
    depth: NDArray[np.float64] = points @ homography[2, :2] + homography[2, 2]
    return depth


def _project(homography: NDArray[np.float64], points: Points) -> Points:
    with np.errstate(divide="ignore", invalid="ignore"):
        places: Points = (points @ homography[:2, :2].T + homography[:2, 2]) / _depth(homography, points)[:, None]
    return places


def _mm_per_px(homography: NDArray[np.float64], points: Points, directions: Points | None) -> NDArray[np.float64]:
    """Length of the homography's derivative in a direction, or the root of its determinant: (n,)."""
    depth = _depth(homography, points)
    with np.errstate(divide="ignore", invalid="ignore"):
        if directions is None:  # the determinant of the derivative is det(H) / depth^3
            mean: NDArray[np.float64] = np.sqrt(np.abs(np.linalg.det(homography) / depth**3))
            return mean
        unit = directions / np.hypot(*directions.T)[:, None]
        moved = unit @ homography[:2, :2].T - _project(homography, points) * (unit @ homography[2, :2])[:, None]
        lengths: NDArray[np.float64] = np.hypot(*moved.T) / np.abs(depth)
    return lengths
