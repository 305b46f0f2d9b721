"""One photo laid over the other by a map, in a frame that suits both, and their pieces compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.correlation import PATCH_PX, Peaks, correlate, detail
from sightline.crack.compare.homography import Matrix, Points, apply, inverse, plausible_at
from sightline.crack.compare.planemap import PlaneMap
from sightline.crack.compare.views import View
from sightline.crack.compare.warp import warped

_MOST_PIECES = 320
"""So many places fix a map of eight numbers a hundred times over."""

_LATTICE = 16
"""Places along either side at which is looked whether both photos show them."""

_SHARES = (0.35, 0.5, 0.71, 1.0)
"""Shares of a photo that an overlap is rounded up to, so that steps use one size of it: what is made of it is kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """What both photos show, in one frame.

    Attributes:
        fixed: the detail of the photo after; float32 (h, w).
        moved: the detail of the photo before, laid over it by the map; float32 (h, w).
        source: the photo before, its pixels as large as the frame's.
        from_after: (3, 3), the photo after's pixels to the frame's.
        to_photo: from the frame's pixels to the photo before's.
    """

    fixed: NDArray[np.float32]
    moved: NDArray[np.float32]
    source: View
    from_after: Matrix
    to_photo: Callable[[Points], Points]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Pieces of the photo after, and where the photo before has them.

    Attributes:
        after: (n, 2) the pieces' middles, in after photo's pixels.
        found: (n, 2) where they were found, in before photo's pixels.
        peaks: how they were found, in the frame's pixels.
        pixel: after photo's pixels per pixel of the frame.
    """

    after: Points
    found: Points
    peaks: Peaks
    pixel: float


def lay(plane: PlaneMap, before: View, after: View, *, long_side: int) -> Laid | None:
    """Lay the photo before over the photo after.

    Args:
        plane: the map to lay them by.
        before: the one photo.
        after: the other.
        long_side: of what both show, in the frame, px; less where either photo is coarser.

    Returns:
        None where they do not overlap.
    """
    overlap = _overlap(plane, before, after)
    if overlap is None:
        return None
    sized = _sized(after, long_side / overlap.share, overlap.scale, before)
    source = _matched(before, sized, overlap.scale)
    left, top, right, bottom = _box(overlap, after, sized)
    from_after = np.array([[1.0, 0, -left], [0, 1, -top], [0, 0, 1]]) @ sized.from_photo
    return _laid(plane, source, sized.detail[top:bottom, left:right], from_after)


def lay_again(laid: Laid, plane: PlaneMap) -> Laid:
    """Lay the photo before over the same frame by another map of about the same scale."""
    return _laid(plane, laid.source, laid.fixed, laid.from_after)


def overlay(plane: PlaneMap, before: View, after: View, *, long_side: int, reach: int) -> Comparison | None:
    """Lay the photos on each other, and look for each piece of the photo after in the photo before.

    Args:
        plane: as for `lay`.
        before: as for `lay`.
        after: as for `lay`.
        long_side: as for `lay`.
        reach: how far to look, in the frame's pixels.

    Returns:
        None where they do not overlap by a piece.
    """
    laid = lay(plane, before, after, long_side=long_side)
    return None if laid is None else compared(laid, plane, before, reach)


def compared(laid: Laid, plane: PlaneMap, before: View, reach: int) -> Comparison | None:
    """The second half of `overlay`, of photos laid on each other by the map `plane`."""
    corners = _corners(laid, plane, before, reach)
    if not len(corners):
        return None
    peaks = correlate(laid.fixed, laid.moved, corners, reach)
    middles = corners.astype(np.float64) + PATCH_PX / 2
    to_after = inverse(laid.from_after)
    return Comparison(
        after=apply(to_after, middles),
        found=laid.to_photo(middles + peaks.shift),
        peaks=peaks,
        pixel=float(np.sqrt(to_after[0, 0] * to_after[1, 1])),
    )


def _laid(plane: PlaneMap, source: View, fixed: NDArray[np.float32], from_after: Matrix) -> Laid:
    to_after = inverse(from_after)

    def to_photo(points: Points) -> Points:
        return plane.to_before(apply(to_after, points))

    size = fixed.shape[1], fixed.shape[0]
    moved = warped(source.grey, size, lambda nodes: apply(source.from_photo, to_photo(nodes)))
    return Laid(fixed, detail(moved), source, from_after, to_photo)


@dataclass(frozen=True, slots=True, eq=False)
class _Overlap:
    """What both photos show.

    Attributes:
        scale: after photo's pixels per before photo's, the median over it.
        low, high: (2,) its box's corners, in the pixels of the view of the photo after.
        share: of that view's longer side that the box's longer side takes, rounded up to one of `_SHARES`.
    """

    scale: float
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    share: float


def _overlap(plane: PlaneMap, before: View, after: View) -> _Overlap | None:
    """None where nothing is shown by both."""
    places = _lattice(after, _LATTICE)
    origin = plane.to_before(apply(inverse(after.from_photo), places))
    shown = _shown(plane, before, origin)
    if not shown.any():
        return None
    size, cell = np.array(after.size), np.array(after.size) / _LATTICE
    low = np.maximum(places[shown].min(0) - cell / 2, 0)
    high = np.minimum(places[shown].max(0) + cell / 2, size)
    share = (high - low).max() / size.max()
    return _Overlap(
        float(np.median(plane.scale_at(origin[shown]))), low, high, next(step for step in _SHARES if share <= step)
    )


def _box(overlap: _Overlap, after: View, sized: View) -> tuple[int, int, int, int]:
    """Left, top, right and bottom pixel of the overlap in the view, made another size."""
    factor = np.array(sized.size) / after.size
    left, top = np.floor(overlap.low * factor)
    right, bottom = np.minimum(np.ceil(overlap.high * factor), sized.size)
    return int(left), int(top), int(right), int(bottom)


def _shown(plane: PlaneMap, before: View, points: Points) -> NDArray[np.bool_]:
    """Which points lie in the photo before, where the map is sound."""
    at = apply(before.from_photo, points)
    inside = np.asarray(((at > 0) & (at < before.size)).all(1))
    return np.asarray(inside & plausible_at(plane.matrix, np.where(inside[:, None], points, 0.0)))


def _lattice(view: View, count: int) -> Points:
    steps = (np.arange(count) + 0.5) / count
    x, y = np.meshgrid(steps * view.size[0], steps * view.size[1])
    return np.column_stack([x.ravel(), y.ravel()])


def _sized(after: View, long_side: float, scale: float, before: View) -> View:
    """The photo after, no larger than asked for and no finer than the view of the photo before can serve."""
    finest = before.from_photo[0, 0] / scale  # frame px per after px, where one is a pixel of the view before
    factor = min(1.0, long_side / max(after.size), finest / after.from_photo[0, 0])
    return after if factor > 0.95 else after.resized(factor)


def _matched(before: View, frame: View, scale: float) -> View:
    """The photo before with pixels as large as the frame's, so that the warp neither skips nor invents."""
    factor = frame.from_photo[0, 0] * scale / before.from_photo[0, 0]
    return before if factor > 0.8 else before.resized(factor)


def _corners(laid: Laid, plane: PlaneMap, before: View, reach: int) -> NDArray[np.intp]:
    """Top left pixels of an even grid of pieces that lie, with what is searched around them, in both pictures."""
    step = PATCH_PX // 2
    rim = np.array([[dx, dy] for dx in (-reach, PATCH_PX + reach) for dy in (-reach, PATCH_PX + reach)], np.float64)
    while True:
        x, y = (np.arange(reach, side - PATCH_PX - reach + 1, step) for side in laid.moved.shape[::-1])
        corners = np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)
        around = laid.to_photo((corners[:, None] + rim).reshape(-1, 2))
        inside = _shown(plane, before, around).reshape(-1, len(rim)).all(1)
        if inside.sum() <= _MOST_PIECES:
            return corners[inside]
        step = int(np.ceil(step * np.sqrt(inside.sum() / _MOST_PIECES) * 1.02))
