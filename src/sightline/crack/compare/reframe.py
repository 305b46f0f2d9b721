"""The before photo as the after photo's camera would have shown it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from sightline.crack.compare.registration import Registration

_CELLS = 24
"""The frame is cut into so many cells along either side, and each carried over by its corners: within one the map is
straight to a small part of a pixel, whatever the lens does to the whole."""


def reframed(
    before: NDArray[np.uint8], registration: Registration, size: tuple[int, int], empty: tuple[int, int, int]
) -> NDArray[np.uint8]:
    """Lay the before photo into the after photo's frame.

    Args:
        before: RGB uint8 (H, W, 3).
        registration: of the photos.
        size: width and height of the picture that is made: the after photo's, or smaller ones of the same shape.
        empty: the colour where the before photo shows nothing.

    Returns:
        RGB uint8 (height, width, 3).
    """
    factor = _reduction(registration, size)
    picture = Image.fromarray(before)
    source = picture if factor == 1 else picture.reduce(factor)
    columns, rows = (np.unique(np.linspace(0, side, _CELLS + 1).round().astype(int)) for side in size)
    x, y = np.meshgrid(columns, rows)
    corners = np.stack([x.ravel(), y.ravel()], axis=1) * (np.array(registration.after_size) / size)
    placed = registration.to_before(corners).reshape(*x.shape, 2) / factor
    boxes = np.stack([x[:-1, :-1], y[:-1, :-1], x[1:, 1:], y[1:, 1:]], axis=-1).reshape(-1, 4)
    around = placed[:-1, :-1], placed[1:, :-1], placed[1:, 1:], placed[:-1, 1:]  # from the top left, counter-clockwise
    quads = np.concatenate(around, axis=-1).reshape(-1, 8)
    mesh = [(tuple(box), tuple(quad)) for box, quad in zip(boxes.tolist(), quads.tolist(), strict=True)]
    made = source.transform(size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR, fillcolor=empty)
    return np.asarray(made)


def _reduction(registration: Registration, size: tuple[int, int]) -> int:
    """By how much the before photo is to be reduced first, lest a small picture of it flickers."""
    middle = np.array([registration.before_size]) / 2
    scale = float(registration.scale_at(middle)[0]) * size[0] / registration.after_size[0]
    return max(1, int(1 / max(scale, 1e-3)))
