from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.gaze.eyes import EYE_POINTS, EyeMeasures, measure_eyes
from tests.gaze.heads import Head

Floats = NDArray[np.float64]
IN_PIXELS = [field.name for field in fields(EyeMeasures)]


def eyes(**head: float) -> Floats:
    """(1, 2, 11, 2) points of both eyes."""
    return Head(**head).landmarks()[EYE_POINTS, :2][None].astype(np.float64)  # type: ignore[arg-type]


def ratios(measures: EyeMeasures) -> Floats:
    """(3, n, 2): what does not depend on the picture's size."""
    width = measures.width_px
    return np.stack([measures.opening_px / width, measures.offset_x_px / width, measures.offset_y_px / width])


@given(
    turn_deg=st.floats(-80, 80),
    scale=st.floats(0.2, 8),
    x=st.floats(-500, 500),
    y=st.floats(-500, 500),
    gaze=st.floats(-25, 25),
)
def test_rolling_scaling_and_moving_the_picture_changes_no_ratio(
    turn_deg: float, scale: float, x: float, y: float, gaze: float
) -> None:
    before = eyes(gaze_h_deg=gaze, gaze_v_deg=-gaze / 2)
    c, s = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    after = scale * before @ np.array([[c, s], [-s, c]]) + (x, y)
    assert ratios(measure_eyes(after)) == pytest.approx(ratios(measure_eyes(before)), abs=1e-9)
    grown = measure_eyes(after).iris_diameter_px / measure_eyes(before).iris_diameter_px
    assert grown == pytest.approx(np.full((1, 2), scale))


@given(gaze=st.floats(-25, 25), roll=st.floats(-40, 40), opening=st.floats(0.0, 1.2))
def test_a_mirrored_picture_swaps_the_eyes_and_turns_sides_round(gaze: float, roll: float, opening: float) -> None:
    points = eyes(gaze_h_deg=gaze, gaze_v_deg=gaze / 3, roll_deg=roll, opening_cm=opening)
    swapped = (points * (-1, 1))[:, ::-1][:, :, [1, 0, 3, 2, 5, 4, 6, 7, 8, 9, 10]]
    before, after = measure_eyes(points), measure_eyes(swapped)
    for name in ("opening_px", "width_px", "offset_y_px", "iris_diameter_px"):
        assert getattr(after, name) == pytest.approx(getattr(before, name)[:, ::-1])
    assert after.offset_x_px == pytest.approx(-before.offset_x_px[:, ::-1])


def test_the_aperture_is_the_lids_distance_over_the_eyes_width() -> None:
    points = np.zeros((1, 2, 11, 2))
    points[:, :, 1] = (40, 0)
    points[:, :, 2:4] = [(15, -7), (25, -5)]
    points[:, :, 4:6] = [(15, 5), (25, 3)]
    points[:, :, 6] = (23, -2)
    measures = measure_eyes(points)
    assert measures.width_px == pytest.approx(np.full((1, 2), 40))
    assert measures.opening_px == pytest.approx(np.full((1, 2), 10))
    assert measures.offset_x_px == pytest.approx(np.full((1, 2), 3))
    assert measures.offset_y_px == pytest.approx(np.full((1, 2), -2)), "the iris is above the line: negative"


def test_lids_that_cross_are_closed() -> None:
    assert measure_eyes(eyes(opening_cm=-0.2)).opening_px == pytest.approx(np.zeros((1, 2)))


def test_an_eye_without_width_has_no_measures() -> None:
    measures = measure_eyes(np.zeros((1, 2, 11, 2)))
    assert np.isnan(measures.width_px).all()
    assert np.isnan(measures.opening_px).all()


def test_what_was_not_seen_stays_unknown() -> None:
    points = np.concatenate([eyes(), np.full((1, 2, 11, 2), np.nan)])
    measures = measure_eyes(points)
    for name in IN_PIXELS:
        assert np.isfinite(getattr(measures, name)[0]).all()
        assert np.isnan(getattr(measures, name)[1]).all()
