"""Cameras before a flat wall."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pair_views import View, apply_homography, draw_views, sample

WALL = 1500, 1100


@pytest.fixture(params=range(6))
def view(request: pytest.FixtureRequest) -> View:
    return draw_views(np.random.default_rng(request.param), WALL, np.array([700.0, 500.0]))[0]


@pytest.mark.parametrize("distortion", [0.0, -0.05, 0.03])
def test_there_and_back(view: View, distortion: float) -> None:
    view = replace(view, distortion=distortion)
    points = np.random.default_rng(0).uniform(0, view.size, (200, 2))
    np.testing.assert_allclose(view.to_view(view.to_wall(points)), points, atol=1e-4)


def test_without_a_lens_it_is_the_homography(view: View) -> None:
    points = np.random.default_rng(0).uniform(300, 800, (50, 2))
    plain = replace(view, distortion=0.0)
    np.testing.assert_allclose(plain.to_view(points), apply_homography(view.homography, points), atol=1e-9)


def test_scale_is_that_of_the_middle(view: View) -> None:
    middle = replace(view, distortion=0.0).to_wall(np.array([view.size]) / 2.0)
    near = middle + np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    x, y = np.diff(replace(view, distortion=0.0).to_view(near)[[0, 1, 0, 2]], axis=0)[::2]
    foreshortened = np.cos(np.deg2rad(view.tilt_deg))
    assert abs(x[0] * y[1] - x[1] * y[0]) == pytest.approx(view.scale**2 * foreshortened, rel=0.02)


def test_two_views_are_not_too_far_from_each_other() -> None:
    for seed in range(10):
        one, other = draw_views(np.random.default_rng(seed), WALL, np.array([700.0, 500.0]))
        assert 0.4 <= other.scale / one.scale <= 2.5
        assert one.inside(one.to_view(np.array([[700.0, 500.0]]))).all()


def test_a_sample_shows_what_lies_there() -> None:
    """On a plane of brightness x + 2 y every photo pixel must read its own place on the wall."""
    y, x = np.mgrid[0 : WALL[1], 0 : WALL[0]] + 0.5
    plane = (x + 2 * y).astype(np.float32)
    view = View((300, 200), np.array([[1.3, 0.1, -700], [-0.1, 1.3, -400], [1e-5, 0, 1]]), -0.04, 1.3, 0.0)
    grid = view.grid()
    np.testing.assert_allclose(sample(plane, view.scale, grid), grid[..., 0] + 2 * grid[..., 1], rtol=1e-4)
    part = slice(50, 120), slice(30, 90)
    np.testing.assert_allclose(sample(plane, view.scale, grid[part]), sample(plane, view.scale, grid)[part], rtol=1e-5)


def test_what_lies_far_outside_does_not_fold_back_into_the_photo(view: View) -> None:
    wide = replace(view, distortion=-0.05)
    far = replace(view, distortion=0.0).to_wall(np.array(wide.size) * np.array([[3.0, 0.5], [-2.0, 0.5], [0.5, 4.0]]))
    assert not wide.inside(wide.to_view(far)).any()
