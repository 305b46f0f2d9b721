"""Pieces of a picture are found where they were moved to, whatever the light."""

from __future__ import annotations

import diplib as dip
import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.compare.correlation import correlate, detail
from sightline.crack.compare.warp import warped

SHAPE = (160, 200)
CORNERS = np.array([[x, y] for y in (20, 60, 100) for x in (20, 70, 120)])


@pytest.fixture(scope="module")
def grey() -> NDArray[np.float32]:
    noise = np.random.default_rng(1).normal(0, 1, SHAPE).astype(np.float32)
    return np.asarray(120 + 90 * np.asarray(dip.GaussFIR(noise, 1.6)), np.float32)


@pytest.mark.parametrize("shift", [(0.0, 0.0), (3.0, -2.0), (1.5, 0.25), (-4.3, 5.6)])
def test_pieces_are_found_to_a_fraction_of_a_pixel(grey: NDArray[np.float32], shift: tuple[float, float]) -> None:
    moved = warped(grey, (SHAPE[1], SHAPE[0]), lambda points: points - shift)
    peaks = correlate(detail(grey), detail(moved), CORNERS, 8)
    np.testing.assert_allclose(peaks.shift, np.broadcast_to(shift, peaks.shift.shape), atol=0.2)
    assert (peaks.height > 0.9).all()
    assert (peaks.height - peaks.rival > 0.3).all()


def test_light_does_not_matter(grey: NDArray[np.float32]) -> None:
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float32)
    shaded = np.where(x < 2 * y - 60, 1.0, 0.4)
    lit = np.asarray(20 + 0.5 * grey * (1 + x / 200) * shaded + 0.3 * y, np.float32)
    peaks = correlate(detail(grey), detail(lit), CORNERS, 8)
    assert (np.hypot(*peaks.shift.T) < 0.5).mean() >= 0.8


def test_an_edge_has_no_detail_along_itself(grey: NDArray[np.float32]) -> None:
    edge = np.where(np.arange(SHAPE[1]) < 100, 60, 190).astype(np.float32) * np.ones((SHAPE[0], 1), np.float32)
    only_edge = correlate(detail(edge), detail(edge), np.array([[84, 60]]), 8).detail[0]
    assert only_edge < 0.001 < correlate(detail(grey), detail(grey), CORNERS, 8).detail.min()


def test_a_flat_picture_is_found_nowhere() -> None:
    flat = np.full(SHAPE, 100, np.float32)
    peaks = correlate(detail(flat), detail(flat), CORNERS, 8)
    assert (peaks.height < 0.1).all()
    assert np.isfinite(peaks.shift).all()
