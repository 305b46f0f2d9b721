"""How long, how wide, which way: a crack measured on its skeleton, to a fraction of a pixel.

Length. Counting the 8-neighbour steps of a skeleton overestimates a line by up to 8 %, whatever the resolution
(Coeurjolly and Klette, A comparative evaluation of length estimators of digital curves, IEEE TPAMI 26, 2004). So each
branch is smoothed first and its chords are summed. Thinning stops about half a width before a crack's end: each free
end is continued along its direction to where the coverage falls below the level.

Width. Across the local normal of the smoothed branch, from edge to edge (orthogonal projection), but only where the
edge is at most about half as far again as the nearest edge in any direction: past that the normal does not cross the
crack, it runs along another arm. This joins orthogonal projection and shortest distance (Ong, Ismadi and Wang, A hybrid
method for pavement crack width measurement, Measurement, 2022). An edge is where the coverage, sampled bilinearly,
crosses the level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.centreline import centre_line, orientation_deg
from sightline.crack.field import Field, Points
from sightline.crack.skeleton import FREE, Branch, Skeleton, skeletonize

_WIDEST_OVER = 5
"""The largest width must hold over this many neighbouring stations (about as many pixels): their median counts, so that
one ragged pixel of an edge does not make a crack severe."""

_PAD_PX = 2
"""Room around the coverage, so that rays and neighbours never leave the array."""


@dataclass(frozen=True, slots=True)
class CentreLine:
    """One branch of a crack.

    Attributes:
        points: (n, 2) x, y from end to end, in pixels of the array that was measured; whole numbers are pixel centres.
        clear: (n,) where a normal crosses this branch and nothing else: not near a junction nor at a free end.
    """

    points: Points
    clear: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class CrackGeometry:
    """Sizes of one crack structure, in pixels of the array that was measured.

    Attributes:
        length_px: the lengths of all branches together, end to end; gaps between pieces are not counted.
        mean_width_px: mean over the length.
        max_width_px: the largest width that holds over several pixels of length.
        max_width_at: x, y on the centre line where it is that wide.
        orientation_deg: direction of the principal axis, 0 along x, counter-clockwise positive, in [-90, 90).
        branch_count: stretches between junctions and ends; a simple line has one.
        centre_lines: of all branches.
    """

    length_px: float
    mean_width_px: float
    max_width_px: float
    max_width_at: tuple[float, float]
    orientation_deg: float
    branch_count: int
    centre_lines: tuple[CentreLine, ...]


@dataclass(frozen=True, slots=True)
class _Stations:
    """Points on the centre lines where a width can be measured.

    Attributes:
        points, tangents: (n, 2).
        weights: (n,) the length of line that a station stands for.
        clear: (n,) False near a junction, where the normal runs into another arm, and near a free end, where it
            crosses the end's cap and not the crack.
    """

    points: Points
    tangents: Points
    weights: NDArray[np.float64]
    clear: NDArray[np.bool_]


def measure(coverage: NDArray[np.float32], level: float = 0.5) -> CrackGeometry:
    """Measure one crack structure.

    Args:
        coverage: float32 (h, w) in 0..1, how much of each pixel is crack. What lies outside counts as no crack.
        level: a pixel with at least this coverage is crack; edges are where the coverage crosses it.

    Raises:
        ValueError: no pixel reaches the level.
    """
    field = Field.of(np.pad(coverage, _PAD_PX), level)
    if not field.mask.any():
        raise ValueError(f"no pixel reaches the level {level:g}: there is nothing to measure")
    skeleton = skeletonize(field.mask, field.radius)
    lines, stations, centre_lines = [], [], []
    for branch in skeleton.branches:
        line, inner = centre_line(branch, field)
        lines.append(line)
        stations.append(_stations(line, inner, branch, skeleton, field))
        clear = np.zeros(len(line), np.bool_)
        clear[inner] = stations[-1].clear
        centre_lines.append(CentreLine(line - _PAD_PX, clear))
    weights = np.concatenate([_weights(line) for line in lines])
    mean_width, max_width, widest = _widths(_joined(stations), field)
    return CrackGeometry(
        length_px=float(weights.sum()),
        mean_width_px=mean_width,
        max_width_px=max_width,
        max_width_at=(float(widest[0]) - _PAD_PX, float(widest[1]) - _PAD_PX),
        orientation_deg=orientation_deg(np.concatenate(lines), weights),
        branch_count=skeleton.branch_count,
        centre_lines=tuple(centre_lines),
    )


def _weights(line: Points) -> NDArray[np.float64]:
    """Half of the chords on either side of each point; together they are the length of the line."""
    weights = np.zeros(len(line))
    half = np.hypot(*np.diff(line, axis=0).T) / 2
    weights[:-1] += half
    weights[1:] += half
    return weights


def _stations(line: Points, inner: slice, branch: Branch, skeleton: Skeleton, field: Field) -> _Stations:
    tangents = np.gradient(line, axis=0)
    tangents /= np.maximum(np.hypot(*tangents.T), 1e-9)[:, None]
    points = line[inner]
    clear = np.ones(len(points), np.bool_)
    if not branch.closed:
        local = field.radius_at(points)
        for junction, end in ((branch.start, line[0]), (branch.end, line[-1])):
            room = 1.4 * local if junction == FREE else 1.2 * skeleton.junction_radius[junction] + 1
            clear &= np.hypot(*(points - end).T) >= room
    return _Stations(points, tangents[inner], _weights(line)[inner], clear)


def _joined(stations: list[_Stations]) -> _Stations:
    return _Stations(
        points=np.concatenate([part.points for part in stations]),
        tangents=np.concatenate([part.tangents for part in stations]),
        weights=np.concatenate([part.weights for part in stations]),
        clear=np.concatenate([part.clear for part in stations]),
    )


def _widths(stations: _Stations, field: Field) -> tuple[float, float, Points]:
    """Mean and largest width, and where it is largest."""
    local = field.radius_at(stations.points)
    normals = stations.tangents[:, ::-1] * [-1, 1]
    near, far = np.maximum(local - 1.5, 0), 1.5 * local + 2
    left, right = (field.edge_distance(stations.points, side, near, far) for side in (normals, -normals))
    widths = left + right
    found = np.isfinite(widths) & (widths > 0)
    if not found.any():  # nothing but bends sharper than the crack is wide: the inscribed circles must do
        widths, found = np.maximum(2 * local - 1, 1.0), np.ones(len(local), np.bool_)
    if (found & stations.clear).any():
        found &= stations.clear
    widths, points = widths[found], stations.points[found]
    mean = float(np.average(widths, weights=stations.weights[found]))
    over = min(_WIDEST_OVER, len(widths))
    held = np.median(np.lib.stride_tricks.sliding_window_view(widths, over), axis=1)
    best = int(held.argmax())
    return mean, max(mean, float(held[best])), points[best + over // 2]
