"""How a sharp edge and a dark line look in a photo, and the least squares that fits them to many profiles at once."""

from __future__ import annotations

from math import erf, exp, pi, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_PIXEL_VARIANCE = 1 / 12
"""Of a pixel's own width. Behind a blur of 0.5 px a step as pixels see it differs from a Gaussian's integral of the
same variance by no more than 0.2 % of its height, whichever way it crosses the pixels."""

_SPAN = 6.0
"""Beyond so many standard deviations a Gaussian's rise has ended to within 1e-9."""

_PER_DEVIATION = 500
_Z = np.arange(-_SPAN * _PER_DEVIATION, _SPAN * _PER_DEVIATION + 1) / _PER_DEVIATION
_RISE = np.array([0.5 * (1 + erf(z / sqrt(2))) for z in _Z])
_BELL = np.array([exp(-0.5 * z * z) / sqrt(2 * pi) for z in _Z])
"""Tables: NumPy has no error function. The nearest entry is right to 4e-4."""

_HUBER = 2.0
"""Residuals beyond so many standard deviations count in proportion to their size, no longer to its square."""


def seen_deviation(sigma_px: Floats | float) -> Floats:
    """Standard deviation of blur and pixel together."""
    deviation: Floats = np.sqrt(np.square(sigma_px) + _PIXEL_VARIANCE)
    return deviation


def blurred_step(away: Floats, sigma_px: Floats | float) -> tuple[Floats, Floats, Floats]:
    """A step from 0 to 1, as pixels see it behind a Gaussian blur.

    Args:
        away: distances from the step in pixels.
        sigma_px: of the blur, alone or of a shape that goes with theirs.

    Returns:
        The step, its derivative by the distance and that by the blur.
    """
    deviation = seen_deviation(sigma_px)
    z = np.clip(away / deviation, -_SPAN, _SPAN)
    at = np.rint((z + _SPAN) * _PER_DEVIATION).astype(np.intp)
    steep = _BELL[at] / deviation
    return _RISE[at], steep, -z * steep * (sigma_px / deviation)


def where_risen(share: Floats) -> Floats:
    """How far from a step it has risen by so much, in standard deviations of what is seen: the inverse of its rise."""
    return np.interp(share, _RISE, _Z)


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
