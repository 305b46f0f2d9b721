"""Where a point of one photo of a wall lies in another: a homography between two lenses, and where needed a bend.

The bend is what these cannot say: a wall that is not quite flat. It is a cubic over the photo after.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.homography import Matrix, Points, apply, inverse, jacobians
from sightline.crack.compare.lens import Lens

_INVERSE_ROUNDS = 6
"""Fixed-point rounds that undo a bend: it changes by a tenth of itself at most, so each gains a digit."""


@dataclass(frozen=True, slots=True, eq=False)
class Bend:
    """A small displacement of the photo after, smooth over it.

    Attributes:
        coefficients: (10, 2), of the cubic's terms for x and y, px.
        centre, scale: photo pixels to the terms' variables: (point - centre) / scale.
        low, high: (2,) the variables' range that it was fitted in; beyond it stays what it is at the rim.
    """

    coefficients: NDArray[np.float64]
    centre: NDArray[np.float64]
    scale: float
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def __call__(self, points: Points) -> Points:
        """How far each point (n, 2) is displaced, px."""
        displaced: Points = self.terms(points) @ self.coefficients
        return displaced

    def terms(self, points: Points) -> NDArray[np.float64]:
        """The cubic's ten terms at each point, (n, 10)."""
        x, y = np.clip((points - self.centre) / self.scale, self.low, self.high).T
        return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y, x**3, x * x * y, x * y * y, y**3], 1)


@dataclass(frozen=True, slots=True, eq=False)
class PlaneMap:
    """The map from the photo before to the photo after, both in photo pixels.

    Attributes:
        matrix: (3, 3) between the two photos as straight lenses would have taken them.
        before, after: the photos' sizes and lenses.
        bend: what is left after that; None for nothing.
    """

    matrix: Matrix
    before: Lens
    after: Lens
    bend: Bend | None = None

    @property
    def is_flat(self) -> bool:
        """Whether `matrix` is all there is."""
        return self.bend is None and self.before.k == 0 and self.after.k == 0

    def to_after(self, points: Points) -> Points:
        seen = self.unbent(points)
        return seen if self.bend is None else seen + self.bend(seen)

    def unbent(self, points: Points) -> Points:
        """`to_after` but for the bend."""
        if self.before.k:
            points = _through(points, self.before.to_unit, self.before.straightened)
        points = apply(self.matrix, points)
        return _through(points, self.after.to_unit, self.after.bent) if self.after.k else points

    def to_before(self, points: Points) -> Points:
        if self.bend is not None:
            seen = points
            for _ in range(_INVERSE_ROUNDS):
                seen = points - self.bend(seen)
            points = seen
        if self.after.k:
            points = _through(points, self.after.to_unit, self.after.straightened)
        points = apply(inverse(self.matrix), points)
        return _through(points, self.before.to_unit, self.before.bent) if self.before.k else points

    def scale_at(self, points: Points) -> NDArray[np.float64]:
        """After pixels per before pixel at points of the photo before: the root of the area's change."""
        if self.is_flat:
            slopes = jacobians(self.matrix, points)
        else:
            x, y = (self.to_after(points + step) - self.to_after(points - step) for step in np.eye(2))
            slopes = np.stack([x, y], -1) / 2
        scale: NDArray[np.float64] = np.sqrt(np.abs(np.linalg.det(slopes)))
        return scale


def _through(points: Points, to_unit: Matrix, change: Callable[[Points], Points]) -> Points:
    return apply(inverse(to_unit), change(apply(to_unit, points)))
