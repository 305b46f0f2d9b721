"""Maps from places found again, some of them wrongly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.homography import Matrix, Points, apply, fit_affine, fit_homography, inverse
from sightline.crack.compare.lens import MOST
from sightline.crack.compare.planemap import PlaneMap

_ROUNDS = 3
"""Fits at each limit: what a limit lets in has settled by then."""

_LENS_PLACES = 24
"""More than twice the ten numbers of a homography and two lenses."""

_LENS_SPREAD = 0.03
"""Distortions are mostly smaller; where the places do not tell, they are taken to be none."""

_PLACE_ERROR = 0.25
"""How exactly a piece is found, in the frame's pixels: 0.1 on a sharp pair, more on a blurred or noisy one."""

_STEPS = 1e-5
"""Of the numbers that are fitted, for their slopes; they are of the order of 1."""


def refit(
    matrix: Matrix, before: Points, after: Points, weights: NDArray[np.float64], *, limits: tuple[float, ...]
) -> Matrix:
    """Fit a homography to the places that agree with it, those far off counting less (Tukey's biweight).

    Args:
        matrix: a first guess, before to after.
        before: (n, 2) places.
        after: (n, 2) where they lie in the photo after, most of them.
        weights: (n,) trust in each; 0 is none.
        limits: how far off a place may be to count at all, after pixels; one after the other.
    """
    for limit in limits:
        for _ in range(_ROUNDS):
            fitted = _fit(before, after, weights * biweight(distance(apply(matrix, before), after), limit))
            if fitted is None:
                return matrix
            matrix = fitted
    return matrix


def refit_lenses(
    plane: PlaneMap,
    before: Points,
    after: Points,
    weights: NDArray[np.float64],
    *,
    limits: tuple[float, ...],
    pixel: float,
) -> PlaneMap:
    """The same with both lenses' distortions: Gauss and Newton's method on all ten numbers, without a bend.

    Args:
        plane: a first guess.
        before: as for `refit`.
        after: as for `refit`.
        weights: as for `refit`.
        limits: as for `refit`.
        pixel: after pixels per pixel of the frame that the places were found in.
    """
    use = weights > 0
    if use.sum() < _LENS_PLACES:
        return plane
    before, after, weights = before[use], after[use], weights[use]
    weights = weights / weights.mean()
    to_unit = plane.before.to_unit, plane.after.to_unit
    numbers = _numbers(plane)
    prior = np.r_[np.zeros(8), np.full(2, (_PLACE_ERROR * pixel / _LENS_SPREAD) ** 2)]

    def mapped(values: NDArray[np.float64]) -> Points:
        return _plane(plane, values, to_unit).unbent(before)

    for limit in limits:
        for _ in range(_ROUNDS):
            now = mapped(numbers)
            counted = weights * biweight(distance(now, after), limit)
            steps = np.eye(len(numbers)) * _STEPS
            slopes = np.stack([(mapped(numbers + step) - now) / _STEPS for step in steps], -1)
            normal = np.einsum("nci,n,ncj->ij", slopes, counted, slopes) + np.diag(prior + 1e-9)
            pull = np.einsum("nci,n,nc->i", slopes, counted, after - now) - prior * numbers
            numbers = numbers + np.linalg.solve(normal, pull)
            numbers[8:] = np.clip(numbers[8:], -MOST, MOST)
    return _plane(plane, numbers, to_unit)


def biweight(away: NDArray[np.float64], limit: float) -> NDArray[np.float64]:
    """1 for places that fit, falling to 0 for those `limit` off."""
    weight: NDArray[np.float64] = (1 - np.minimum(away / limit, 1) ** 2) ** 2
    return weight


def distance(one: Points, other: Points) -> NDArray[np.float64]:
    """From each point to its counterpart; infinite where either is."""
    away = np.hypot(*(one - other).T)
    away[~np.isfinite(away)] = np.inf
    return np.asarray(away)


def _numbers(plane: PlaneMap) -> NDArray[np.float64]:
    """The homography in half diagonals, its first eight entries, and both distortions."""
    unit = plane.after.to_unit @ plane.matrix @ inverse(plane.before.to_unit)
    return np.array([*(unit / unit[2, 2]).ravel()[:8], plane.before.k, plane.after.k])


def _plane(plane: PlaneMap, numbers: NDArray[np.float64], to_unit: tuple[Matrix, Matrix]) -> PlaneMap:
    unit = np.append(numbers[:8], 1.0).reshape(3, 3)
    matrix = inverse(to_unit[1]) @ unit @ to_unit[0]
    before, after = (
        replace(lens, k=float(k)) for lens, k in zip((plane.before, plane.after), numbers[8:], strict=True)
    )
    return PlaneMap(matrix / matrix[2, 2], before, after)


def _fit(before: Points, after: Points, weights: NDArray[np.float64]) -> Matrix | None:
    use = weights > 1e-6
    if use.sum() < 12:  # three times what a homography needs; with less it would bend to noise
        return fit_affine(before[use], after[use], weights[use]) if use.sum() >= 6 else None
    return fit_homography(before[use], after[use], weights[use])
