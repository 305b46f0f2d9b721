"""Letterbox: a photo scaled to fit a network's input, centred, the rest filled with grey.

The same geometry as Ultralytics' `LetterBox` (centred, scaling up allowed, padding 114), and plain bilinear sampling as
OpenCV's `INTER_LINEAR` does it: no low-pass filter when scaling down, because these networks were trained without one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GREY = 114
"""What Ultralytics fills the border with, in training and in use."""


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Where a photo lies on the canvas. All sizes are (height, width) in pixels.

    Attributes:
        photo: size of the photo, or of any other grid over the same field of view that answers are wanted on.
        content: size of the scaled photo on the canvas.
        canvas: size of the network's input.
    """

    photo: tuple[int, int]
    content: tuple[int, int]
    canvas: tuple[int, int]

    @classmethod
    def fit(cls, photo: tuple[int, int], target: tuple[int, int], *, stride: int | None) -> Letterbox:
        """Fit a photo into `target`; with a `stride`, onto the smallest canvas whose sides are multiples of it."""
        gain = min(target[0] / photo[0], target[1] / photo[1])
        content = (max(round(photo[0] * gain), 1), max(round(photo[1] * gain), 1))
        if stride is None:
            return cls(photo, content, target)
        padding = [(side - used) % stride for side, used in zip(target, content, strict=True)]
        return cls(photo, content, (content[0] + padding[0], content[1] + padding[1]))

    @property
    def origin(self) -> tuple[int, int]:
        """(top, left) of the content on the canvas; of an odd number of grey rows, the larger half lies below."""
        return (self.canvas[0] - self.content[0]) // 2, (self.canvas[1] - self.content[1]) // 2

    def place(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The canvas (h, w, 3) with a photo (H, W, 3) on it."""
        canvas = np.full((*self.canvas, image.shape[2]), GREY, dtype=np.uint8)
        top, left = self.origin
        canvas[top : top + self.content[0], left : left + self.content[1]] = resize_bilinear(image, self.content)
        return canvas

    def to_photo(self, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Boxes (n, 4) as x1, y1, x2, y2 from pixels of the canvas to pixels of the photo, clipped to it."""
        (height, width), (top, left) = self.photo, self.origin
        gain_y, gain_x = self.content[0] / height, self.content[1] / width
        moved = (boxes.reshape(-1, 2, 2) - (left, top)) / (gain_x, gain_y)
        inside: NDArray[np.float64] = np.clip(moved, 0, (width, height))
        return inside.reshape(-1, 4).astype(np.float32)


def resize_bilinear(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Scale uint8 (H, W, C) to `size` (height, width), each pixel from its four neighbours and no others.

    In OpenCV's integers (weights of 11 bits, four of the sum's bits dropped between the passes), so that a network sees
    the same picture here as in training, to the last bit.
    """
    if image.shape[:2] == size:
        return image
    above, below, weight_above, weight_below = _neighbours(size[0], image.shape[0])
    before, after, weight_before, weight_after = _neighbours(size[1], image.shape[1])

    def across(rows: NDArray[np.intp]) -> NDArray[np.int32]:
        lines = image[rows]
        left, right = lines[:, before], lines[:, after]
        summed: NDArray[np.int32] = left * weight_before[:, None] + right * weight_after[:, None]
        return summed >> 4

    upper = (across(above) * weight_above[:, None, None]) >> 16
    lower = (across(below) * weight_below[:, None, None]) >> 16
    return ((upper + lower + 2) >> 2).astype(np.uint8)


def _neighbours(
    count: int, available: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int32], NDArray[np.int32]]:
    """For each of `count` pixel centres: the two nearest of `available` pixels, and their weights, 2048 in sum."""
    centre = ((np.arange(count) + 0.5) * (available / count) - 0.5).astype(np.float32)
    first = np.floor(centre)
    share = centre - first
    last = available - 1
    indices = first.astype(np.intp)
    return (
        np.clip(indices, 0, last),
        np.clip(indices + 1, 0, last),
        np.rint((1 - share) * 2048).astype(np.int32),
        np.rint(share * 2048).astype(np.int32),
    )
