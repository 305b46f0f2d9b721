"""Plane to plane: homographies through given points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def project(homographies: Floats, points: Floats) -> Floats:
    """Apply homographies (..., 3, 3) to points (n, 2): (..., n, 2)."""
    moved = points @ homographies[..., :2].swapaxes(-1, -2) + homographies[..., None, :, 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        places: Floats = moved[..., :2] / moved[..., 2:]
    return places


def unit_square_to(quads: Floats) -> Floats:
    """The homographies from (0, 0), (1, 0), (1, 1), (0, 1) to the corners of quadrilaterals, (n, 4, 2): (n, 3, 3).

    After Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, section 2.2.3.
    """
    first, second, third, fourth = quads.swapaxes(0, 1)
    along, down, rest = second - third, fourth - third, first - second + third - fourth
    with np.errstate(divide="ignore", invalid="ignore"):
        g, h = (_cross(a, b) / _cross(along, down) for a, b in ((rest, down), (along, rest)))
    result = np.ones((len(quads), 3, 3))
    result[:, :2, 0] = second - first + g[:, None] * second
    result[:, :2, 1] = fourth - first + h[:, None] * fourth
    result[:, :2, 2] = first
    result[:, 2, 0], result[:, 2, 1] = g, h
    return result


def through_points(sources: Floats, targets: Floats) -> Floats:
    """The homography that takes (n, 2) points, four or more, as near as can be to others: (3, 3).

    The direct linear transformation on normalised points (Hartley, In defense of the eight-point algorithm, IEEE
    TPAMI 19, 1997).
    """
    to_unit, to_other = _normaliser(sources), _normaliser(targets)
    (x, y), (u, v) = project(to_unit, sources).T, project(to_other, targets).T
    zero, one = np.zeros_like(x), np.ones_like(x)
    rows = np.concatenate(
        [
            np.stack([x, y, one, zero, zero, zero, -u * x, -u * y, -u], axis=1),
            np.stack([zero, zero, zero, x, y, one, -v * x, -v * y, -v], axis=1),
        ]
    )
    solution = np.linalg.svd(rows)[2][-1].reshape(3, 3)
    result = np.linalg.inv(to_other) @ solution @ to_unit
    scaled: Floats = result / result[2, 2]
    return scaled


def _normaliser(points: Floats) -> Floats:
    """Moves points' middle to 0 and scales their mean distance from it to about 1."""
    middle = points.mean(axis=0)
    scale = 1 / max(float(np.abs(points - middle).mean()), 1e-12)
    return np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])


def _cross(one: Floats, other: Floats) -> Floats:
    product: Floats = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return product
