from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.crack.engine import Region
from sightline.crack.report import Box
from sightline.crack.shape import region_mask, region_outlines, run_lengths
from tests.crack.drawing import stroke

LINE = stroke((40, 60), [(10.3, 12.4), (50, 28)], 6)


def area(polygon: NDArray[np.float64]) -> float:
    x, y = polygon.T
    return abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2


def test_at_its_own_size_the_mask_is_the_coverage_cut_at_one_half() -> None:
    mask = region_mask(Region(7, 9, LINE), (1.0, 1.0), Box(7, 9, 60, 40))
    np.testing.assert_array_equal(mask, LINE >= 0.5)


def test_enlarged_the_mask_stays_where_it_is() -> None:
    small = region_mask(Region(0, 0, LINE), (1.0, 1.0), Box(0, 0, 60, 40))
    large = region_mask(Region(0, 0, LINE), (3.0, 3.0), Box(0, 0, 180, 120))
    assert large.sum() == pytest.approx(9 * LINE.sum(), rel=0.02)
    centres = [np.mean(np.argwhere(mask), axis=0) + 0.5 for mask in (small, large)]
    np.testing.assert_allclose(3 * centres[0], centres[1], atol=0.5)


def test_a_part_of_the_mask_is_the_part_of_the_whole() -> None:
    region, scale = Region(5, 6, LINE), (2.603, 2.597)
    whole = region_mask(region, scale, Box(13, 15, 156, 104))
    part = region_mask(region, scale, Box(53, 45, 50, 20))
    np.testing.assert_array_equal(part, whole[30:50, 40:90])


def test_a_reduced_region_keeps_at_least_a_pixel() -> None:
    faint = np.zeros((9, 9), np.float32)
    faint[4, 4] = 0.55
    assert region_mask(Region(0, 0, faint), (2.0, 2.0), Box(8, 8, 2, 2)).any()


def test_outlines_run_at_the_edge_in_the_pictures_pixels() -> None:
    (polygon,) = region_outlines(Region(100, 200, LINE), (2.0, 2.0))
    assert area(polygon) == pytest.approx(4 * LINE.sum(), rel=0.03)
    low, high = polygon.min(axis=0), polygon.max(axis=0)
    np.testing.assert_allclose(
        low, [2 * (100 + 10.8 - 3 * np.sin(0.375)), 2 * (200 + 12.9 - 3 * np.cos(0.375))], atol=1
    )
    np.testing.assert_allclose(
        high, [2 * (100 + 50.5 + 3 * np.sin(0.375)), 2 * (200 + 28.5 + 3 * np.cos(0.375))], atol=1
    )
    assert len(polygon) < 30  # straight sides need no more


def test_each_piece_has_its_outline() -> None:
    pieces = np.maximum(stroke((30, 60), [(5, 15), (20, 15)], 4), stroke((30, 60), [(28, 15), (55, 15)], 4))
    assert len(region_outlines(Region(0, 0, pieces), (1.0, 1.0))) == 2


def test_a_region_that_fills_its_crop_has_an_outline() -> None:
    (polygon,) = region_outlines(Region(0, 0, np.ones((4, 6), np.float32)), (1.0, 1.0))
    assert area(polygon) == pytest.approx(24, abs=1)


@given(seed=st.integers(0, 2**32 - 1), height=st.integers(1, 9), width=st.integers(1, 9), density=st.floats(0, 1))
def test_run_lengths_can_be_read_back(seed: int, height: int, width: int, density: float) -> None:
    mask = np.random.default_rng(seed).random((height, width)) < density
    encoded = run_lengths(mask)
    assert encoded["size"] == [height, width]
    values = np.repeat(np.arange(len(encoded["counts"])) % 2 == 1, encoded["counts"])
    np.testing.assert_array_equal(values.reshape(width, height).T, mask)


def test_run_lengths_go_down_the_columns_and_start_with_clear_pixels() -> None:
    assert run_lengths(np.array([[True, False], [True, True]])) == {"size": [2, 2], "counts": [0, 2, 1, 1]}
