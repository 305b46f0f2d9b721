"""A photo as the registration looks at it: grey, in a size that suits the step at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sightline.crack.compare.correlation import detail
from sightline.crack.compare.homography import Matrix

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""ITU-R BT.601."""


@dataclass(frozen=True, eq=False)
class View:
    """A photo made smaller (or larger). What is asked of it again is kept.

    Attributes:
        grey: float32 (h, w), 0..255.
        from_photo: (3, 3), photo pixels to this view's.
    """

    grey: NDArray[np.float32]
    from_photo: Matrix
    _others: dict[tuple[int, int], View] = field(default_factory=dict, repr=False)

    @cached_property
    def detail(self) -> NDArray[np.float32]:
        """The picture without its light, float32 (h, w); see `correlation.detail`."""
        return detail(self.grey)

    @property
    def size(self) -> tuple[int, int]:
        """Width, height."""
        return self.grey.shape[1], self.grey.shape[0]

    @property
    def photo_size(self) -> tuple[int, int]:
        """Width, height of the photo."""
        return round(self.size[0] / self.from_photo[0, 0]), round(self.size[1] / self.from_photo[1, 1])

    def resized(self, factor: float) -> View:
        """The same photo, its sides times about `factor`; smaller ones are means, not samples."""
        width, height = self.size
        size = max(1, round(width * factor)), max(1, round(height * factor))
        if size not in self._others:
            grey = Image.fromarray(self.grey).resize(size, Image.Resampling.BILINEAR)
            change = np.diag([size[0] / width, size[1] / height, 1.0])
            self._others[size] = View(np.asarray(grey), change @ self.from_photo)
        return self._others[size]


def view_of(photo: NDArray[np.uint8], long_side: int) -> View:
    """A photo in grey, its longer side `long_side` pixels or what it has, if that is less.

    Args:
        photo: RGB (H, W, 3).
        long_side: pixels.
    """
    height, width = photo.shape[:2]
    factor = min(1.0, long_side / max(width, height))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    if size == (width, height):
        small = photo
    else:
        # Colour by colour until the end: the mean of three rounded values is finer than one rounded grey.
        small = np.asarray(Image.fromarray(photo).resize(size, Image.Resampling.BILINEAR, reducing_gap=1.5))
    return View(small @ _LUMA, np.diag([size[0] / width, size[1] / height, 1.0]))
