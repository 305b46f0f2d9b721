"""Cut a large picture into overlapping tiles and blend the answers without a seam."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def tile_starts(length: int, tile: int, overlap: int) -> list[int]:
    """Starts of the fewest tiles that cover `length` and overlap by at least `overlap`, evenly spread.

    All are multiples of 32, the net's stride; rounding to them may cost up to 32 pixels of overlap.
    """
    if length <= tile:
        return [0]
    count = -(-(length - overlap) // (tile - overlap))
    step = (length - tile) / (count - 1)
    return [int(round(i * step / 32) * 32) for i in range(count - 1)] + [length - tile]


def tile_weights(starts: list[int], length: int, tile: int, overlap: int) -> list[Floats]:
    """For each tile of an axis the weight of its pixels, float32; at every pixel the tiles' weights add up to 1.

    A tile's say falls towards its inner edges, over `overlap` pixels: there a net sees least of what is around.
    """
    size = min(tile, length)
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
    tile: int,
    overlap: int,
    cell: int,
) -> tuple[Floats, Floats]:
    """Run a net over a picture of any size, tile by tile.

    Args:
        image: uint8 (H, W, 3), H and W multiples of 32.
        run: from a tile uint8 (h, w, 3) to maps float32 (h, w) and (h/cell, w/cell).
        tile: side of a tile in pixels, a multiple of 32.
        overlap: least overlap of neighbouring tiles in pixels.
        cell: side of a cell of the coarse map in pixels.

    Returns:
        The two maps for the whole picture, float32 (H, W) and (H/cell, W/cell), averaged where tiles overlap.
    """
    height, width = image.shape[:2]
    rows, columns = tile_starts(height, tile, overlap), tile_starts(width, tile, overlap)
    if len(rows) == 1 and len(columns) == 1:
        return run(image)
    row_weights = tile_weights(rows, height, tile, overlap)
    column_weights = tile_weights(columns, width, tile, overlap)
    fine = np.zeros((height, width), np.float32)
    coarse = np.zeros((height // cell, width // cell), np.float32)
    for row, down in zip(rows, row_weights, strict=True):
        for column, across in zip(columns, column_weights, strict=True):
            part = np.ascontiguousarray(image[row : row + tile, column : column + tile])
            a, b = run(part)
            fine[row : row + down.size, column : column + across.size] += a * np.outer(down, across)
            down_cells, across_cells = (w.reshape(-1, cell).mean(1) for w in (down, across))
            top, left = row // cell, column // cell
            coarse[top : top + down_cells.size, left : left + across_cells.size] += b * np.outer(
                down_cells, across_cells
            )
    return fine, coarse
