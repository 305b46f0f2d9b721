"""Cuttings of a photo in any frame: as it is, or brought onto the other photo of the same wall."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from sightline.crack.style import Colour

Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]
Mask = NDArray[np.bool_]
Map = Callable[[Points], Points]

NOTHING: Colour = (225, 228, 233)
"""Where a photo shows nothing of a frame: paler than walls are in a photo, and no colour of theirs."""

_CELL_PX = 64
"""The map is followed exactly at the corners of cells of this size, and bilinearly between them: at that distance a
homography of a photo taken at 45 degrees (scale 1 to 2 across 1400 px) and
bilinear steps differ by half a pixel."""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a frame, and how large it is shown.

    Attributes:
        left, top, width, height: in the frame's pixels.
        scale: shown pixels per frame pixel.
    """

    left: float
    top: float
    width: float
    height: float
    scale: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as it is shown, in whole pixels."""
        return max(1, round(self.width * self.scale)), max(1, round(self.height * self.scale))

    def shown(self, points: Points) -> Points:
        """Where points of the frame, (n, 2) x, y, lie in the picture that is shown."""
        return (points - (self.left, self.top)) * self.scale

    def places(self, shown: Points) -> Points:
        """Where points of the picture lie in the frame."""
        return shown / self.scale + (self.left, self.top)


def cutting(image: Pixels, window: Window) -> Pixels:
    """What a photo shows in a window of its own frame that lies within it, uint8 (h, w, 3).

    Args:
        image: RGB uint8 (H, W, 3).
        window: within the photo.
    """
    box = (window.left, window.top, window.left + window.width, window.top + window.height)
    photo = Image.fromarray(image)
    return np.array(photo.resize(window.size, Image.Resampling.BICUBIC, box, reducing_gap=3.0))


def carried(image: Pixels, window: Window, to_image: Map) -> Pixels:
    """What a photo shows in a window of another photo's frame, uint8 (h, w, 3); `NOTHING` beyond its edges.

    Args:
        image: RGB uint8 (H, W, 3).
        window: in the other photo's frame.
        to_image: from the frame's pixels to this photo's, (n, 2) x, y each.
    """
    width, height = window.size
    grid, (x, y) = _grid(width, height)
    corners = to_image(window.places(grid)).reshape(len(y), len(x), 2)
    source, shrunk = _enough(image, corners, x)
    corners = corners / shrunk
    mesh = [
        ((x[column], y[row], x[column + 1], y[row + 1]), _quad(corners[row : row + 2, column : column + 2]))
        for row in range(len(y) - 1)
        for column in range(len(x) - 1)
        if np.isfinite(corners[row : row + 2, column : column + 2]).all()
    ]
    picture, cover = (
        part.transform((width, height), Image.Transform.MESH, mesh, how)
        for part, how in (
            (source, Image.Resampling.BICUBIC),
            (Image.new("L", source.size, 255), Image.Resampling.NEAREST),
        )
    )
    return np.array(Image.composite(picture, Image.new("RGB", (width, height), NOTHING), cover))


def inside(outlines: Sequence[Points], size: tuple[int, int]) -> Mask:
    """Which pixels of a picture the outlines hold, (h, w).

    Args:
        outlines: polygons in the picture's pixels, (n, 2) each; they may lie outside.
        size: the picture's width and height.
    """
    canvas = Image.new("1", size)
    draw = ImageDraw.Draw(canvas)
    for outline in outlines:
        corners = _drawable(outline)
        if len(corners) > 2:
            draw.polygon(corners, fill=1, outline=1)
    return np.array(canvas)


def along(lines: Sequence[Points], size: tuple[int, int], reach: float) -> Mask:
    """Which pixels of a picture lie along lines, no further off than `reach` pixels, (h, w)."""
    canvas = Image.new("1", size)
    draw = ImageDraw.Draw(canvas)
    for line in lines:
        if len(line) > 1:
            draw.line(_drawable(line), fill=1, width=max(1, round(2 * reach)), joint="curve")
    return np.array(canvas)


def _drawable(points: Points) -> list[tuple[float, ...]]:
    """As Pillow takes them: pixels' centres are whole, and nothing is so far off that its integers overflow."""
    return [tuple(corner) for corner in np.clip(points - 0.5, -1e5, 1e5).tolist()]


def _grid(width: int, height: int) -> tuple[Points, tuple[list[int], list[int]]]:
    """The corners of all cells, row by row, (n, 2), and their positions along x and y."""
    x, y = (
        np.linspace(0, size, max(1, -(-size // _CELL_PX)) + 1).round().astype(int).tolist() for size in (width, height)
    )
    columns, rows = np.meshgrid(np.array(x, float), np.array(y, float))
    return np.column_stack([columns.ravel(), rows.ravel()]), (x, y)


def _enough(image: Pixels, corners: Points, x: list[int]) -> tuple[Image.Image, Points]:
    """The photo, reduced by the whole number that leaves it at least as fine as what is shown, and by how much.

    Sampling a much finer photo would pick single pixels out of it.
    """
    steps = np.hypot(*np.moveaxis(np.diff(corners, axis=1), -1, 0)) / [right - left for left, right in pairwise(x)]
    finite = steps[np.isfinite(steps)]
    factor = max(1, int(np.median(finite))) if len(finite) else 1
    photo = Image.fromarray(image)
    if factor == 1:
        return photo, np.ones(2)
    small = photo.reduce(factor)
    return small, np.array([image.shape[1] / small.width, image.shape[0] / small.height])


def _quad(cell: Points) -> tuple[float, ...]:
    """A cell's corners as Pillow takes them: upper left, lower left, lower right, upper right."""
    return tuple(float(value) for corner in ((0, 0), (1, 0), (1, 1), (0, 1)) for value in cell[corner])
