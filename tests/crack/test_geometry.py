"""Strokes of known length and width are measured within 5 % or 1 px, whichever is more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.crack.geometry import CrackGeometry, measure
from tests.crack.drawing import arc, fitted, straight, stroke

WIDTHS = st.floats(1.5, 30)
SHARES = st.floats(0, 1)
TURNS = st.floats(-180, 180)
SLENDER = 3
"""A stroke is at least this many times longer than it is wide: below, which side is the length is a matter of taste."""


def length_of(width: float, share: float, longest: float = 400) -> float:
    return max(30, SLENDER * width) + share * (longest - max(30, SLENDER * width))


def close(measured: float, truth: float) -> bool:
    return abs(measured - truth) <= max(0.05 * truth, 1)


def assert_measured(geometry: CrackGeometry, length: float, width: float) -> None:
    assert close(geometry.length_px, length), (geometry, length)
    assert close(geometry.mean_width_px, width), (geometry, width)
    assert geometry.branch_count == 1


@given(width=WIDTHS, share=SHARES, angle=TURNS, x=SHARES, y=SHARES)
@example(width=4.25, share=0, angle=-12, x=0.5, y=0)  # the skeleton runs into corners of both ends
@example(width=2.5, share=0, angle=87, x=0, y=0.5)  # and where the radius in whole pixels does not tell
@settings(max_examples=60, deadline=None)
def test_a_straight_stroke(width: float, share: float, angle: float, x: float, y: float) -> None:
    length = length_of(width, share)
    geometry = measure(straight(length, width, angle, (x, y)))
    assert_measured(geometry, length, width)
    assert close(geometry.max_width_px, width)
    off = (geometry.orientation_deg - angle + 90) % 180 - 90
    assert abs(off) < max(1.5, np.rad2deg(2 / length))


@given(width=WIDTHS, share=SHARES, roundness=SHARES, angle=TURNS)
@settings(max_examples=40, deadline=None)
def test_an_arc(width: float, share: float, roundness: float, angle: float) -> None:
    length = max(4 * width, length_of(width, share, longest=300))
    tightest = max(length / 5, 2 * width, 15)
    radius = tightest / max(roundness, 0.05)
    geometry = measure(arc(length, width, radius, angle))
    assert_measured(geometry, length, width)
    assert width - 1 < geometry.max_width_px < 1.15 * width + 1  # a stubby arc ends in corners


@given(
    width=st.floats(2, 30),
    legs=st.integers(2, 5),
    share=SHARES,
    bends=st.lists(st.floats(-50, 50), min_size=5, max_size=5),
)
@settings(max_examples=40, deadline=None)
def test_a_polyline(width: float, legs: int, share: float, bends: list[float]) -> None:
    leg = max(12, 30 / legs, 1.5 * width) * (1 + share)
    turn = np.deg2rad(np.cumsum(bends[:legs]))
    corners = np.concatenate([[[0, 0]], np.cumsum(leg * np.stack([np.cos(turn), np.sin(turn)], axis=1), axis=0)])
    assert_measured(measure(fitted(corners, width)), legs * leg, width)


@pytest.mark.parametrize("angle", [0, 10, 45, 80, 90])
def test_a_binary_line_one_pixel_wide(angle: int) -> None:
    line = (straight(80, 1.01, angle) >= 0.5).astype(np.float32)
    geometry = measure(line)
    assert close(geometry.length_px, 80)
    assert 0.5 < geometry.mean_width_px < 1.6


def test_orientation_is_counter_clockwise_in_a_picture_whose_y_grows_downwards() -> None:
    rising = np.fliplr(np.eye(40, dtype=np.float32))
    assert measure(rising).orientation_deg == pytest.approx(45)
    assert measure(np.flipud(rising)).orientation_deg == pytest.approx(-45)
    assert measure(stroke((60, 20), [(10, 5), (10, 55)], 3)).orientation_deg == pytest.approx(-90)


def test_the_largest_width_is_found_where_it_is() -> None:
    y, x = np.mgrid[:80, :240]
    half = 3 + 6 * np.exp(-(((x - 150) / 15) ** 2))
    coverage = np.clip(half - np.abs(y - 40) + 0.5, 0, 1) * (x >= 10) * (x <= 230)
    geometry = measure(coverage.astype(np.float32))
    assert geometry.max_width_px == pytest.approx(18, abs=0.7)
    assert geometry.max_width_at == pytest.approx((150, 40), abs=4)
    assert 6 < geometry.mean_width_px < 9


def test_one_ragged_pixel_is_no_width() -> None:
    line = stroke((40, 160), [(10, 20), (150, 20)], 6)
    line[10:17, 80] = 1
    assert measure(line).max_width_px < 7


def test_a_wedge_ends_where_it_is_too_fine_to_see() -> None:
    y, x = np.mgrid[:60, :260]
    coverage = (np.clip((x - 10) / 24 + 0.5 - np.abs(y - 30), 0, 1) * (x >= 10) * (x < 250)).astype(np.float32)
    geometry = measure(coverage)
    assert close(geometry.length_px, 240)
    assert close(geometry.mean_width_px, 10)


CROSS = [[(10.0, 50.0), (90.0, 50.0)], [(50.0, 10.0), (50.0, 90.0)]]


@pytest.mark.parametrize("width", [1.5, 3, 12])
def test_a_cross(width: float) -> None:
    geometry = measure(np.maximum(*(stroke((100, 100), line, width) for line in CROSS)))
    assert geometry.branch_count == 4
    assert close(geometry.length_px, 160)
    assert close(geometry.mean_width_px, width)
    assert close(geometry.max_width_px, width)  # and not the diagonal of the crossing


def test_a_ring() -> None:
    y, x = np.mgrid[:70, :70]
    ring = np.clip(2.5 - np.abs(np.hypot(x - 34.3, y - 35.1) - 25), 0, 1).astype(np.float32)
    geometry = measure(ring)
    assert (geometry.branch_count, close(geometry.length_px, 2 * np.pi * 25)) == (1, True)
    assert geometry.mean_width_px == pytest.approx(4, abs=0.2)


def test_a_gap_is_not_counted() -> None:
    pieces = stroke((40, 120), [(10, 20), (50, 20)], 4), stroke((40, 120), [(60, 20), (110, 20)], 4)
    geometry = measure(np.maximum(*pieces))
    assert geometry.length_px == pytest.approx(90, abs=1)
    assert geometry.branch_count == 1


def test_a_pinhole_is_noise() -> None:
    line = stroke((60, 200), [(10, 30), (190, 30)], 9)
    line[29:32, 80:83] = 0
    assert_measured(measure(line), 180, 9)


def test_a_crack_that_leaves_the_photo_is_measured_to_its_border() -> None:
    geometry = measure(stroke((100, 101), [(-20, 50), (120, 50)], 7))
    assert_measured(geometry, 101, 7)


def block(height: int, width: int) -> NDArray[np.float32]:
    return np.ones((height, width), np.float32)


@pytest.mark.parametrize(
    ("shape", "length", "width"),
    [(block(1, 1), 1, 1), (block(2, 2), 2, 2), (block(20, 20), 20, 20), (block(20, 25), 25, 20), (block(9, 40), 40, 9)],
)
def test_blobs_and_blocks(shape: NDArray[np.float32], length: float, width: float) -> None:
    assert_measured(measure(shape), length, width)


def test_a_disc() -> None:
    y, x = np.mgrid[:60, :60]
    disc = np.clip(20.5 - np.hypot(x - 30, y - 29.6), 0, 1).astype(np.float32)
    assert_measured(measure(disc), 40, 40)


@given(seed=st.integers(0, 2**32 - 1), density=st.floats(0.02, 0.98))
@settings(max_examples=60, deadline=None)
def test_any_mask_is_measured(seed: int, density: float) -> None:
    rng = np.random.default_rng(seed)
    noise = rng.random((24, 30)).astype(np.float32) * (rng.random((24, 30)) < density)
    noise[12, 15] = 1
    geometry = measure(noise)
    sizes = [geometry.length_px, geometry.mean_width_px, geometry.max_width_px]
    assert all(np.isfinite(sizes))
    assert min(sizes) > 0
    assert geometry.mean_width_px <= geometry.max_width_px
    assert -90 <= geometry.orientation_deg < 90
    assert geometry.branch_count >= 1


def test_nothing_to_measure() -> None:
    with pytest.raises(ValueError, match=r"no pixel reaches the level 0\.5"):
        measure(np.full((5, 5), 0.49, np.float32))


def test_another_level() -> None:
    line = 0.6 * straight(60, 5, 0)
    assert close(measure(line, level=0.3).mean_width_px, 5)
