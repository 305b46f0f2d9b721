"""Where in a large photo it is worth looking closer, after a first look at it in half its size."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sightline.crack.tiles import STEP_PX, Floats

BLOCK_PX = 64
"""Places are chosen on this grid: the first look's judge answers for 32 px of the photo, and of a block and its margins
the net can take any number, since its sides are multiples of 32."""

MARGIN_PX = STEP_PX
"""So much is looked at around a place, so that the net sees what is beside it. Twice as much makes it a little surer:
of 12 enlarged photos of faint cracks in concrete it reports 12, not 10. But the closer look takes a quarter longer."""

Boxes = NDArray[np.intp]
"""(n, 4): top, bottom, left, right, half open."""

Window = tuple[slice, slice]


def windows(suspects: NDArray[np.bool_], cell: int, *, longest: int) -> list[Window]:
    """The rectangles of a picture to look at closer; together they hold every suspect cell's block with a margin.

    Two are joined where that costs no more pixels than the two apart, the most saving pair first.

    Args:
        suspects: (H/cell, W/cell), the cells in question; H and W are multiples of 64.
        cell: side of a cell in pixels; it divides 64.
        longest: no rectangle's side is longer; in pixels.
    """
    rows, columns = suspects.shape
    shape, cells = (rows * cell, columns * cell), BLOCK_PX // cell
    blocks = np.logical_or.reduce(suspects.reshape(rows // cells, cells, columns // cells, cells), axis=(1, 3))
    boxes = _runs(blocks, (longest - 2 * MARGIN_PX) // BLOCK_PX)
    while len(boxes) > 1:
        joined = _hulls(boxes)
        pixels = _pixels(boxes, shape, longest)
        saved = pixels[:, None] + pixels - _pixels(joined, shape, longest)
        np.fill_diagonal(saved, -1)
        one, other = np.unravel_index(saved.argmax(), saved.shape)
        if saved[one, other] < 0:
            break
        boxes = np.vstack([np.delete(boxes, [one, other], axis=0), joined[one, other]])
    return [
        (slice(top, bottom), slice(left, right)) for top, bottom, left, right in _with_margin(boxes, shape).tolist()
    ]


def look_closer(
    image: NDArray[np.uint8],
    run: Callable[[NDArray[np.uint8]], tuple[Floats, Floats]],
    places: list[Window],
    *,
    judge: Floats,
    cell: int,
) -> tuple[Floats, Floats]:
    """Run a net on some rectangles of a picture; where they overlap, the one whose edge is farther counts more.

    Args:
        image: uint8 (H, W, 3), H and W multiples of 64.
        run: from a part uint8 (h, w, 3) to maps float32 (h, w) and (h/cell, w/cell).
        places: sides are multiples of 32.
        judge: float32 (H/cell, W/cell), what the coarse map is where nothing is looked at closer.
        cell: side of a cell of the coarse map in pixels.

    Returns:
        The two maps for the whole picture, float32 (H, W), 0 where nothing is looked at closer, and (H/cell, W/cell).
    """
    fine, fine_weight = np.zeros(image.shape[:2], np.float32), np.zeros(image.shape[:2], np.float32)
    coarse, coarse_weight = np.zeros_like(judge), np.zeros_like(judge)
    for place in places:
        a, b = run(np.ascontiguousarray(image[place]))
        rows, columns = (_rise(side) for side in a.shape)
        weight = np.outer(rows, columns)
        fine[place] += a * weight
        fine_weight[place] += weight
        cells = tuple(slice(part.start // cell, part.stop // cell) for part in place)
        weight = np.outer(rows.reshape(-1, cell).mean(1), columns.reshape(-1, cell).mean(1))
        coarse[cells] += b * weight
        coarse_weight[cells] += weight
    seen = coarse_weight > 0
    np.divide(fine, fine_weight, out=fine, where=fine_weight > 0)
    return fine, np.where(seen, coarse / np.where(seen, coarse_weight, 1), judge)


def _rise(side: int) -> Floats:
    """1 inside, falling towards both ends."""
    away = np.arange(side, dtype=np.float32) + np.float32(0.5)
    weight: Floats = np.minimum(np.minimum(away, away[::-1]) / np.float32(MARGIN_PX), np.float32(1))
    return weight


def _runs(blocks: NDArray[np.bool_], longest: int) -> Boxes:
    """Blocks beside each other in a row as one box, no longer than `longest` blocks."""
    found: list[tuple[int, int, int, int]] = []
    for row, column in np.argwhere(blocks).tolist():
        if found and found[-1][0] == row and found[-1][3] == column and column - found[-1][2] < longest:
            found[-1] = (row, row + 1, found[-1][2], column + 1)
        else:
            found.append((row, row + 1, column, column + 1))
    return np.array(found, np.intp).reshape(-1, 4)


def _hulls(boxes: Boxes) -> Boxes:
    """(n, n, 4): the smallest box around each pair."""
    one, other = boxes[:, None], boxes[None]
    hulls = np.minimum(one, other)
    hulls[..., 1::2] = np.maximum(one, other)[..., 1::2]
    return hulls


def _with_margin(boxes: Boxes, shape: tuple[int, int]) -> Boxes:
    """Blocks as pixels, with the margin, within the picture."""
    margin = np.array([-MARGIN_PX, MARGIN_PX, -MARGIN_PX, MARGIN_PX])
    inside: Boxes = np.clip(boxes * BLOCK_PX + margin, 0, np.array([shape[0], shape[0], shape[1], shape[1]]))
    return inside


def _pixels(boxes: Boxes, shape: tuple[int, int], longest: int) -> Boxes:
    """The pixels of each with its margin; too many to be worth it where a side is too long."""
    box = _with_margin(boxes, shape)
    height, width = box[..., 1] - box[..., 0], box[..., 3] - box[..., 2]
    area: Boxes = np.where(np.maximum(height, width) > longest, shape[0] * shape[1] * 4, height * width)
    return area
