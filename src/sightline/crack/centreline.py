"""From the pixels of a skeleton's branch to a smooth centre line that reaches the crack's ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.crack.field import Field, Points
from sightline.crack.skeleton import FREE, Branch

_SMOOTHING_PX = 1.5
"""Less leaves staircases in the length, more cuts corners: with 1.5 lines, arcs and zigzags with legs of 12 px are all
measured well within 5 % or 1 px."""

_TIP_SLOPE = 0.4
"""Where the radius grows faster than this per pixel from a free end, the skeleton does not follow the crack: into the
corner of a square end it grows by 0.7, along a crack that tapers by far less."""

_FINE_TIP_SLOPE, _FINE_TIP_TURN_DEG = 0.2, 22.5
"""Of a crack a few pixels wide the radius in whole pixels hardly grows into a corner: there it is measured to a part
of a pixel, and must grow by the first per pixel. A tapering crack may do that too, but goes straight on: into a corner
the skeleton turns by 45 degrees, and half of that is asked for."""

_TURNS = np.linspace(0, 2 * np.pi, 16, endpoint=False)
_AROUND = np.stack([np.cos(_TURNS), np.sin(_TURNS)], axis=1)
"""Directions in which the nearest edge is looked for: with 16 it is found at most 2 % too far."""


def centre_line(branch: Branch, field: Field) -> tuple[Points, slice]:
    """The smoothed branch, its free ends continued to where the coverage falls below the level.

    Returns:
        The line, and the part of it that follows the skeleton (the rest are the ends that were added).
    """
    if branch.closed:
        return _smoothed(branch.path, closed=True), slice(None)
    lone = branch.start == branch.end == FREE
    local = field.radius_at(branch.path)
    first = _tip_start(branch.path, local, field) if branch.start == FREE else 0
    last = len(local) - 1 - (_tip_start(branch.path[::-1], local[::-1], field) if branch.end == FREE else 0)
    middle = len(local) // 2
    if lone and (first >= last or branch.length_px <= local[middle]):
        return _through_blob(branch.path[middle], float(local[middle]), field), slice(1, 2)
    if first >= last:
        first, last = 0, len(local) - 1
    path = _smoothed(branch.path[first : last + 1], closed=False)
    parts = [path]
    if branch.start == FREE:
        parts.insert(0, _tip(path[::-1], local[first], field))
    if branch.end == FREE:
        parts.append(_tip(path, local[last], field))
    before = len(parts[0]) if branch.start == FREE else 0
    return np.concatenate(parts), slice(before, before + len(path))


def orientation_deg(points: Points, weights: NDArray[np.float64]) -> float:
    """Direction of the points' principal axis: 0 along x, counter-clockwise positive, in [-90, 90)."""
    centred = points - np.average(points, axis=0, weights=weights)
    (xx, xy), (_, yy) = (centred * weights[:, None]).T @ centred
    degrees = float(np.rad2deg(-0.5 * np.arctan2(2 * xy, xx - yy)))  # minus: y grows downwards
    return (degrees - 180 if degrees >= 90 else degrees) + 0.0  # + 0.0: no negative zero


def _smoothed(path: Points, *, closed: bool) -> Points:
    """A Gaussian along the path, which is mirrored in its end points: they stay where they are."""
    reach = min(int(3 * _SMOOTHING_PX), len(path) - 1)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / _SMOOTHING_PX) ** 2)
    if closed:
        before, after = path[-1 - reach : -1], path[1 : reach + 1]
    else:
        before, after = 2 * path[0] - path[reach:0:-1], 2 * path[-1] - path[-2 : -2 - reach : -1]
    longer = np.concatenate([before, path, after])
    return np.stack([np.convolve(longer[:, axis], kernel / kernel.sum(), "valid") for axis in (0, 1)], axis=1)


def _tip_start(path: Points, local: NDArray[np.float64], field: Field) -> int:
    """How many points to cut off a path's start because there it runs into a corner instead of along the crack."""
    away = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    end = np.flatnonzero(away <= 1.5 * local + 1)  # the way into a corner is sqrt 2 radii long
    first = int(end[(local[end] - _TIP_SLOPE * away[end]).argmax()])
    if first:
        return first
    first = int(end[(_clearance(path[end], local[end], field) - _FINE_TIP_SLOPE * away[end]).argmax()])
    return first if _turn_deg(path, first, local[first]) >= _FINE_TIP_TURN_DEG else 0


def _clearance(points: Points, local: NDArray[np.float64], field: Field) -> NDArray[np.float64]:
    """Distance from each point to the nearest edge, to a fraction of a pixel; `local` is that in whole pixels."""
    rays = len(_AROUND)
    far = np.repeat(local + 1, rays)
    edges = field.edge_distance(np.repeat(points, rays, axis=0), np.tile(_AROUND, (len(points), 1)), far * 0, far)
    nearest: NDArray[np.float64] = np.where(np.isnan(edges), far, edges).reshape(-1, rays).min(axis=1)
    return nearest


def _turn_deg(path: Points, at: int, reach: float) -> float:
    """By how much the way from a path's start to one of its points turns into the way on from there."""
    (x, y), (on_x, on_y) = path[at] - path[0], path[min(at + _ahead(reach), len(path) - 1)] - path[at]
    return float(np.rad2deg(abs(np.arctan2(x * on_y - y * on_x, x * on_x + y * on_y))))


def _ahead(reach: float) -> int:
    """Over how many points of a path its direction is taken: over fewer the steps of the pixels show."""
    return max(5, int(reach))


def _tip(path: Points, reach: float, field: Field) -> Points:
    """Where the crack ends beyond the last point of a path, as (1, 2)."""
    forth = path[-1] - path[max(0, len(path) - 1 - _ahead(reach))]
    forth /= max(float(np.hypot(*forth)), 1e-9)
    across = forth[::-1] * [-1, 1]
    left, right = _distances(path[-1], np.stack([across, -across]), 1.5 * reach + 2, field)
    middle = path[-1] + across * np.nan_to_num(left - right) / 2  # else a ray along a fine crack leaves it sideways
    ahead = np.nan_to_num(_distances(middle, forth[None], 3 * reach + 3, field), nan=reach)
    tip: Points = middle + forth * ahead[:, None]
    return tip


def _through_blob(middle: Points, radius: float, field: Field) -> Points:
    """Tip, centre and tip along the long axis of a structure that is hardly longer than it is wide."""
    left, top = np.maximum(middle.astype(int) - int(2 * radius) - 2, 0)
    right, bottom = middle.astype(int) + int(2 * radius) + 3
    y, x = np.nonzero(field.mask[top:bottom, left:right])
    pixels = np.stack([x + left, y + top], axis=1).astype(np.float64)
    centre = pixels.mean(axis=0)
    if not field.mask[tuple(np.rint(centre).astype(int)[::-1])]:
        centre = middle
    turn = np.deg2rad(-orientation_deg(pixels, np.ones(len(pixels))))
    along = np.array([[-np.cos(turn), -np.sin(turn)], [np.cos(turn), np.sin(turn)]])
    distance = np.nan_to_num(_distances(centre, along, 4 * radius + 4, field), nan=radius)
    tips = centre + along * np.maximum(distance, 0.5)[:, None]  # a pixel is a pixel long
    return np.stack([tips[0], centre, tips[1]])


def _distances(origin: Points, directions: Points, far: float, field: Field) -> NDArray[np.float64]:
    """Distance from one point to the edge along each direction, looking so far; NaN where there is none."""
    count = len(directions)
    return field.edge_distance(np.stack([origin] * count), directions, np.zeros(count), np.full(count, far))
