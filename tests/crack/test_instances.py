from __future__ import annotations

import diplib as dip
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.crack.instances import LEAST_EXTENT_PX, group
from tests.crack.drawing import stroke

Line = list[tuple[float, float]]
SHAPE = (120, 160)


def drawn(*lines: Line, width: float = 3) -> NDArray[np.float32]:
    together: NDArray[np.float32] = np.maximum.reduce([stroke(SHAPE, line, width) for line in lines])
    return together


def count(*lines: Line, width: float = 3, gap_px: float = 12) -> int:
    return len(group(drawn(*lines, width=width), 0.5, gap_px=gap_px))


LEFT: Line = [(10, 60), (60, 60)]


def test_an_empty_map_has_no_structure() -> None:
    assert group(np.full((40, 50), 0.4, np.float32), 0.5, gap_px=12) == []
    assert group(np.ones((1, 1), np.float32), 0.5, gap_px=12) == []


def test_cracks_apart_are_apart() -> None:
    assert count([(10, 20), (150, 20)], [(10, 60), (150, 60)], [(10, 100), (150, 100)]) == 3


def test_a_gap_in_a_line_is_bridged() -> None:
    assert count(LEFT, [(70, 61), (140, 62)]) == 1


def test_the_gap_is_between_the_edges_whatever_the_width() -> None:
    assert count(LEFT, [(70, 60), (140, 60)], width=14) == 1


def test_a_wide_gap_is_not_bridged() -> None:
    assert count(LEFT, [(85, 60), (140, 60)]) == 2
    assert count(LEFT, [(85, 60), (140, 60)], gap_px=30) == 1


def test_a_line_beside_another_is_another() -> None:
    assert count([(10, 60), (140, 60)], [(10, 68), (140, 68)]) == 2


def test_ends_that_do_not_face_each_other_are_apart() -> None:
    assert count(LEFT, [(66, 66), (66, 110)]) == 2  # at a right angle, and the first would pass the second by


def test_a_bend_within_the_gap_is_bridged() -> None:
    assert count(LEFT, [(69, 63), (130, 90)]) == 1


def test_an_end_that_runs_into_the_side_of_a_crack_is_its_branch() -> None:
    assert count([(10, 60), (150, 60)], [(80, 52), (80, 10)]) == 1


def test_a_tiny_gap_is_bridged_in_any_direction() -> None:
    assert count([(10, 60), (140, 60)], [(10, 65), (140, 65)]) == 1


def test_chains_of_links_make_one_structure() -> None:
    assert count([(10, 60), (40, 60)], [(50, 60), (80, 60)], [(90, 60), (120, 60)]) == 1


def test_specks_are_dropped_and_a_dotted_line_is_not() -> None:
    speck: Line = [(100, 20), (100 + LEAST_EXTENT_PX / 2, 20)]
    assert count(LEFT, speck) == 1
    dots: list[Line] = [[(x, 60), (x + 8, 60)] for x in range(10, 140, 16)]
    assert count(*dots) == 1


def test_a_region_is_a_crop_with_a_margin_and_nothing_of_others() -> None:
    probability = drawn([(20, 30), (90, 30)], [(20, 60), (90, 90)])
    regions = group(probability, 0.5, gap_px=12)
    whole = np.zeros(SHAPE, np.int32)
    for region in regions:
        height, width = region.coverage.shape
        window = slice(region.y, region.y + height), slice(region.x, region.x + width)
        inside = region.coverage >= 0.5
        assert not inside[[0, -1]].any()
        assert not inside[:, [0, -1]].any()
        assert inside[1].any()
        assert inside[:, 1].any()
        assert region.coverage.dtype == np.float32
        assert region.coverage.base is None  # a view would keep the whole map alive
        whole[window] += inside
    np.testing.assert_array_equal(whole, probability >= 0.5)


def test_the_margin_stays_within_the_map() -> None:
    (region,) = group(drawn([(-20, 60), (180, 60)], width=5), 0.5, gap_px=12)
    assert (region.x, region.coverage.shape[1]) == (0, 160)


@given(threshold=st.floats(0.05, 0.95), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_coverage_is_one_half_where_probability_is_the_threshold(threshold: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    probability = np.asarray(dip.Gauss(rng.random((60, 80)).astype(np.float32), [3.0]))
    probability = ((probability - probability.min()) / np.ptp(probability)).astype(np.float32)
    probability[30, 20:50] = threshold
    for region in group(probability, threshold, gap_px=12):
        height, width = region.coverage.shape
        part = probability[region.y : region.y + height, region.x : region.x + width]
        assert ((part >= threshold) | (region.coverage < 0.5)).all()
        own = region.coverage >= 0.5
        odds = part[own] / np.maximum(1 - part[own], 1e-6) * (1 - threshold) / threshold
        np.testing.assert_allclose(region.coverage[own], odds / (1 + odds), atol=2e-3)


def test_a_high_threshold_does_not_widen_the_crack() -> None:
    y, _ = np.mgrid[:60, :120]
    logit = 8 - 2.5 * np.abs(y - 30.2)
    probability = (1 / (1 + np.exp(-logit))).astype(np.float32)
    for threshold in (0.3, 0.5, 0.9):
        (region,) = group(probability, threshold, gap_px=12)
        profile = region.coverage[:, 50]
        rows = np.flatnonzero(profile >= 0.5)
        edges = [
            first + (0.5 - profile[first]) / (profile[second] - profile[first]) * (second - first)
            for first, second in ((rows[0], rows[0] - 1), (rows[-1], rows[-1] + 1))
        ]
        half = (8 - np.log(threshold / (1 - threshold))) / 2.5
        assert edges[1] - edges[0] == pytest.approx(2 * half, abs=0.15)


def test_thirty_cracks_in_a_large_map_are_cut_out_whole() -> None:
    rng = np.random.default_rng(0)
    probability = np.zeros((1152, 1536), np.float32)
    for _ in range(30):
        x, y = rng.uniform([60, 60], [1400, 1000])
        stroke_of = stroke((140, 140), [(20, 20), (60, 70), (120, 110)], rng.uniform(2, 8))
        window = probability[int(y) : int(y) + 140, int(x) : int(x) + 140]
        np.maximum(window, stroke_of[: window.shape[0], : window.shape[1]], out=window)
    regions = group(probability, 0.5, gap_px=12)
    assert 10 <= len(regions) <= 30  # some lie upon each other
    found = np.zeros(probability.shape, np.bool_)
    for region in regions:
        height, width = region.coverage.shape
        found[region.y : region.y + height, region.x : region.x + width] |= region.coverage >= 0.5
    assert np.array_equal(found, probability >= 0.5)
