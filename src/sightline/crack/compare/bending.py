"""Fitting a bend, and telling whether there is one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.homography import Points
from sightline.crack.compare.planemap import Bend

_LEAST_PLACES = 40
"""Four times the cubic's terms."""

_FOLDS = 5

_LEAST_GAIN = 0.85
"""A bend must foretell places it was not fitted to better than none: their error at most this share of it."""

_ROUNDS = 4

_CUT = 2.5
"""Places further off than so many times the typical error do not count (Tukey's biweight)."""


def fit_bend(
    flat: Points, after: Points, weights: NDArray[np.float64], size: tuple[int, int], *, pixel: float
) -> Bend | None:
    """The bend that takes `flat` to `after`; None where it foretells no better than none.

    Args:
        flat: (n, 2) where the homography puts places, after photo's pixels.
        after: (n, 2) where they are.
        weights: (n,) trust in each.
        size: of the photo after, width and height.
        pixel: after pixels per pixel of the frame they were measured in: a tenth of it is noise.
    """
    use = weights > 0
    if use.sum() < _LEAST_PLACES:
        return None
    flat, offset, weights = flat[use], (after - flat)[use], weights[use]
    centre, scale = np.array(size) / 2, max(size) / 2
    low, high = (np.quantile((flat - centre) / scale, share, axis=0) for share in (0.01, 0.99))
    frame = Bend(np.zeros((10, 2)), centre, float(scale), low, high)
    terms = frame.terms(flat)
    fold = np.arange(len(flat)) % _FOLDS
    foretold = np.zeros_like(offset)
    for k in range(_FOLDS):
        kept = fold != k
        foretold[~kept] = terms[~kept] @ _solve(terms[kept], offset[kept], weights[kept], pixel)
    without, with_bend = (_typical(values) for values in (offset, offset - foretold))
    if with_bend > _LEAST_GAIN * without or without - with_bend < 0.03 * pixel:
        return None
    return Bend(_solve(terms, offset, weights, pixel), centre, float(scale), low, high)


def _solve(terms: NDArray[np.float64], offset: Points, weights: NDArray[np.float64], pixel: float) -> Points:
    counted = weights
    ridge = np.diag(np.r_[0.0, 0.0, 0.0, np.full(7, 1e-3)]) * weights.sum()
    solution = np.zeros((terms.shape[1], 2))
    for _ in range(_ROUNDS):
        weighted = terms * counted[:, None]
        solution = np.linalg.solve(terms.T @ weighted + ridge + 1e-9 * np.eye(10), weighted.T @ offset)
        away = np.hypot(*(offset - terms @ solution).T)
        limit = max(_CUT * 1.5 * float(np.median(away)), 0.3 * pixel)
        counted = weights * np.where(away < limit, (1 - np.minimum(away / limit, 1) ** 2) ** 2, 0)
    return solution


def _typical(offset: Points) -> float:
    """Root mean square of the nearer nine tenths: a few places are found wrongly."""
    squared = np.sort((offset**2).sum(1))
    return float(np.sqrt(squared[: max(1, int(0.9 * len(squared)))].mean()))
