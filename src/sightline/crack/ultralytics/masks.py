"""An instance's mask: prototypes weighed by its coefficients, cut to its box, on the grid of the photo.

Prototypes are sampled bilinearly on the grid itself, as Ultralytics does with `retina_masks=True`: a mask is as fine as
the photo shows it, and its edge (a logit of 0, a coverage of 0.5) is where Ultralytics puts it.
"""

from __future__ import annotations

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
    return _region(rows, columns, np.ones((rows.stop - rows.start, columns.stop - columns.start), dtype=np.float32))


def instance_region(
    coefficients: NDArray[np.float32], prototypes: NDArray[np.float32], box: NDArray[np.float32], letterbox: Letterbox
) -> Region | None:
    """The soft mask of one instance.

    Args:
        coefficients: (m,).
        prototypes: (m, h, w), over the whole canvas.
        box: x1, y1, x2, y2 in pixels of `letterbox.photo`.
        letterbox: how the photo lies on the canvas.

    Returns:
        A region of the box's size, or None when no pixel of it is above `MASK_LEVEL`.
    """
    logits = (coefficients @ prototypes.reshape(len(coefficients), -1)).reshape(prototypes.shape[1:])
    rows, columns = box_pixels(box)
    weights_y = _weights(rows, letterbox, axis=0, samples=logits.shape[0])
    weights_x = _weights(columns, letterbox, axis=1, samples=logits.shape[1])
    coverage: NDArray[np.float32] = weights_y @ logits @ weights_x.T
    # The logistic function, written so that no exponential overflows, and in place: the array may be a whole photo.
    coverage *= 0.5
    np.tanh(coverage, out=coverage)
    coverage += 1
    coverage *= 0.5
    return _region(rows, columns, coverage)


def _region(rows: slice, columns: slice, coverage: NDArray[np.float32]) -> Region | None:
    if coverage.size == 0 or coverage.max() <= MASK_LEVEL:
        return None
    return Region(x=columns.start, y=rows.start, coverage=coverage)


def _weights(pixels: slice, letterbox: Letterbox, *, axis: int, samples: int) -> NDArray[np.float32]:
    """(n, samples): how much of each prototype sample along one axis goes into each of n pixels of the photo.

    Nothing is taken from beyond the content's edge: what the network saw in the grey border says nothing of the photo.
    """
    content, canvas, start = (letterbox.content[axis], letterbox.canvas[axis], letterbox.origin[axis])
    on_content = (np.arange(pixels.start, pixels.stop) + 0.5) * (content / letterbox.photo[axis])
    on_canvas = start + np.clip(on_content, 0.5, content - 0.5)
    position = np.clip(on_canvas * (samples / canvas) - 0.5, 0, samples - 1)
    weights: NDArray[np.float64] = np.maximum(0, 1 - np.abs(position[:, None] - np.arange(samples)))
    return weights.astype(np.float32)
