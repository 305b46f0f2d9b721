"""Profiles are the photo's own pixels, and where each of them really lies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.crack.profiles import LUMA, profile_offsets, sample_pixels
from sightline.crack.tone import light_of

VALUES = light_of(0.0)
"""Values as they are, 0..1."""


def test_offsets_are_symmetric_about_the_point() -> None:
    assert profile_offsets(1.0, 0.5).tolist() == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert profile_offsets(0.9, 0.5).tolist() == [-0.5, 0.0, 0.5]
    assert profile_offsets(0.3, 0.1).tolist() == pytest.approx([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3])


def test_a_pixels_centre_lies_at_a_half() -> None:
    grey = np.arange(20, dtype=np.uint8).reshape(4, 5)
    away, values = sample_pixels(grey, np.array([[2.7, 1.5]]), np.array([[1.0, 0.0]]), half_width_px=1, tone=VALUES)
    assert away.tolist() == [pytest.approx([-1.2, -0.2, 0.8])]
    assert (255 * values).tolist() == [pytest.approx([6, 7, 8])]


@given(turn=st.floats(-4, 4), x=st.floats(14, 26), y=st.floats(14, 26))
@settings(max_examples=40, deadline=None)
def test_a_slope_along_the_normal_is_seen_exactly(turn: float, x: float, y: float) -> None:
    rows, columns = np.mgrid[:40, :40] + 0.5
    normal = np.array([np.cos(turn), np.sin(turn)])
    grey = np.rint(100 + 3 * ((columns - x) * normal[0] + (rows - y) * normal[1])).astype(np.uint8)
    away, values = sample_pixels(grey, np.array([[x, y]]), normal[None], half_width_px=10, tone=VALUES)
    assert 255 * values == pytest.approx(100 + 3 * away, abs=0.51)
    assert away[0] == pytest.approx(profile_offsets(10, 1), abs=0.71)


def test_outside_the_photo_there_is_nothing() -> None:
    grey = np.full((6, 8), 255, np.uint8)
    _, values = sample_pixels(grey, np.array([[1.0, 3.0]]), np.array([[-1.0, 0.0]]), half_width_px=2, tone=VALUES)
    assert np.isnan(values[0]).tolist() == [False, False, False, False, True]


def test_a_point_that_is_nowhere_gives_nothing() -> None:
    points = np.array([[np.nan, 3.0], [1e6, 3.0], [4.0, 3.0]])
    normals = np.array([[1.0, 0.0]] * 3)
    _, values = sample_pixels(np.ones((6, 8), np.uint8), points, normals, half_width_px=1, tone=VALUES)
    assert np.isnan(values).all(axis=1).tolist() == [True, True, False]


def test_of_a_coloured_photo_the_luma_is_taken() -> None:
    image = np.random.default_rng(3).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    points, normals = np.array([[11.3, 9.8], [25.0, 20.1]]), np.array([[0.6, 0.8], [0.0, 1.0]])
    _, coloured = sample_pixels(image, points, normals, half_width_px=5, tone=light_of(1.0))
    assert coloured[1, 5] == pytest.approx(light_of(1.0)[image[20, 25]] @ LUMA)


def test_the_smallest_photo() -> None:
    image = np.full((1, 1), 51, np.uint8)
    away, values = sample_pixels(image, np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]]), half_width_px=0.5, tone=VALUES)
    assert (away.tolist(), values.tolist()) == ([[0.0]], [[pytest.approx(0.2)]])
