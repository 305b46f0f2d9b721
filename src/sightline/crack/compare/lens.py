"""A lens that bends straight lines: one number, the radial distortion of first order.

A point at r half diagonals from the photo's middle is seen at r * (1 + k * r ** 2) (Brown's first radial term). Phones
correct their lenses; what is left, and wide-angle views, comes to a few per cent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sightline.crack.compare.homography import Matrix, Points

MOST = 0.12
"""Of k: within it the bend can be undone everywhere in a photo, and no phone's lens comes near it."""

_ROUNDS = 6
"""Of Newton's method from the bent radius: exact to rounding for |k| up to `MOST`."""


@dataclass(frozen=True, slots=True, eq=False)
class Lens:
    """The lens of a photo.

    Attributes:
        size: the photo's width and height, px.
        k: the distortion; 0 bends nothing.
    """

    size: tuple[int, int]
    k: float = 0.0

    @property
    def to_unit(self) -> Matrix:
        """(3, 3), from pixels to half diagonals around the middle."""
        half = float(np.hypot(*self.size)) / 2
        return np.array([[1 / half, 0, -self.size[0] / 2 / half], [0, 1 / half, -self.size[1] / 2 / half], [0, 0, 1]])

    def bent(self, points: Points) -> Points:
        """Where the lens puts points (n, 2), in half diagonals."""
        if not self.k:
            return points
        # Outside the photo the formula would fold back; there it stays what it is at the rim.
        squared = np.minimum((points**2).sum(1, keepdims=True), 1.5)
        return np.asarray(points * (1 + self.k * squared))

    def straightened(self, points: Points) -> Points:
        """The inverse of `bent`."""
        if not self.k:
            return points
        far = np.sqrt((points**2).sum(1, keepdims=True))
        radius = far.copy()
        for _ in range(_ROUNDS):
            squared = np.minimum(radius**2, 1.5)
            inside = radius**2 < 1.5
            slope = 1 + self.k * squared * np.where(inside, 3, 1)
            radius -= (radius * (1 + self.k * squared) - far) / slope
        straight: Points = points * (radius / np.maximum(far, 1e-12))
        return straight
