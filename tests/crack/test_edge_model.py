"""The model of an edge is the blur's integral over a pixel, and the robust sums are what they say."""

from __future__ import annotations

from math import erf, sqrt

import numpy as np
import pytest

from sightline.crack.edge_model import Floats, blurred_step, robust_weights, row_quantile, seen_deviation, where_risen

AWAY = np.linspace(-5, 5, 401)


@pytest.mark.parametrize("sigma", [0.5, 0.8, 1.5])
def test_an_edge_rises_as_a_gaussian_over_a_pixel(sigma: float) -> None:
    within = np.linspace(-0.5, 0.5, 201)
    exact = [np.mean([0.5 * (1 + erf((away + part) / sigma / sqrt(2))) for part in within]) for away in AWAY]
    assert blurred_step(AWAY, sigma)[0] == pytest.approx(exact, abs=5e-3)


def risen(away: Floats, sigma: float) -> Floats:
    """The model itself, without tables: a Gaussian of the blur's variance and the pixel's."""
    return np.array([0.5 * (1 + erf(each / sqrt(2 * (sigma**2 + 1 / 12)))) for each in away])


@pytest.mark.parametrize("sigma", [0.5, 1.5])
def test_its_derivatives(sigma: float) -> None:
    step, per_px, per_blur = blurred_step(AWAY, sigma)
    assert step == pytest.approx(risen(AWAY, sigma), abs=1e-3)
    assert per_px == pytest.approx((risen(AWAY + 1e-3, sigma) - risen(AWAY - 1e-3, sigma)) / 2e-3, abs=2e-3)
    assert per_blur == pytest.approx((risen(AWAY, sigma + 1e-3) - risen(AWAY, sigma - 1e-3)) / 2e-3, abs=2e-3)


def test_each_row_has_its_own_blur() -> None:
    sigmas = np.array([[0.5], [1.5]])
    together = blurred_step(AWAY, sigmas)
    for row, sigma in enumerate((0.5, 1.5)):
        for one, other in zip(together, blurred_step(AWAY, sigma), strict=True):
            assert one[row] == pytest.approx(other)


def test_where_it_has_risen() -> None:
    step, _, _ = blurred_step(AWAY, 0.8)
    assert where_risen(step[150:251]) * seen_deviation(0.8) == pytest.approx(AWAY[150:251], abs=5e-3)


def test_an_outlier_counts_less() -> None:
    residuals = np.tile([0.1, -0.1, 0.1, -0.1, 5.0], (1, 4))
    weights, deviation = robust_weights(residuals, np.ones_like(residuals), np.zeros(1))
    assert deviation == pytest.approx(0.148, abs=1e-3)
    assert weights[0, 0] == 1
    assert weights[0, 4] < 0.1


def test_a_quantile_of_what_is_used() -> None:
    values = np.array([[9.0, 1.0, 5.0, 3.0], [1.0, 2.0, 3.0, 4.0]])
    used = np.array([[False, True, True, True], [False, False, False, False]])
    assert row_quantile(values, used, 0.5).tolist() == [3.0, 0.0]
