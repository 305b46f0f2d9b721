"""Plane projective maps: applying, fitting and judging them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
"""(3, 3), from one photo's pixels to another's, up to a factor."""

Points = NDArray[np.float64]
"""(n, 2) x, y in continuous pixels."""

LEAST_SCALE, MOST_SCALE = 0.2, 5.0
"""No place may be magnified less or more: beyond it nothing but noise would be compared."""

MOST_STRETCH = 4.0
"""A wall seen at 60 degrees in one photo and at 60 degrees across in the other is stretched by 4."""


def apply(matrix: Matrix, points: Points) -> Points:
    """Map points (n, 2); those on the map's horizon come out infinite."""
    mapped = points @ matrix[:, :2].T + matrix[:, 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Points = mapped[:, :2] / mapped[:, 2:]
    return found


def jacobians(matrix: Matrix, points: Points) -> NDArray[np.float64]:
    """d(mapped) / d(point) at each point, (n, 2, 2)."""
    mapped = points @ matrix[:, :2].T + matrix[:, 2]
    depth = mapped[:, 2][:, None, None]
    images = (mapped[:, :2] / mapped[:, 2:])[:, :, None]
    slopes: NDArray[np.float64] = (matrix[None, :2, :2] - images * matrix[None, 2:, :2]) / depth
    return slopes


def inverse(matrix: Matrix) -> Matrix:
    """The way back."""
    return np.asarray(np.linalg.inv(matrix), np.float64)


def normalised(matrix: Matrix) -> Matrix:
    """The same map with 1 as its last entry."""
    scaled: Matrix = matrix / matrix[2, 2]
    return scaled


def fit_affine(source: Points, target: Points, weights: NDArray[np.float64] | None = None) -> Matrix | None:
    """The affine map with the least (weighted) squares; None where the points lie on a line."""
    w = np.ones(len(source)) if weights is None else weights
    root = np.sqrt(w)[:, None]
    design = np.column_stack([source, np.ones(len(source))]) * root
    solution, _, rank, _ = np.linalg.lstsq(design, target * root, rcond=1e-6 if len(source) else None)
    if rank < 3:
        return None
    return np.vstack([solution.T, [0.0, 0.0, 1.0]])


def fit_homography(source: Points, target: Points, weights: NDArray[np.float64] | None = None) -> Matrix | None:
    """The normalised direct linear transform (Hartley and Zisserman, algorithm 4.2), weighted.

    Returns:
        None where the points do not fix a map.
    """
    w = np.ones(len(source)) if weights is None else weights
    if len(source) < 4 or w.sum() <= 0:
        return None
    to_source, to_target = _conditioner(source, w), _conditioner(target, w)
    (x, y), (u, v) = apply(to_source, source).T, apply(to_target, target).T
    one, zero = np.ones_like(x), np.zeros_like(x)
    rows = np.concatenate([
        np.stack([x, y, one, zero, zero, zero, -u * x, -u * y, -u], 1),
        np.stack([zero, zero, zero, x, y, one, -v * x, -v * y, -v], 1),
    ])  # fmt: skip
    normal = rows.T @ (rows * np.concatenate([w, w])[:, None])
    values, vectors = np.linalg.eigh(normal)
    if values[1] <= 1e-10 * values[-1]:
        return None
    matrix = inverse(to_target) @ vectors[:, 0].reshape(3, 3) @ to_source
    return normalised(matrix) if abs(matrix[2, 2]) > 1e-12 * np.abs(matrix).max() else None


def plausible_at(matrix: Matrix, points: Points) -> NDArray[np.bool_]:
    """Where two photos of a wall can be related so, (n,): not mirrored, no horizon, scale and stretch within limits.

    Args:
        matrix: from one photo to the other.
        points: (n, 2) places of the one.
    """
    depth = points @ matrix[2, :2] + matrix[2, 2]
    fine = depth * np.sign(matrix[2, 2]) > 1e-9
    slopes = jacobians(matrix, np.where(fine[:, None], points, 0.0))
    determinant = np.linalg.det(slopes)
    fine &= determinant > 0
    stretch = np.linalg.svd(slopes, compute_uv=False)
    scale = np.sqrt(np.abs(determinant))
    fine &= (scale > LEAST_SCALE) & (scale < MOST_SCALE) & (stretch[:, 0] < MOST_STRETCH * stretch[:, 1])
    return np.asarray(fine)


def _conditioner(points: Points, weights: NDArray[np.float64]) -> Matrix:
    """Moves points about the origin at a mean distance near sqrt 2, where the equations are well conditioned."""
    centre = np.average(points, axis=0, weights=weights)
    spread = np.sqrt(np.average(((points - centre) ** 2).sum(1), weights=weights))
    scale = np.sqrt(2.0) / max(spread, 1e-9)
    return np.array([[scale, 0, -scale * centre[0]], [0, scale, -scale * centre[1]], [0, 0, 1]])
