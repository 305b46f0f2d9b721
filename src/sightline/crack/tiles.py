"""Cut a large picture into overlapping tiles and blend the answers without a seam."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def tile_starts(length: int, tile: int, overlap: int) -> list[int]:
    """Starts of the fewest tiles that cover `length` and overlap by at least `overlap`, evenly spread, on multiples
    of 32 (the net's stride) but for the last."""
    if length <= tile:
        return [0]
    count = -(-(length - overlap) // (tile - overlap))
    step = (length - tile) / (count - 1)
    return [int(round(i * step / 32) * 32) for i in range(count - 1)] + [length - tile]


def ramp(length: int, before: int, after: int) -> Floats:
    """Weights that rise from 0 to 1 over `before` pixels and fall over `after`; 1 in between, float32 (length,)."""
    weights = np.ones(length, np.float32)
    if before:
        weights[:before] = (np.arange(before, dtype=np.float32) + 0.5) / before
    if after:
        weights[length - after :] *= (np.arange(after, dtype=np.float32)[::-1] + 0.5) / after
    return weights


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
        The two maps for the whole picture, float32 (H, W) and (H/cell, W/cell). In overlaps the tiles are averaged with
        weights that fall towards each tile's edge, where a net sees least.
    """
    height, width = image.shape[:2]
    rows, columns = tile_starts(height, tile, overlap), tile_starts(width, tile, overlap)
    if len(rows) == 1 and len(columns) == 1:
        return run(image)
    fine = np.zeros((height, width), np.float32)
    coarse = np.zeros((height // cell, width // cell), np.float32)
    for row, top, bottom in _spans(rows, height, tile):
        for column, left, right in _spans(columns, width, tile):
            part = np.ascontiguousarray(image[row : row + tile, column : column + tile])
            a, b = run(part)
            weights = np.outer(ramp(part.shape[0], top, bottom), ramp(part.shape[1], left, right))
            fine[row : row + tile, column : column + tile] += a * weights
            coarse_weights = weights[cell // 2 :: cell, cell // 2 :: cell]
            at = slice(row // cell, (row + tile) // cell), slice(column // cell, (column + tile) // cell)
            coarse[at] += b * coarse_weights
    return fine, coarse


def _spans(starts: list[int], length: int, tile: int) -> list[tuple[int, int, int]]:
    """Each start with how many pixels its tile shares with the tile before and the tile after."""
    ends = [min(start + tile, length) for start in starts]
    before = [0] + [end - start for end, start in zip(ends, starts[1:], strict=False)]
    return list(zip(starts, before, before[1:] + [0], strict=True))
