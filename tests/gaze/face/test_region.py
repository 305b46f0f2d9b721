"""The region stands upright on the eyes, holds the face, and leads back to the picture."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.gaze.face.region import Region, around_detection, around_landmarks

places = st.floats(-500, 500)
angles = st.floats(-3, 3)
scales = st.floats(0.1, 20)


def landmarks() -> np.ndarray:
    points = np.random.default_rng(5).uniform(-40, 40, (478, 3))
    points[33], points[263] = (-30, -5, 0), (30, -5, 0)
    return points


def moved(points: np.ndarray, angle: float, scale: float, x: float, y: float) -> np.ndarray:
    cosine, sine = np.cos(angle), np.sin(angle)
    turned = points.copy()
    turned[:, :2] = scale * points[:, :2] @ np.array([[cosine, sine], [-sine, cosine]]) + (x, y)
    return turned


@given(places, places, scales, scales, angles)
def test_a_crops_middle_is_the_regions_centre_and_its_sides_are_the_regions(
    x: float, y: float, width: float, height: float, angle: float
) -> None:
    matrix = Region(x, y, width, height, angle).to_picture(64)
    centre, right, bottom = (matrix @ [*point, 1] for point in ((32, 32), (64, 32), (32, 64)))
    assert centre == pytest.approx([x, y], abs=1e-6)
    assert np.linalg.norm(right - centre) == pytest.approx(width / 2)
    assert np.linalg.norm(bottom - centre) == pytest.approx(height / 2)
    assert (right - centre) @ (bottom - centre) == pytest.approx(0, abs=1e-6)


@given(angles, scales, places, places)
def test_the_region_turns_with_the_eyes_and_moves_with_the_face(a: float, scale: float, x: float, y: float) -> None:
    region = around_landmarks(moved(landmarks(), a, scale, x, y))
    assert np.cos(region.rotation_rad) == pytest.approx(np.cos(a), abs=1e-6)
    assert np.sin(region.rotation_rad) == pytest.approx(np.sin(a), abs=1e-6)
    upright = around_landmarks(moved(landmarks(), 0, scale, x, y))
    assert np.hypot(region.centre_x_px - x, region.centre_y_px - y) < 15 * scale
    assert upright.width_px <= region.width_px * np.sqrt(2) * 1.01


def test_the_region_is_a_square_half_as_large_again_as_the_face() -> None:
    points = landmarks()
    region = around_landmarks(points)
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    assert region.width_px == region.height_px == pytest.approx(1.5 * (high - low).max())
    assert (region.centre_x_px, region.centre_y_px) == pytest.approx(tuple((low + high) / 2))


@pytest.mark.parametrize("degrees", [-90, -20, 17, 40, 180])
def test_a_head_that_is_much_tilted_lies_in_the_region_as_an_upright_one_does(degrees: float) -> None:
    upright = around_landmarks(landmarks())
    tilted = around_landmarks(moved(landmarks(), math.radians(degrees), 1, 0, 0))
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y = upright.centre_x_px, upright.centre_y_px
    assert tilted.width_px == pytest.approx(upright.width_px)
    assert (tilted.centre_x_px, tilted.centre_y_px) == pytest.approx((cosine * x - sine * y, sine * x + cosine * y))


def test_the_region_changes_gradually_with_the_tilt() -> None:
    widths = [around_landmarks(moved(landmarks(), math.radians(tilt / 4), 1, 0, 0)).width_px for tilt in range(100)]
    assert np.abs(np.diff(widths)).max() < 0.03 * widths[0]


def test_a_detection_gives_its_box_half_as_large_again_turned_by_the_eyes() -> None:
    region = around_detection(np.array([10.0, 20.0, 50.0, 80.0]), np.array([[20.0, 40.0], [30.0, 50.0]]))
    assert (region.centre_x_px, region.centre_y_px) == (30, 50)
    assert (region.width_px, region.height_px) == (60, 90)
    assert region.rotation_rad == pytest.approx(np.pi / 4)
