"""Cut a large picture into overlapping tiles and blend the answers without a seam."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


STEP_PX = 32
"""Tiles start and end on multiples of the net's stride."""


def tile_layout(length: int, longest: int, overlap: int) -> tuple[int, list[int]]:
    """The size and the starts of the fewest equal tiles that cover a length, no larger than they must be.

    Args:
        length: a multiple of 32.
        longest: a tile is no longer than this; a multiple of 32.
        overlap: neighbours share at least this; rounding to multiples of 32 may cost up to 32 of it.
    """
    if length <= longest:
        return length, [0]
    count = -(-(length - overlap) // (longest - overlap))
    size = min(longest, -(-(length + (count - 1) * overlap) // count // STEP_PX) * STEP_PX)
    step = (length - size) / (count - 1)
    return size, [int(round(i * step / STEP_PX) * STEP_PX) for i in range(count)]


def tile_weights(starts: list[int], size: int, length: int, overlap: int) -> list[Floats]:
    """For each tile of an axis the weight of its pixels, float32; at every pixel the tiles' weights add up to 1.

    A tile's say falls towards its inner edges, over `overlap` pixels: there a net sees least of what is around.
    """
    rise = np.minimum((np.arange(size, dtype=np.float32) + 0.5) / overlap, 1)
    weights = [np.ones(size, np.float32) for _ in starts]
    for weight in weights[1:]:
        weight *= rise
    for weight in weights[:-1]:
        weight *= rise[::-1]
    total = np.zeros(length, np.float32)
    for start, weight in zip(starts, weights, strict=True):
        total[start : start + size] += weight
    return [weight / total[start : start + size] for start, weight in zip(starts, weights, strict=True)]


def run_tiled(
    image: NDArray[np.uint8],
    run: Callable[[NDArray[np.uint8]], tuple[Floats, Floats]],
    *,
    longest_tile: int,
    overlap: int,
    cell: int,
) -> tuple[Floats, Floats]:
    """Run a net over a picture of any size, tile by tile.

    Args:
        image: uint8 (H, W, 3), H and W multiples of 32.
        run: from a tile uint8 (h, w, 3) to maps float32 (h, w) and (h/cell, w/cell).
        longest_tile: a tile's longer side is no longer than this; in pixels, a multiple of 32.
        overlap: least overlap of neighbouring tiles in pixels.
        cell: side of a cell of the coarse map in pixels.

    Returns:
        The two maps for the whole picture, float32 (H, W) and (H/cell, W/cell), averaged where tiles overlap.
    """
    height, width = image.shape[:2]
    tile_height, rows = tile_layout(height, longest_tile, overlap)
    tile_width, columns = tile_layout(width, longest_tile, overlap)
    if len(rows) == 1 and len(columns) == 1:
        return run(image)
    row_weights = tile_weights(rows, tile_height, height, overlap)
    column_weights = tile_weights(columns, tile_width, width, overlap)
    fine = np.zeros((height, width), np.float32)
    coarse = np.zeros((height // cell, width // cell), np.float32)
    for row, down in zip(rows, row_weights, strict=True):
        for column, across in zip(columns, column_weights, strict=True):
            window = slice(row, row + tile_height), slice(column, column + tile_width)
            a, b = run(np.ascontiguousarray(image[window]))
            fine[window] += a * np.outer(down, across)
            cells = tuple(slice(part.start // cell, part.stop // cell) for part in window)
            coarse[cells] += b * np.outer(*(weight.reshape(-1, cell).mean(1) for weight in (down, across)))
    return fine, coarse
