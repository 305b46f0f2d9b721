"""The model of an edge is the blur's integral over a pixel, and the robust sums are what they say."""

from __future__ import annotations

from math import erf, sqrt

import numpy as np
import pytest

from sightline.crack.edge_model import EdgeShape, rise, robust_weights, row_quantile, slope, widening

AWAY = np.linspace(-5, 5, 401)


@pytest.mark.parametrize("sigma", [0.5, 0.8, 1.5])
def test_an_edge_rises_as_a_gaussian_over_a_pixel(sigma: float) -> None:
    within = np.linspace(-0.5, 0.5, 201)
    exact = [np.mean([0.5 * (1 + erf((away + part) / sigma / sqrt(2))) for part in within]) for away in AWAY]
    assert rise(AWAY, sigma) == pytest.approx(exact, abs=5e-3)


@pytest.mark.parametrize("sigma", [0.5, 1.5])
def test_its_derivatives(sigma: float) -> None:
    assert slope(AWAY, sigma) == pytest.approx(np.gradient(rise(AWAY, sigma), AWAY), abs=2e-3)
    by_blur = (rise(AWAY, sigma + 1e-3) - rise(AWAY, sigma - 1e-3)) / 2e-3
    assert widening(AWAY, sigma) == pytest.approx(by_blur, abs=2e-3)


def test_the_table_is_as_good() -> None:
    risen, steep = EdgeShape(0.8)(10 * AWAY)
    assert risen == pytest.approx(rise(10 * AWAY, 0.8), abs=1e-3)
    assert steep == pytest.approx(slope(10 * AWAY, 0.8), abs=1e-3)


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
