from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.gaze.angles import before_camera_deg, deg_per_px, eye_in_head_deg, median, percentile
from tests.gaze.heads import rotation

angle = st.floats(-35, 35)


def test_a_degree_is_a_fifth_of_a_millimetre_at_the_iris() -> None:
    turned = eye_in_head_deg(np.array([[0.19, -0.19]]), np.zeros(1))
    assert turned == pytest.approx(np.array([[1.0, -1.0]]), abs=0.01)
    assert deg_per_px(np.array([11.7 / 30])) == pytest.approx(1 / 0.488, rel=0.01)


def test_a_farther_offset_than_the_eye_is_large_is_no_number_out_of_range() -> None:
    assert eye_in_head_deg(np.array([[30.0, -30.0]]), np.zeros(1)) == pytest.approx(np.array([[90.0, -90.0]]))


@given(h=angle, v=angle, yaw=angle, pitch=angle, roll=angle)
def test_eye_and_head_together_point_where_the_line_of_sight_does(
    h: float, v: float, yaw: float, pitch: float, roll: float
) -> None:
    a, b = np.radians([h, v])
    sight = rotation(yaw, pitch, roll) @ [np.sin(a) * np.cos(b), np.sin(b), np.cos(a) * np.cos(b)]
    right, up = before_camera_deg(*(np.array([value]) for value in (h, v, yaw, pitch, roll)))
    assert right[0] == pytest.approx(np.degrees(np.arctan2(sight[0], sight[2])), abs=1e-6)
    assert up[0] == pytest.approx(np.degrees(np.arcsin(sight[1])), abs=1e-6)


def test_the_median_is_that_of_the_frames_that_count() -> None:
    values = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [np.nan, np.nan]])
    assert median(values, np.array([True, False, False, True])) == pytest.approx([1, 2])
    assert median(values, np.zeros(4, np.bool_)) == pytest.approx([3, 4]), "all that were seen, where none counts"
    assert np.isnan(percentile(values[3:], 80)).all()
