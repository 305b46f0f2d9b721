from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.crack.scale.plane import PlaneScale
from tests.crack.scale.scenes import camera, inverse

Floats = NDArray[np.float64]
TO_PHOTO = camera(500, tilt_deg=35, pan_deg=20, roll_deg=10)
TO_MM = inverse(TO_PHOTO)
OUTLINE = np.array([[300.0, 200], [500, 200], [500, 400], [300, 400]])


def scale(to_mm: Floats = TO_MM, spread: Floats | None = None, size_uncertainty: float = 0.0) -> PlaneScale:
    spread = np.zeros((9, 1)) if spread is None else spread
    return PlaneScale("marker", to_mm, spread, size_uncertainty, OUTLINE, perspective_corrected=True)


def test_points_are_where_the_camera_saw_them() -> None:
    places = np.array([[0.0, 0], [30, -20], [-50, 40]])
    seen = np.column_stack([places, np.ones(3)]) @ TO_PHOTO.T

    np.testing.assert_allclose(scale().points_mm(seen[:, :2] / seen[:, 2:]), places, atol=1e-9)


@given(
    st.floats(50, 750),
    st.floats(50, 550),
    st.floats(0, 2 * np.pi),
    st.floats(-40, 40),
    st.floats(-40, 40),
)
def test_the_step_of_a_pixel_is_the_distance_of_two_points(
    x: float, y: float, angle: float, tilt: float, pan: float
) -> None:
    plane = scale(inverse(camera(500, tilt_deg=tilt, pan_deg=pan)))
    point, direction = np.array([[x, y]]), np.array([[np.cos(angle), np.sin(angle)]])

    step = 1e-3
    ends = plane.points_mm(np.concatenate([point - direction * step, point + direction * step]))
    assume(np.hypot(*ends[0]) < 1e5)  # beyond 100 m the wall nears its horizon, and a step of a pixel is no small one
    distance = np.hypot(*(ends[1] - ends[0])) / (2 * step)

    assert plane.mm_per_px_at(point, 7 * direction)[0] == pytest.approx(distance, rel=1e-5)


def test_without_a_direction_it_is_the_root_of_the_ratio_of_areas() -> None:
    point = np.array([[200.0, 150]])
    corners = scale().points_mm(point + 0.01 * np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]]))
    (x, y), (u, v) = corners.T, np.roll(corners, -1, axis=0).T

    area = abs((x * v - u * y).sum()) / 2

    assert scale().mm_per_px_at(point)[0] == pytest.approx(np.sqrt(area) / 0.01, rel=1e-4)


def test_beyond_the_horizon_there_is_nothing() -> None:
    plane = scale(inverse(camera(500, tilt_deg=80)))
    points = np.array([[400.0, 300], [400.0, -5000], [400.0, 5000]])

    for values in (plane.points_mm(points)[:, 0], plane.mm_per_px_at(points), plane.relative_uncertainty_at(points)):
        assert np.isfinite(values[0])
        assert np.isnan(values[1:]).sum() == 1


def test_uncertainty_is_what_samples_of_the_errors_spread() -> None:
    rng = np.random.default_rng(3)
    spread = rng.normal(size=(9, 8)) * np.abs(TO_MM).reshape(9, 1) * 1e-3
    points = np.array([[400.0, 300], [100, 100], [700, 500]])
    directions = np.array([[1.0, 0], [0, 1], [1, 1]])
    drawn = [scale(TO_MM + (spread @ rng.normal(size=8)).reshape(3, 3)) for _ in range(4000)]
    values = np.array([sample.mm_per_px_at(points, directions) for sample in drawn])

    expected = values.std(axis=0) / scale().mm_per_px_at(points, directions)

    np.testing.assert_allclose(scale(spread=spread).relative_uncertainty_at(points, directions), expected, rtol=0.06)


def test_the_references_own_size_is_as_uncertain_everywhere() -> None:
    plane = scale(size_uncertainty=0.004)

    np.testing.assert_allclose(plane.relative_uncertainty_at(OUTLINE), 0.004)
    assert plane.relative_uncertainty == pytest.approx(0.004)


def test_it_goes_through_json() -> None:
    document = json.loads(json.dumps(scale(size_uncertainty=0.003).to_dict()))

    assert document["kind"] == "marker"
    assert document["perspective_corrected"] is True
    assert document["relative_uncertainty"] == 0.003
    assert document["outline"] == OUTLINE.tolist()
    again = scale(np.array(document["to_mm"]))
    np.testing.assert_allclose(again.points_mm(OUTLINE), scale().points_mm(OUTLINE), rtol=1e-9)
