"""Plane projective maps: found again from points, and told from maps that no two photos of a wall have."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.crack.compare.homography import (
    apply,
    fit_affine,
    fit_homography,
    inverse,
    jacobians,
    normalised,
    plausible_at,
)

GRID = np.stack(np.meshgrid(np.linspace(0, 640, 6), np.linspace(0, 480, 5)), -1).reshape(-1, 2)
ASKEW = np.array([[0.9, 0.1, 20.0], [-0.08, 1.1, -15.0], [2e-4, -1e-4, 1.0]])

small = st.floats(-0.2, 0.2)


@given(small, small, st.floats(-100, 100), st.floats(-3e-4, 3e-4), st.floats(-3e-4, 3e-4))
def test_a_map_is_found_again_from_its_points(a: float, b: float, shift: float, g: float, h: float) -> None:
    matrix = np.array([[1 + a, b, shift], [-b, 1 - a, -shift], [g, h, 1.0]])
    found = fit_homography(GRID, apply(matrix, GRID))
    assert found is not None
    np.testing.assert_allclose(apply(found, GRID), apply(matrix, GRID), atol=1e-5)
    np.testing.assert_allclose(apply(inverse(matrix), apply(matrix, GRID)), GRID, atol=1e-6)


def test_a_place_without_weight_does_not_count() -> None:
    target = apply(ASKEW, GRID)
    target[7] += 100
    weights = np.ones(len(GRID))
    weights[7] = 0
    found = fit_homography(GRID, target, weights)
    assert found is not None
    np.testing.assert_allclose(found, normalised(ASKEW), rtol=1e-6)


def test_points_on_a_line_fix_nothing() -> None:
    line = np.column_stack([np.arange(9.0), 2 * np.arange(9.0)])
    assert fit_homography(line, line) is None
    assert fit_affine(line, line) is None
    assert fit_homography(GRID[:3], GRID[:3]) is None


def test_an_affine_map_is_found_again() -> None:
    matrix = np.array([[0.9, 0.1, 20.0], [-0.08, 1.1, -15.0], [0, 0, 1.0]])
    found = fit_affine(GRID, apply(matrix, GRID))
    assert found is not None
    np.testing.assert_allclose(found, matrix, atol=1e-9)


def test_slopes_are_those_of_small_steps() -> None:
    step = 1e-4
    slopes = jacobians(ASKEW, GRID)
    for axis in (0, 1):
        change = np.eye(2)[axis] * step
        numeric = (apply(ASKEW, GRID + change) - apply(ASKEW, GRID - change)) / (2 * step)
        np.testing.assert_allclose(slopes[:, :, axis], numeric, atol=1e-6)


@pytest.mark.parametrize(
    ("matrix", "plausible"),
    [
        (np.eye(3), True),
        (ASKEW, True),
        (np.diag([2.5, 2.5, 1.0]), True),
        (np.diag([-1.0, 1.0, 1.0]), False),  # mirrored
        (np.diag([9.0, 9.0, 1.0]), False),  # nothing but pixels
        (np.diag([1.0, 6.0, 1.0]), False),  # no wall is stretched so
        (np.array([[1, 0, 0], [0, 1, 0], [-1 / 300, 0, 1.0]]), False),  # a horizon runs through the photo
    ],
)
def test_only_maps_that_photos_of_a_wall_can_have_are_plausible(matrix: np.ndarray, plausible: bool) -> None:
    corners = np.array([[0.0, 0], [640, 0], [640, 480], [0, 480]])
    assert plausible_at(matrix, corners).all() == plausible
