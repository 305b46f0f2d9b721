"""A reference's homography, fitted to where its edges lie in the photo.

Straight edges of known place are drawn into the photo with the homography at hand, the photo's edges are looked for
across them, and the homography is moved so that both meet, again and again (Harris, Tracking with rigid models, 1992).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.scale.edges import peak_at, profiles, step_at
from sightline.crack.scale.homography import Floats, project

_OUTLIER_SIGMAS = 4.685
"""Tukey's biweight with 95 % of the efficiency of least squares."""

_NEAR_PX = 1.0
"""A point so near to where it should be supports its edge, even where others lie nearer still."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Straight edges on the plane.

    Attributes:
        starts, ends: (n, 2) in mm from the reference's middle, so that the reference's inside lies to the right of each
            (clockwise around it, y pointing down).
        margin_mm: so much is left out at both ends, where an edge is rounded or blurs with the next.
        reach_mm: no other edge lies nearer than this, inside or outside.
        inside_dark: True where only an edge from dark inside to light outside is one; False: either way.
        swelling: whether the inside may look larger or smaller by the same width on all sides (ink that spreads, a
            bright ground that outshines it), to be found with the homography.
        error_px: what remains wrong along a whole edge, 1 sigma.
    """

    starts: Floats
    ends: Floats
    margin_mm: float
    reach_mm: float
    inside_dark: bool
    swelling: bool
    error_px: float


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A homography found.

    Attributes:
        to_photo: (3, 3), mm to photo pixels.
        to_mm: its inverse.
        spread: (9, 8), errors of `to_mm` as in `PlaneScale`.
        support: (n,) share of each edge's points that lie where they should.
    """

    to_photo: Floats
    to_mm: Floats
    spread: Floats
    support: Floats


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found across the edges: residuals (m,), their derivatives (m, 8 or 9), weights, and edges' numbers."""

    offsets: Floats
    slopes: Floats
    weights: Floats
    edge: NDArray[np.intp]
    sigma: float
    good: NDArray[np.bool_]


