from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from sightline.crack.scale.quads import dark_quads
from sightline.crack.scale.rectangles import rectangles

TIMES = 8
"""Shapes are drawn so much larger and scaled down, for soft edges in exact places."""


def drawn(shape: NDArray[np.float64], *, dark: int = 40, light: int = 200) -> NDArray[np.uint8]:
    page = Image.new("L", (200 * TIMES, 150 * TIMES), light)
    ImageDraw.Draw(page).polygon([tuple(point) for point in (shape * TIMES - 0.5).tolist()], fill=dark)
    return np.asarray(page.reduce(TIMES))


SHAPES = {
    "square": [[60, 40], [100, 40], [100, 80], [60, 80]],
    "turned": [[80, 30], [120, 70], [80, 110], [40, 70]],
    "flat": [[40, 60], [150, 40], [160, 70], [35, 95]],
    "skewed": [[30, 40], [150, 55], [130, 102], [30, 92]],
    "small": [[80, 60], [92, 62], [90, 74], [78, 72]],
}


def off(found: NDArray[np.float64], wanted: NDArray[np.float64]) -> float:
    return float(min(np.abs(np.roll(found, turn, axis=0) - wanted).max() for turn in range(4)))


@pytest.mark.parametrize("name", SHAPES)
def test_four_straight_sides_are_found_where_they_are(name: str) -> None:
    shape = np.array(SHAPES[name], np.float64)

    found = dark_quads(drawn(shape))

    assert len(found) == 1
    assert off(found[0], shape) < 0.6


@pytest.mark.parametrize(
    "shape",
    [
        [[60, 40], [110, 60], [60, 100]],
        [[60, 40], [80, 40], [80, 80], [120, 80], [120, 100], [60, 100]],
        [[80 + 30 * np.cos(a), 70 + 30 * np.sin(a)] for a in np.linspace(0, 6.2, 40)],
        [[60, 40], [65, 40], [65, 45], [60, 45]],
    ],
    ids=["triangle", "angle", "disc", "too small"],
)
def test_other_shapes_are_not(shape: list[list[float]]) -> None:
    assert len(dark_quads(drawn(np.array(shape, np.float64)))) == 0


def test_light_ones_are_rectangles_too_but_no_place_for_a_code() -> None:
    shape = np.array(SHAPES["flat"], np.float64)
    grey = drawn(shape, dark=200, light=90)

    found = rectangles(np.repeat(grey[..., None], 3, axis=2))

    assert len(dark_quads(grey)) == 0
    assert min(off(quad, shape) for quad in found) < 2.5


def test_a_rectangle_may_stand_apart_by_its_colour_alone() -> None:
    shape = np.array(SHAPES["flat"], np.float64)
    red, green = drawn(shape, dark=150, light=90), drawn(shape, dark=90, light=114)

    found = rectangles(np.stack([red, green, np.full_like(red, 100)], axis=-1))

    assert min(off(quad, shape) for quad in found) < 2.5


def test_a_plain_picture_has_none() -> None:
    assert dark_quads(np.full((90, 120), 128, np.uint8)).shape == (0, 4, 2)
    assert rectangles(np.full((90, 120, 3), 128, np.uint8)).shape == (0, 4, 2)
