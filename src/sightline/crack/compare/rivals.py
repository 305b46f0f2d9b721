"""Bricks, tiles and panels repeat: would the photos lie on each other as well a period aside?

The whole overlap is compared with itself moved by every distance at once. Where it fits somewhere else nearly as well,
the map is tried there too, and the pieces decide between the two, each for itself: on the right place nearly all of
them fit better than a period aside; where nothing tells the periods apart, or the wall is another one of the same
bricks, they are of two minds. Where the difference is too fine for them, features may still tell.
"""

from __future__ import annotations

from dataclasses import replace

import diplib as dip
import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.correlation import PATCH_PX
from sightline.crack.compare.homography import Points, apply, inverse
from sightline.crack.compare.matching import Matches
from sightline.crack.compare.overlay import Comparison, Laid, compared, lay, lay_again
from sightline.crack.compare.planemap import PlaneMap
from sightline.crack.compare.refine import LEAST_DETAIL, Step, refine
from sightline.crack.compare.robust import distance
from sightline.crack.compare.views import View

_NEAREST_PX = 6.0
"""Of the frame: nearer peaks are the shoulders of the first."""

_LEAST_HEIGHT = 0.5
"""A rival's correlation as a share of the map's own, at the least: repeated bricks come to 0.9, less what perspective
costs a shift."""

_LEAST_SHARED = 0.3
"""The part of the overlap that a rival must leave."""


_MOST_RIVALS = 3
"""A period to the side, one up or down, and one of both."""

_PLACES = 12
"""A rival with fewer pieces in common with the map cannot be judged by them, and is let pass."""

_LEAST_FIT = 0.7
"""Mean correlation of the pieces at a rival, as a share of that at the map: repeated bricks come to 0.9 and more."""

_WON = 0.9
"""Share of the pieces, as `_won` counts them, that must fit better where the map puts them than a period aside. On
drawn walls of one printed brick it is 0.93 and more where bricks differ by 2 grey levels; on other walls of the same
brick at least one of three rivals leaves 0.85 or less."""

_CLEAR_MATCHES, _CLEAR_LEAD = 40, 5
"""So many features that agree with the map, and so many times what agree with a rival, tell periods apart as well: on
drawn walls of one printed tile other walls come to 2.3 times (or to fewer features), the same wall to 5.7 and more."""

_AGREES_PX = 4.0
"""How far a feature may be off to agree with a map, in pixels of the view it was found in."""

_LOST = 0.3
"""Where fewer do, the rival is the better map."""

_TURNS = 3
"""So often the map may be changed for a rival before it is given up."""


def unrivalled(
    laid: Laid, plane: PlaneMap, matches: Matches, before: View, after: View, *, step: Step
) -> PlaneMap | None:
    """The map, or that rival of it which is better than all others; None where there is no such.

    Args:
        laid: the photos, laid on each other by the map in a frame of the step.
        plane: the map.
        matches: between features of the two views.
        before: the one photo.
        after: the other.
        step: how to look at the rivals.
    """
    for _ in range(_TURNS):
        better, doubtful = None, False
        others = rivals(laid, plane, most=_MOST_RIVALS)
        own = compared(laid, plane, before, step.reach) if others else None
        if own is None:  # nobody to compare it with, or nothing to compare by
            return plane
        for rival in others:
            fit = refine(rival, before, after, step, "lenses")  # as free as the map was
            seen = fit and compared(lay_again(laid, fit[0]), fit[0], before, step.reach)  # the same pieces as in `own`
            won = _won(own, seen) if seen else None
            if fit is None or won is None or won >= _WON:
                continue
            if won < _LOST:
                better = fit[0]
                break
            doubtful |= won < 0.5 or not _clear(matches, plane, fit[0], before, after)
        if better is None:
            return None if doubtful else plane
        moved = lay(better, before, after, long_side=step.long_side)
        if moved is None:
            return None
        plane, laid = better, moved
    return None


