"""Lines around cracks: beside them, never over them, so that a fine crack stays to be seen."""

from __future__ import annotations

import diplib as dip
import numpy as np
from numpy.typing import NDArray

from sightline.crack.style import HALO, Colour

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]


def reach(line: float) -> float:
    """How far from its cracks a ring ends, in pixels."""
    return 2 * line + 2 * _rim(line) + 1.5


def draw_ring(part: Pixels, mask: Mask, colour: Colour, line: float) -> Mask:
    """Draw a coloured line between two light ones, all at a distance from the cracks, blended by that distance.

    Args:
        part: RGB uint8 (h, w, 3); it is drawn upon.
        mask: (h, w), which of its pixels are crack; one at least.
        colour: of the line.
        line: its width in pixels.

    Returns:
        (h, w), which pixels hold cracks or the ring.
    """
    outer = reach(line)
    distance = np.asarray(dip.EuclideanDistanceTransform(~mask, border="object", method="fast"))
    near: Mask = distance < outer
    y, x = np.nonzero(near & ~mask)
    from_middle = np.abs(distance[y, x] - (outer - _rim(line) - line / 2 - 0.5))
    pixels = part[y, x].astype(np.float32)
    for ink, half in ((HALO, line / 2 + _rim(line)), (colour, line / 2)):
        share = np.clip(half + 0.5 - from_middle, 0, 1)[:, None]
        pixels += (np.array(ink, np.float32) - pixels) * share
    part[y, x] = np.rint(pixels).astype(np.uint8)
    return near


def _rim(line: float) -> float:
    return 0.6 * line
