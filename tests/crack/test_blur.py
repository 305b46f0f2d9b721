"""The blur of a photo is found in its sharp edges, and so is how its values follow the light."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.blur import USUAL_BLUR, blur_of
from sightline.crack.edge_blur import blur_of_edges
from sightline.crack.scale.board import SMALL
from sightline.crack.scale.codes import CELLS
from sightline.crack.scale.find_board import find_board
from sightline.crack.scale.plane import PlaneScale
from sightline.crack.tone import light_of
from tests.crack.lines import photo, square_edges
from tests.crack.scale import scenes


@pytest.mark.parametrize("angle", [4, 33])
@pytest.mark.parametrize("sigma", [0.6, 1.2])
def test_edges_tell_the_blur(sigma: float, angle: float) -> None:
    blur = blur_of_edges(photo(0, blur_px=sigma, angle_deg=angle, square_px=60), square_edges(60, angle))
    assert blur is not None
    assert blur.sigma_px == pytest.approx(sigma, abs=0.05)
    assert 0.01 < blur.uncertainty_px < 0.06


@pytest.mark.parametrize("in_light", [True, False])
def test_edges_tell_what_was_blurred(in_light: bool) -> None:
    image = photo(0, blur_px=1.2, square_px=60, in_light=in_light, noise=1)
    blur = blur_of_edges(image, square_edges(60, 10))
    assert blur is not None
    assert blur.share == pytest.approx(1.0 if in_light else 0.0, abs=0.3)


def test_edges_that_are_none_tell_nothing() -> None:
    assert blur_of_edges(photo(0, noise=8), square_edges(60, 10)) is None


def test_edges_outside_the_photo_tell_nothing() -> None:
    assert blur_of_edges(photo(0, square_px=60), square_edges(60, 10) + 1000) is None


def test_a_marker_in_the_photo_tells_its_blur() -> None:
    image = scenes.photo(scenes.camera(400, roll_deg=8), scenes.board_paint(SMALL), blur_px=1.0)
    scale = find_board(image)
    assert scale is not None
    blur = blur_of(image, scale)
    assert blur is not USUAL_BLUR
    assert blur.sigma_px == pytest.approx(1.0, abs=0.12)


@pytest.mark.parametrize("module_px", [5.5, 6.6])
def test_the_next_edge_does_not_change_it(module_px: float) -> None:
    blur = blur_of(*far_marker(module_px))
    assert blur is not USUAL_BLUR
    assert blur.sigma_px == pytest.approx(1.1, abs=0.02)


def test_where_modules_are_as_narrow_as_the_blur_it_is_not_told() -> None:
    assert blur_of(*far_marker(3)) is USUAL_BLUR


def far_marker(module_px: float) -> tuple[NDArray[np.uint8], PlaneScale]:
    to_photo = scenes.camera(SMALL.code_mm / CELLS * 480 / module_px, roll_deg=8)
    image = scenes.photo(to_photo, scenes.board_paint(SMALL), blur_px=1.1, noise=1.0)
    scale = find_board(image)
    assert scale is not None
    return image, scale


def test_without_edges_the_usual_blur_is_taken() -> None:
    outline = np.array([[10.0, 10.0], [200.0, 10.0]])
    points = PlaneScale("points", np.eye(3), np.zeros((9, 1)), 0.01, outline, perspective_corrected=False)
    for scale in (None, points):
        assert blur_of(photo(3), scale) is USUAL_BLUR


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_light_rises_with_the_value(share: float) -> None:
    light = light_of(share)
    assert (light[0], light[255]) == (0, 1)
    assert (np.diff(light) > 0).all()


def test_values_that_follow_srgb() -> None:
    assert light_of(1.0)[188] == pytest.approx(0.503, abs=1e-3)  # the middle grey of the light
    assert light_of(0.0)[51] == pytest.approx(0.2)
