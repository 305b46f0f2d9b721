"""Tiles cover everything, overlap enough, and blend without a seam."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.crack.tiles import run_tiled, tile_layout

CELL = 16


def gray(part: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A net that answers each pixel's first channel, and its mean over each cell."""
    values = part[..., 0].astype(np.float32)
    rows, columns = (side // CELL for side in values.shape)
    return values, values.reshape(rows, CELL, columns, CELL).mean((1, 3))


@given(length=st.integers(1, 60).map(lambda n: 32 * n), longest=st.integers(8, 30).map(lambda n: 32 * n))
def test_tiles_cover_the_length_and_overlap(length: int, longest: int) -> None:
    overlap = 96
    size, starts = tile_layout(length, longest, overlap)
    assert size <= longest
    assert size % 32 == 0
    assert starts[0] == 0
    assert starts[-1] + size == length
    assert all(start % 32 == 0 for start in starts)
    assert all(a + size - b >= overlap - 32 for a, b in pairwise(starts))


def test_tiles_are_no_larger_than_they_must_be() -> None:
    assert tile_layout(1536, 896, 96) == (832, [0, 704])
    assert tile_layout(1152, 896, 96) == (640, [0, 512])


@given(rows=st.integers(1, 9), columns=st.integers(1, 9), seed=st.integers(0, 9))
def test_blending_gives_back_what_every_tile_agrees_on(rows: int, columns: int, seed: int) -> None:
    shape = (64 * rows, 64 * columns)
    levels = np.random.default_rng(seed).integers(0, 256, (4 * rows, 4 * columns))
    image = np.repeat(np.repeat(levels, CELL, 0), CELL, 1).astype(np.uint8)[..., None].repeat(3, 2)
    fine, coarse = run_tiled(image, gray, longest_tile=256, overlap=96, cell=CELL)
    assert fine.shape == shape
    np.testing.assert_allclose(fine, image[..., 0], atol=1e-3)
    np.testing.assert_allclose(coarse, levels, atol=1e-3)


def test_a_small_picture_is_run_once_and_whole() -> None:
    seen = []

    def run(part: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        seen.append(part.shape)
        return gray(part)

    run_tiled(np.zeros((96, 224, 3), np.uint8), run, longest_tile=256, overlap=96, cell=CELL)
    assert seen == [(96, 224, 3)]
