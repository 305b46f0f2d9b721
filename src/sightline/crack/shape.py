"""The shape of a region on a picture of another size: its mask, its outlines, its mask as run lengths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import diplib as dip
import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from sightline.crack.engine import Region
    from sightline.crack.report import Box

LEVEL = 0.5
"""A pixel with at least this coverage belongs to the region."""

_TOLERANCE_PX = 0.25
"""Points of an outline may be left out while it moves by no more than this, at the region's own resolution."""

Scale = tuple[float, float]
"""Picture pixels per pixel of the region, along x and along y."""


def region_mask(region: Region, scale: Scale, box: Box) -> NDArray[np.bool_]:
    """The part of a picture's pixels in `box` that belongs to the region, (box.height, box.width).

    The coverage is interpolated bilinearly. A region so faint or small that nothing would be left keeps its pixels.

    Args:
        region: where the coverage is.
        scale: from its pixels to the picture's.
        box: holds the region, and no more than that.
    """
    margin = int(np.ceil(1 / min(scale))) + 2  # a box is whole pixels of the picture: it may reach beyond the crop
    coverage = np.pad(region.coverage, margin, mode="edge")
    left, top = box.x / scale[0] - region.x + margin, box.y / scale[1] - region.y + margin
    window = (left, top, left + box.width / scale[0], top + box.height / scale[1])
    image = Image.fromarray(coverage)
    mask = np.asarray(image.resize((box.width, box.height), Image.Resampling.BILINEAR, window)) >= LEVEL
    if not mask.any():
        mask = np.asarray(image.resize((box.width, box.height), Image.Resampling.NEAREST, window)) >= LEVEL
        y, x = np.nonzero(region.coverage >= LEVEL)
        mask[
            ((y + region.y + 0.5) * scale[1] - box.y).astype(int), ((x + region.x + 0.5) * scale[0] - box.x).astype(int)
        ] = True
    return mask


def region_outlines(region: Region, scale: Scale) -> tuple[NDArray[np.float64], ...]:
    """The outer outline of each connected piece as (n, 2) x, y on the picture, where (0, 0) is its top left corner.

    The outline follows the pixels' chain code, each of its points moved to where the coverage crosses the level.
    """
    coverage = np.pad(region.coverage, 1).astype(np.float64)
    labels = dip.Label(coverage >= LEVEL, connectivity=2)
    outlines = []
    for chain in dip.GetImageChainCodes(labels):
        points = np.asarray(chain.Polygon())  # half way between a pixel inside and its neighbour outside
        ends = np.floor(points).astype(np.intp), np.ceil(points).astype(np.intp)
        one, other = (coverage[end[:, 1], end[:, 0]] for end in ends)
        share = (one - LEVEL) / (one - other)
        polygon = dip.Polygon(ends[0] + (ends[1] - ends[0]) * share[:, None])
        polygon.Simplify(_TOLERANCE_PX)
        outlines.append((np.asarray(polygon) - 0.5 + [region.x, region.y]) * scale)
    return tuple(outlines)


def run_lengths(mask: NDArray[np.bool_]) -> dict[str, Any]:
    """A mask as an uncompressed COCO RLE: runs of clear and set pixels in turn, down the columns, clear ones first."""
    pixels = mask.ravel(order="F")
    changes = np.flatnonzero(pixels[1:] != pixels[:-1]) + 1
    counts = np.diff(np.concatenate([[0], changes, [pixels.size]])).tolist()
    return {"size": list(mask.shape), "counts": [0, *counts] if pixels[0] else counts}
