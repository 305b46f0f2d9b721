"""How a sharp edge and a dark line look in a photo, and the least squares that fits them to many profiles at once."""

from __future__ import annotations

from math import erf, exp, pi, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SPAN = 6.0
"""Beyond so many standard deviations a Gaussian's rise has ended to within 1e-9."""

_Z = np.linspace(-_SPAN, _SPAN, 1201)
_RISE = np.array([0.5 * (1 + erf(z / sqrt(2))) for z in _Z])
_SLOPE = np.array([exp(-0.5 * z * z) / sqrt(2 * pi) for z in _Z])
"""Tables: NumPy has no error function. Interpolated linearly they are right to 1e-5."""

_NODES = (-sqrt(0.6) / 2, 0.0, sqrt(0.6) / 2)
_SHARES = (5 / 18, 8 / 18, 5 / 18)
"""Gauss and Legendre's three points for the mean over a pixel, which is 1 wide: along its sides exactly so, across its
corners with the same variance."""

_TABLE_STEP_PX = 0.002

_HUBER = 2.0
"""Residuals beyond so many standard deviations count in proportion to their size, no longer to its square."""


def rise(away: Floats, sigma_px: Floats | float) -> Floats:
    """A step from 0 to 1, as pixels see it behind a Gaussian blur, at distances from the step in pixels."""
    return _over_pixel(away, sigma_px, _RISE, 0, 1)


def slope(away: Floats, sigma_px: Floats | float) -> Floats:
    """The derivative of `rise` by the distance."""
    return _over_pixel(away, sigma_px, _SLOPE, 0, 0) / sigma_px


def widening(away: Floats, sigma_px: Floats | float) -> Floats:
    """The derivative of `rise` by the blur."""
    return _over_pixel(away, sigma_px, -_Z * _SLOPE, 0, 0) / sigma_px


def _over_pixel(away: Floats, sigma_px: Floats | float, table: Floats, below: float, above: float) -> Floats:
    total = np.zeros(np.broadcast_shapes(np.shape(away), np.shape(sigma_px)))
    for node, share in zip(_NODES, _SHARES, strict=True):
        total += share * np.interp((away + node) / sigma_px, _Z, table, left=below, right=above)
    return total


class EdgeShape:
    """`rise` and `slope` for one blur, from a table: many times faster, right to 1e-3.

    Args:
        sigma_px: of the blur.
    """

    def __init__(self, sigma_px: float) -> None:
        self._span = _SPAN * sigma_px + 0.5
        away = np.arange(-self._span, self._span + _TABLE_STEP_PX, _TABLE_STEP_PX)
        self._rise, self._slope = rise(away, sigma_px), slope(away, sigma_px)

    def __call__(self, away: Floats) -> tuple[Floats, Floats]:
        """Rise and slope at distances in pixels."""
        at = (np.clip(away, -self._span, self._span) + (self._span + _TABLE_STEP_PX / 2)) * (1 / _TABLE_STEP_PX)
        index = at.astype(np.intp)
        return self._rise[index], self._slope[index]


def robust_weights(residuals: Floats, weights: Floats, least: Floats) -> tuple[Floats, Floats]:
    """Huber's weights.

    Args:
        residuals: (j, k).
        weights: (j, k), 0 where there is no sample.
        least: (j,), no standard deviation is taken to be smaller.

    Returns:
        The weights (j, k), and each row's standard deviation of a sample of weight 1, (j,).
    """
    scaled = np.abs(residuals) * np.sqrt(weights)
    deviation = np.maximum(1.4826 * row_quantile(scaled, weights > 0, 0.5), least)
    return weights * np.minimum(1, _HUBER * deviation[:, None] / np.maximum(scaled, 1e-12)), deviation


def row_quantile(values: Floats, used: NDArray[np.bool_], share: float) -> Floats:
    """A quantile of the used values of each row, (j,), the lower of two between which it lies; 0 where there are none.

    NumPy's own takes ten times as long where some are left out.
    """
    count = used.sum(axis=1)
    ordered = np.sort(np.where(used, values, np.inf), axis=1)
    at = np.maximum(count - 1, 0) * share
    found = np.take_along_axis(ordered, at.astype(np.intp)[:, None], axis=1)[:, 0]
    return np.where(count > 0, found, 0.0)


def normal_equations(jacobian: Floats, residuals: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """The matrices (j, p, p) and right sides (j, p) of j weighted least squares; the Jacobian is (j, k, p)."""
    weighted = jacobian * weights[..., None]
    turned = weighted.transpose(0, 2, 1)
    return turned @ jacobian, (turned @ residuals[..., None])[..., 0]
