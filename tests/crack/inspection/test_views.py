from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.crack.inspection.views import NOTHING, Window, along, carried, cutting, inside

NOISE = np.random.default_rng(5).integers(0, 256, (120, 160, 3)).astype(np.uint8)
SMOOTH = np.stack([np.tile(np.arange(160, dtype=np.uint8), (120, 1))] * 3, axis=2)


def test_a_window_of_the_photo_itself_keeps_its_pixels() -> None:
    assert (cutting(NOISE, Window(20, 10, 50, 40, 1.0)) == NOISE[10:50, 20:70]).all()
    assert cutting(NOISE, Window(20, 10, 50, 40, 2.5)).shape == (100, 125, 3)


def test_a_photo_carried_by_a_shift_is_shifted() -> None:
    picture = carried(NOISE, Window(0, 0, 160, 120, 1.0), lambda points: points + np.array([30, 20]))
    assert (picture[:100, :130] == NOISE[20:, 30:]).all()
    assert (picture[101:] == NOTHING).all()
    assert (picture[:, 131:] == NOTHING).all()


@pytest.mark.parametrize("factor", [0.25, 1.0, 3.0])
def test_a_photo_carried_by_a_scale_keeps_its_brightness(factor: float) -> None:
    window = Window(0, 0, 160 / factor, 120 / factor, 1.0)
    picture = carried(SMOOTH, window, lambda points: points * factor)
    across = (np.arange(window.size[0]) + 0.5) * factor - 0.5
    assert np.abs(picture[5, 3:-3, 0] - across[3:-3]).max() < 2 + factor / 2


def test_places_that_a_map_has_not_are_left_empty() -> None:
    picture = carried(NOISE, Window(0, 0, 160, 120, 1.0), lambda points: np.where(points[:, :1] > 100, np.nan, points))
    assert (picture[:, -1] == NOTHING).all()
    assert (picture[:, :20] == NOISE[:, :20]).all()


@given(st.floats(-500, 500), st.floats(-500, 500), st.floats(0.05, 4))
def test_a_window_shows_a_place_where_it_says(x: float, y: float, scale: float) -> None:
    window = Window(-3.5, 12.25, 100, 50, scale)
    assert window.places(window.shown(np.array([[x, y]]))) == pytest.approx(np.array([[x, y]]))


def test_outlines_hold_pixels_and_may_lie_outside() -> None:
    square = np.array([(10, 10), (20, 10), (20, 20), (10, 20)], float)
    mask = inside([square, square + 1e7, square[:1]], (40, 30))
    assert mask.shape == (30, 40)
    assert mask[11:19, 11:19].all()
    assert not mask[22:].any()


def test_what_lies_along_a_line_is_as_wide_as_was_asked() -> None:
    mask = along([np.array([(5, 15.5), (35, 15.5)]), np.zeros((1, 2))], (40, 30), 3)
    assert mask[:, 20].sum() == pytest.approx(6, abs=1)