def _clear(matches: Matches, plane: PlaneMap, rival: PlaneMap, before: View, after: View) -> bool:
    """Whether many features agree with the map, and few with its rival."""
    places = apply(inverse(before.from_photo), matches.before)
    own, other = (
        int((distance(apply(after.from_photo, each.to_after(places)), matches.after) < _AGREES_PX).sum())
        for each in (plane, rival)
    )
    return own >= max(_CLEAR_MATCHES, _CLEAR_LEAD * other)


def _won(own: Comparison, other: Comparison) -> float | None:
    """Share of the pieces that fit better in the one comparison than their neighbours in the other.

    A piece counts as much as it makes a difference, so that those of plain wall, which fit nowhere, do not toss coins.

    Returns:
        None where the pieces hardly fit in the other comparison, or are too few.
    """
    squared = ((own.after[:, None] - other.after[None]) ** 2).sum(-1)
    nearest = squared.argmin(1)
    both = (squared.min(1) < (PATCH_PX / 4 * own.pixel) ** 2) & (own.peaks.detail >= LEAST_DETAIL)
    if both.sum() < _PLACES:
        return None
    here, there = own.peaks.central[both], other.peaks.central[nearest[both]]
    if there.mean() < _LEAST_FIT * here.mean():
        return None
    difference = here - there
    return float(np.maximum(difference, 0).sum() / max(np.abs(difference).sum(), 1e-12))


def rivals(laid: Laid, plane: PlaneMap, *, most: int) -> list[PlaneMap]:
    """The same map moved to where the photos might lie as well, the likeliest first.

    Args:
        laid: the photos, laid on each other by `plane`.
        plane: the map.
        most: how many to return.
    """
    height = _correlation(laid)
    rows, columns = height.shape
    peak = (height >= np.asarray(dip.Dilation(height, dip.SE(5, "elliptic")))) & (height > 0)
    y, x = np.nonzero(peak)
    shift = np.column_stack([x - columns // 2, y - rows // 2])
    away = np.hypot(*shift.T)
    values = height[y, x]
    own = height[rows // 2 - 2 : rows // 2 + 3, columns // 2 - 2 : columns // 2 + 3].max()
    use = (away >= _NEAREST_PX) & (values >= _LEAST_HEIGHT * own)
    order = np.argsort(-values[use], kind="stable")[:most]
    return [_moved(plane, laid, found.astype(np.float64)) for found in shift[use][order]]


def _correlation(laid: Laid) -> NDArray[np.float32]:
    """How well the photos fit at each shift of the photo before that leaves enough of them, no shift in the middle."""
    far = [int((1 - _LEAST_SHARED) * side) for side in laid.moved.shape]
    shown = (laid.moved != 0).astype(np.float32)
    size = [int(dip.OptimalFourierTransformSize(side + reach)) for side, reach in zip(shown.shape, far, strict=True)]
    fixed, moved, mask = (np.fft.rfft2(plane, size) for plane in (laid.fixed * shown, laid.moved, shown))
    fit = np.fft.irfft2(moved * fixed.conj(), size)
    shared = np.fft.irfft2(mask * mask.conj(), size)
    enough = shared > _LEAST_SHARED * shown.sum()
    middle = np.fft.fftshift(np.where(enough, fit / np.maximum(shared, 1), 0))
    rows, columns = (slice(side // 2 - reach, side // 2 + reach + 1) for side, reach in zip(size, far, strict=True))
    return np.ascontiguousarray(middle[rows, columns], np.float32)


def _moved(plane: PlaneMap, laid: Laid, shift: Points) -> PlaneMap:
    """The map under which what lies `shift` away from a place in the frame lies on it."""
    step = np.eye(3)
    step[:2, 2] = -shift
    frame = laid.from_after
    return replace(plane, matrix=inverse(frame) @ step @ frame @ plane.matrix)
