"""An instance's mask: prototypes weighed by its coefficients, cut to its box, on the grid of the photo.

The same steps as Ultralytics' with `retina_masks=True`: a mask is as fine as the photo shows it, and its edge (a logit
of 0, a coverage of 0.5) is where Ultralytics puts it.
"""

from __future__ import annotations

from functools import reduce
from math import gcd

import numpy as np
from numpy.typing import NDArray

from sightline.crack.engine import Region
from sightline.crack.ultralytics.letterbox import Letterbox

MASK_LEVEL = 0.5
"""A pixel belongs to the mask when its coverage is above this."""


def box_pixels(box: NDArray[np.float32]) -> tuple[slice, slice]:
    """(rows, columns) whose index lies in the box x1, y1, x2, y2: Ultralytics' rule for what a box cuts out."""
    x1, y1, x2, y2 = np.ceil(box).astype(int).tolist()
    return slice(y1, y2), slice(x1, x2)


def filled_box(box: NDArray[np.float32]) -> Region | None:
    """The region of a model without masks: everything in the box; None for a box without a pixel."""
    rows, columns = box_pixels(box)
    height, width = max(rows.stop - rows.start, 0), max(columns.stop - columns.start, 0)
    return as_region(rows, columns, np.ones((height, width), dtype=np.float32))


def as_region(rows: slice, columns: slice, coverage: NDArray[np.float32]) -> Region | None:
    """A region with its corner at the slices' start; None when none of its pixels belongs to the mask."""
    if coverage.size == 0 or coverage.max() <= MASK_LEVEL:
        return None
    return Region(x=columns.start, y=rows.start, coverage=coverage)


class MaskPainter:
    """Paints soft masks of instances on the grid of a photo.

    Args:
        prototypes: float32 (m, h, w), over the whole canvas.
        letterbox: how the photo lies on the canvas.
    """

    def __init__(self, prototypes: NDArray[np.float32], letterbox: Letterbox) -> None:
        self._prototypes = prototypes
        step = _step(letterbox, prototypes.shape[1])
        self._down, self._across = (_weights(letterbox, axis, prototypes.shape[1 + axis], step) for axis in (0, 1))

    def paint(self, coefficients: NDArray[np.float32], box: NDArray[np.float32]) -> Region | None:
        """The region of one instance, of its box's size; None when no pixel belongs to its mask.

        Args:
            coefficients: float32 (m,).
            box: x1, y1, x2, y2 in pixels of the letterbox's photo.
        """
        rows, columns = box_pixels(box)
        logits = np.einsum("m,mhw->hw", coefficients, self._prototypes, optimize=True)
        coverage = self._down[rows] @ logits @ self._across[columns].T
        # The logistic function, written so that no exponential overflows, and in place: it may be a whole photo.
        coverage *= 0.5
        np.tanh(coverage, out=coverage)
        coverage += 1
        coverage *= 0.5
        return as_region(rows, columns, coverage)


def _step(letterbox: Letterbox, prototype_rows: int) -> int:
    """Pixels of the canvas per sample when the grey border is cut off: the most that cut it off exactly.

    Prototypes are a quarter as fine as the canvas: where a border is no multiple of four pixels, they are refined
    before the cut, as Ultralytics does. Without it, the IoU of a thin crack's mask with Ultralytics' falls to 0.977.
    """
    ratio = letterbox.canvas[0] // prototype_rows
    borders = [*letterbox.origin]
    borders += [c - used - o for c, used, o in zip(letterbox.canvas, letterbox.content, letterbox.origin, strict=True)]
    return reduce(gcd, borders, ratio)


def _weights(letterbox: Letterbox, axis: int, samples: int, step: int) -> NDArray[np.float32]:
    """(n, samples): how much of each prototype sample along one axis goes into each of the photo's n pixels."""
    start, content = letterbox.origin[axis] // step, letterbox.content[axis] // step
    refined = _interpolation(letterbox.canvas[axis] // step, samples)[start : start + content]
    return _interpolation(letterbox.photo[axis], content) @ refined


def _interpolation(count: int, available: int) -> NDArray[np.float32]:
    """(count, available): linear interpolation between pixel centres, as a matrix; the outermost are continued."""
    position = np.clip((np.arange(count) + 0.5) * (available / count) - 0.5, 0, available - 1)
    weights: NDArray[np.float64] = np.maximum(0, 1 - np.abs(position[:, None] - np.arange(available)))
    return weights.astype(np.float32)
