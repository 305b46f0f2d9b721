"""Brightness of a photo at any place, at the fineness that is asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sightline.crack.profiles import LUMA

Floats = NDArray[np.float32]

LEAST_LIGHT = 4.0
"""Added to the luma before its logarithm is taken: in the dark an 8-bit step is noise, not a change by a third."""


class Brightness:
    """The logarithm of a photo's luma, read between pixels.

    A change of light multiplies the luma of a wall, so in the logarithm it only adds: a crack keeps its depth.
    Reduced copies (every pixel the mean of k x k) are made when they are asked for and kept.
    """

    def __init__(self, image: NDArray[np.uint8]) -> None:
        self._image = image
        self._picture: Image.Image | None = None
        self._levels: dict[int, Floats] = {}
        self.size = image.shape[1], image.shape[0]

    def luma(self, factor: int) -> Floats:
        """The luma, 0..255, of the photo reduced by a whole factor: float32 (ceil(H/factor), ceil(W/factor))."""
        if factor not in self._levels:
            self._levels[factor] = (self._image if factor == 1 else self._reduced(factor)) @ LUMA
        return self._levels[factor]

    def _reduced(self, factor: int) -> NDArray[np.uint8]:
        if self._picture is None:
            self._picture = Image.fromarray(self._image)
        return np.asarray(self._picture.reduce(factor))

    def at(self, points: NDArray[np.float64], fineness_px: float) -> Floats:
        """Log luma at points (..., 2), bilinear; NaN outside the photo.

        Args:
            points: x, y in the photo's pixels.
            fineness_px: details finer than this are averaged away.
        """
        factor = max(1, int(fineness_px + 0.3))
        luma = self.luma(factor)
        height, width = luma.shape
        x, y = points[..., 0].astype(np.float32), points[..., 1].astype(np.float32)
        with np.errstate(invalid="ignore"):
            outside = ~((x >= 0) & (y >= 0) & (x <= self.size[0]) & (y <= self.size[1]))
        x = np.where(outside, 0, x / factor - 0.5).clip(0, width - 1.001)
        y = np.where(outside, 0, y / factor - 0.5).clip(0, height - 1.001)
        left, top = x.astype(np.int32), y.astype(np.int32)
        x, y = x - left, y - top
        values, corner = luma.ravel(), top * width + left
        upper = values[corner] * (1 - x) + values[corner + 1] * x
        corner += width
        lower = values[corner] * (1 - x) + values[corner + 1] * x
        between: Floats = np.log(upper + (lower - upper) * y + np.float32(LEAST_LIGHT))
        between[outside] = np.nan
        return between