def fit_edges(
    image: NDArray[np.uint8], edges: Edges, to_photo: Floats, *, reach_px: float, least_px: float, points: int
) -> Fit | None:
    """Fit a homography to edges, from one that is nearly right.

    Args:
        image: RGB (H, W, 3).
        edges: on the plane.
        to_photo: (3, 3), mm to pixels, wrong by less than `reach_px` at the edges.
        reach_px: how far the first look goes; where another edge is nearer, half as far as that.
        least_px: how far the last look goes at least.
        points: looked at on each edge in the end.

    Returns:
        None where too few points were found to say anything.
    """
    half_size = max(float(np.abs(edges.starts).max()), 1e-9)
    unit = to_photo @ np.diag([half_size, half_size, 1.0])
    unit = unit / unit[2, 2]
    swell, found = 0.0, None
    for reach, count in ((reach_px, max(6, points // 2)), (least_px, points), (least_px, points)):
        found = _look(image, edges, unit, half_size, swell, reach, count)
        if np.count_nonzero(found.weights) < 3 * found.slopes.shape[1]:
            return None
        weighted = found.slopes * found.weights[:, None]
        scale = np.abs(found.slopes).max(axis=0)  # columns differ by the photo's size
        step = np.linalg.lstsq(weighted.T @ found.slopes / np.outer(scale, scale), weighted.T @ found.offsets / scale)[
            0
        ]
        step /= scale
        unit = unit + np.append(step[:8], 0).reshape(3, 3)
        swell += float(step[8]) if edges.swelling else 0.0
    assert found is not None
    return _result(unit, half_size, found, edges)


def _look(
    image: NDArray[np.uint8], edges: Edges, unit: Floats, half_size: float, swell: float, reach: float, count: int
) -> _Found:
    """Look across all edges for where they are."""
    length = np.hypot(*(edges.ends - edges.starts).T)
    share = edges.margin_mm / length[:, None]
    along = share + (1 - 2 * share) * (np.arange(count) + 0.5) / count
    direction = (edges.ends - edges.starts) / length[:, None]
    outward = np.stack([direction[:, 1], -direction[:, 0]], axis=1)
    places = edges.starts[:, None] + along[..., None] * (edges.ends - edges.starts)[:, None]
    places = (places + swell * outward[:, None]).reshape(-1, 2) / half_size
    direction, outward = np.repeat(direction, count, axis=0), np.repeat(outward, count, axis=0)
    number = np.repeat(np.arange(len(length)), count)

    pixels, depth = project(unit, places), places @ unit[2, :2] + unit[2, 2]
    tangents, across = (_derivative(unit, pixels, depth, which) for which in (direction, outward))
    normals = np.stack([tangents[:, 1], -tangents[:, 0]], axis=1) / np.hypot(*tangents.T)[:, None]
    px_per_mm = (normals * across).sum(axis=1) / half_size
    reach = float(min(reach, 0.8 * edges.reach_mm * np.median(px_per_mm)))
    locate = step_at if edges.inside_dark else peak_at
    offsets, heights = locate(profiles(image, pixels, normals, reach), reach)

    height, width = image.shape[:2]
    seen = (depth > 0) & (pixels > reach).all(axis=1) & (pixels < np.array([width, height]) - reach).all(axis=1)
    seen &= np.abs(offsets) < 0.9 * reach
    seen &= heights > 0 if edges.inside_dark else heights != 0
    seen &= np.abs(heights) > 0.25 * np.median(np.abs(heights[seen])) if seen.any() else seen
    weights, sigma, good = _weights(offsets, seen)
    slopes = _slopes(places, pixels, depth, normals)
    if edges.swelling:
        slopes = np.column_stack([slopes, px_per_mm])
    return _Found(offsets, slopes, weights, number, sigma, good)


def _derivative(unit: Floats, pixels: Floats, depth: Floats, directions: Floats) -> Floats:
    """How fast the picture of a point moves as the point moves in a direction: (n, 2)."""
    moved: Floats = directions @ unit[:2, :2].T - pixels * (directions @ unit[2, :2])[:, None]
    return moved / depth[:, None]


def _slopes(places: Floats, pixels: Floats, depth: Floats, normals: Floats) -> Floats:
    """How fast a point's picture moves along its normal as the homography's first eight entries grow: (n, 8)."""
    x, y = (places / depth[:, None]).T
    one, (nx, ny) = 1 / depth, normals.T
    back = -(normals * pixels).sum(axis=1)
    return np.stack([nx * x, nx * y, nx * one, ny * x, ny * y, ny * one, back * x, back * y], axis=1)


def _weights(offsets: Floats, seen: NDArray[np.bool_]) -> tuple[Floats, float, NDArray[np.bool_]]:
    """Tukey's weights of offsets about their common place, their deviation, and which are no outliers."""
    if not seen.any():
        return np.zeros(len(offsets)), 0.0, seen
    middle = np.median(offsets[seen])
    sigma = max(float(1.4826 * np.median(np.abs(offsets[seen] - middle))), 0.02)
    ratio = (offsets - middle) / (_OUTLIER_SIGMAS * sigma)
    weights = np.where(seen, np.maximum(1 - ratio**2, 0) ** 2, 0)
    near = np.abs(offsets - middle) < max(_OUTLIER_SIGMAS * sigma, _NEAR_PX)
    return weights, sigma, seen & near


def _result(unit: Floats, half_size: float, found: _Found, edges: Edges) -> Fit:
    to_photo = unit @ np.diag([1 / half_size, 1 / half_size, 1.0])
    to_mm: Floats = np.linalg.inv(to_photo).astype(np.float64)
    count = len(edges.starts)
    weighted = found.slopes * found.weights[:, None]
    together = np.zeros((count, found.slopes.shape[1]))
    np.add.at(together, found.edge, weighted)  # an edge's common error moves all of its points
    scale = np.abs(found.slopes).max(axis=0)
    normal = np.linalg.pinv(weighted.T @ found.slopes / np.outer(scale, scale), hermitian=True)
    errors = np.concatenate([weighted * found.sigma, together * edges.error_px]) / scale
    covariance = (normal @ (errors.T @ errors) @ normal / np.outer(scale, scale))[:8, :8]
    values, vectors = np.linalg.eigh(covariance)
    spread = []
    for value, vector in zip(values, vectors.T, strict=True):
        change = np.append(vector * np.sqrt(max(value, 0.0)), 0).reshape(3, 3)
        moved = change @ np.diag([1 / half_size, 1 / half_size, 1.0])
        spread.append((-to_mm @ moved @ to_mm).ravel())
    support = np.bincount(found.edge, found.good, count) / np.bincount(found.edge, minlength=count)
    return Fit(to_photo, to_mm, np.stack(spread, axis=1), support)
