"""Things with four straight sides in a photo, of any colour: where a card may be."""

from __future__ import annotations

import diplib as dip
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from sightline.crack.scale.quads import LEAST_SIDE_PX, Floats, quad_of

_LEVELS = 10
"""Each colour is cut at so many levels, evenly over its pixels: on some level a card stands apart from its ground."""

_STEEP = (0.80, 0.88, 0.93, 0.96, 0.98)
"""And its edges, at some of these quantiles of steepness, close around it whatever is printed on it."""

_LEAST_PX = 400
"""Smaller patches are no card of a size that can be measured."""

_SAME_PX = 2.5
"""Quadrilaterals whose corners all lie so near each other are one."""


def rectangles(image: NDArray[np.uint8]) -> Floats:
    """Quadrilaterals (n, 4, 2), corners clockwise in pixels of a picture that spans 0..W and 0..H, to a pixel or two.

    Args:
        image: RGB (H, W, 3), small.
    """
    if min(image.shape[:2]) < LEAST_SIDE_PX:
        return np.zeros((0, 4, 2))
    soft = np.asarray(Image.fromarray(image).filter(ImageFilter.BoxBlur(1)))
    found: list[Floats] = []
    for colour in np.moveaxis(soft, -1, 0):
        levels = np.unique(np.quantile(colour[::4, ::4], np.linspace(0.02, 0.98, _LEVELS)).astype(np.uint8))
        for level in levels:
            for part in (colour > level, colour <= level):
                _add(part, found)
    steepness = _steepness(soft)
    for level in np.unique(np.quantile(steepness[::3, ::3], _STEEP)):
        _add(steepness > max(level, 2), found)
    return np.array(found).reshape(-1, 4, 2)


def _steepness(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The steepest change to a neighbour, of all colours."""
    values = image.astype(np.int16)
    steep = np.zeros(image.shape[:2], np.int16)
    for axis in (0, 1):
        change = np.abs(np.diff(values, axis=axis)).max(axis=2)
        for part in (slice(None, -1), slice(1, None)):
            place = (part, slice(None)) if axis == 0 else (slice(None), part)
            np.maximum(steep[place], change, out=steep[place])
    return steep.astype(np.uint8)


def _add(part: NDArray[np.bool_], found: list[Floats]) -> None:
    """Add the quadrilaterals among the connected pieces of a picture that are not there yet."""
    labels = dip.Label(part, connectivity=1, minSize=_LEAST_PX, boundaryCondition=["remove"])
    for chain in dip.GetImageChainCodes(labels):
        quad = quad_of(np.asarray(chain.Polygon()) + 0.5)
        if quad is not None and not any(_same(quad, other) for other in found):
            found.append(quad)


def _same(one: Floats, other: Floats) -> bool:
    return any(float(np.abs(np.roll(one, turn, axis=0) - other).max()) < _SAME_PX for turn in range(4))
