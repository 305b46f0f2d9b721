"""Dark quadrilaterals on lighter ground: where a code may be."""

from __future__ import annotations

import diplib as dip
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Floats = NDArray[np.float64]

LEAST_SIDE_PX = 9.0
"""Shorter sides hold modules of less than 1.5 px, which no photo shows apart."""

_REACH_PX = 10
"""Dark is what is darker than the mean so far around. A code larger than that is hollow then, but its border stays."""

_LEAST_PX = 40
"""A smaller patch is no border around LEAST_SIDE_PX pixels squared."""

_RAGGED = 40
"""Squared steps of an outline per px of its area: 16 for a square, 21 for sides of 1 to 3, hundreds for texture."""

_LEAST_FILLED = 0.75
"""A quadrilateral and what is inside the outline differ by no more than this ratio of their areas."""

_STRAY = 0.06
"""Twice the deviation of a side's points from a straight line, in sides; half a pixel more is the grid's."""


def dark_quads(grey: NDArray[np.uint8]) -> Floats:
    """The outlines of dark patches that have four straight sides, as (n, 4, 2) corners.

    Corners go clockwise, in pixels of a picture that spans 0..W and 0..H, to about half a pixel.

    Args:
        grey: (H, W).
    """
    if min(grey.shape) < LEAST_SIDE_PX:
        return np.zeros((0, 4, 2))
    mean = np.asarray(Image.fromarray(grey).filter(ImageFilter.BoxBlur(_REACH_PX)))
    dark = grey.astype(np.uint16) * 8 + 30 < mean.astype(np.uint16) * 7  # an eighth and a little noise below it
    labels = dip.Label(dark, connectivity=1, minSize=_LEAST_PX, boundaryCondition=["remove"])
    found = (quad_of(np.asarray(chain.Polygon()) + 0.5) for chain in dip.GetImageChainCodes(labels))
    return np.array([quad for quad in found if quad is not None]).reshape(-1, 4, 2)


def quad_of(outline: Floats) -> Floats | None:
    """The quadrilateral (4, 2) that an outline is, its corners clockwise; None where it is none.

    Args:
        outline: (n, 2), closed, every step about a pixel.
    """
    area = _area(outline)
    corners = _corners(outline) if len(outline) ** 2 < _RAGGED * area else None
    if corners is None:
        return None
    quad = np.array(corners)
    sides = np.hypot(*(np.roll(quad, -1, axis=0) - quad).T)
    if sides.min() < LEAST_SIDE_PX or not _LEAST_FILLED <= area / _area(quad) <= 1 / _LEAST_FILLED:
        return None
    return _through_sides(outline, quad, sides)


def _area(polygon: Floats) -> float:
    (x, y), (u, v) = polygon.T, np.roll(polygon, -1, axis=0).T
    return abs(float((x * v - u * y).sum())) / 2


def _corners(outline: Floats) -> list[Floats] | None:
    """The corners of about the largest quadrilateral in an outline, clockwise; None where it has no inside.

    It starts from the point farthest from the middle, the one farthest from that, and those farthest off the line
    between. In a skewed shape those two are neighbours: so each corner in turn moves as far out as it can.
    """
    middle = (outline.max(axis=0) + outline.min(axis=0)) / 2
    one = outline[((outline - middle) ** 2).sum(axis=1).argmax()]
    other = outline[((outline - one) ** 2).sum(axis=1).argmax()]
    off = _left_of(one, other, outline)
    if off.max() <= 0 or off.min() >= 0:
        return None
    corners = [one, outline[off.argmax()], other, outline[off.argmin()]]
    for number in (2, 3, 0, 1) * 2:
        corners[number] = outline[_left_of(corners[number - 1], corners[(number + 1) % 4], outline).argmax()]
    return corners


def _left_of(start: Floats, end: Floats, points: Floats) -> Floats:
    """How far points lie to the left of a line, times its length; left as seen along it, y pointing down."""
    (x, y), away = end - start, points - start
    off: Floats = y * away[:, 0] - x * away[:, 1]
    return off


def _through_sides(outline: Floats, quad: Floats, sides: Floats) -> Floats | None:
    """Corners where lines through the sides' points meet; None where the points do not lie on lines."""
    lines = []
    for start, end, side in zip(quad, np.roll(quad, -1, axis=0), sides, strict=True):
        along = (end - start) / side
        relative = outline - start
        position, off = relative @ along, relative @ np.array([-along[1], along[0]])
        near = (position > 0.1 * side) & (position < 0.9 * side) & (np.abs(off) < 0.5 * min(side, sides.min()))
        near &= np.abs(off) < 0.15 * side + 1
        if np.count_nonzero(near) < 0.6 * side:
            return None
        position, off = position[near], off[near]
        away = position - position.mean()
        slope = float(away @ off / (away @ away))
        offset = float(off.mean() - slope * position.mean())
        stray = off - slope * position - offset
        if float(stray @ stray) > len(stray) * (_STRAY * side + 0.5) ** 2 / 4:
            return None
        lines.append(
            (start + offset * np.array([-along[1], along[0]]), along + slope * np.array([-along[1], along[0]]))
        )
    return np.array([_meeting(lines[number - 1], lines[number]) for number in range(4)])


def _meeting(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> Floats:
    """Where two lines, each a point and a direction, meet."""
    (point, along), (there, across) = one, other
    step = np.linalg.solve(np.stack([along, -across], axis=1), there - point)
    place: Floats = point + step[0] * along
    return place
