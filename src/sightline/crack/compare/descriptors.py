"""What the surroundings of a blob look like, so that it is known again: histograms of gradient directions.

Lowe 2004 (4 x 4 cells of 8 directions, turned to the blob's own direction), compared as Arandjelovic and Zisserman,
"Three things everyone should know to improve object retrieval", CVPR 2012, do: the square roots of shares.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.features import Floats, Keypoints, keypoints

_TURN_SIGMAS, _TURN_SIDE = 4.5, 15
"""A blob's direction is that of most of the gradient within so many sigmas, on a grid of so many samples a side."""

_SECOND_TURN = 0.8
"""A second direction counts as well if it is this strong (Lowe)."""

_CELL_SIGMAS = 4.5
"""Side of a cell. Lowe takes 3; a wall is flat, so more of it may be looked at, and it needs more to be told apart."""

_CELLS, _PER_CELL, _DIRECTIONS = 4, 4, 8


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Blobs that can be found again.

    Attributes:
        points: (n, 2) x, y in pixels of the picture.
        sigma: (n,) size in those pixels.
        turn: (n,) direction, radians.
        descriptors: float32 (n, 128), of unit length.
    """

    points: NDArray[np.float64]
    sigma: NDArray[np.float64]
    turn: NDArray[np.float64]
    descriptors: Floats

    def __len__(self) -> int:
        return len(self.points)


def features(grey: Floats) -> Features:
    """Find and describe blobs of a picture, float32 (h, w)."""
    parts = [_described(level) for level in keypoints(grey)]
    if not parts:
        return Features(np.zeros((0, 2)), np.zeros(0), np.zeros(0), np.zeros((0, 128), np.float32))
    return Features(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _described(found: Keypoints) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], Floats]:
    level = found.level
    which, turn = _turns(found)
    points = found.points[which]
    reach = _CELL_SIGMAS * level.sigma * _CELLS / 2
    gradient = _sampled(level.gradient, points, _grid(_CELLS * _PER_CELL, reach), turn)
    return (
        points * level.pixel,
        np.full(len(points), level.sigma * level.pixel),
        turn,
        _histograms(gradient),
    )


def _turns(found: Keypoints) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Each blob's one or two directions: which blob, and the angle."""
    grid = _grid(_TURN_SIDE, _TURN_SIGMAS * found.level.sigma)
    gradient = _sampled(found.level.gradient, found.points, grid, None)
    weight = np.exp(-(np.abs(grid) ** 2) / (2 * (_TURN_SIGMAS * found.level.sigma / 2.2) ** 2)).astype(np.float32)
    bins = 36
    place = (np.angle(gradient) * np.float32(bins / (2 * np.pi))).round().astype(np.intp) % bins
    count = len(found.points)
    flat = (place + np.arange(count)[:, None] * bins).ravel()
    counts = np.bincount(flat, (np.abs(gradient) * weight).ravel(), count * bins)
    histogram = np.asarray(counts, np.float64).reshape(count, bins)
    for _ in range(3):
        histogram = (np.roll(histogram, 1, 1) + histogram + np.roll(histogram, -1, 1)) / 3
    left, right = np.roll(histogram, 1, 1), np.roll(histogram, -1, 1)
    peak = (histogram > left) & (histogram >= right)
    ranked = np.argsort(np.where(peak, -histogram, 0), axis=1)[:, :2]
    rows = np.arange(count)[:, None]
    height = np.where(peak[rows, ranked], histogram[rows, ranked], 0)
    use = (height >= _SECOND_TURN * height[:, :1]) & (height > 0)
    which, column = np.nonzero(use)
    at = ranked[which, column]
    low, middle, high = left[which, at], histogram[which, at], right[which, at]
    shift = (low - high) / (2 * np.minimum(low + high - 2 * middle, -1e-12))
    return which, (at + np.clip(shift, -0.5, 0.5)) * (2 * np.pi / bins)


def _grid(side: int, reach: float) -> NDArray[np.complex64]:
    """Offsets x + iy of a square of samples that spans -reach..reach, row by row."""
    steps = ((np.arange(side) + 0.5) / side * 2 - 1) * reach
    return (steps[None, :] + 1j * steps[:, None]).ravel().astype(np.complex64)


def _sampled(
    gradient: NDArray[np.complex64],
    points: NDArray[np.float64],
    grid: NDArray[np.complex64],
    turn: NDArray[np.float64] | None,
) -> NDArray[np.complex64]:
    """The gradient around each point, (n, samples), in a frame turned by `turn`; nearest pixels, 0 outside."""
    centres = (points[:, 0] + 1j * points[:, 1]).astype(np.complex64)[:, None]
    if turn is None:
        places = centres + grid
    else:
        spin = np.exp(1j * turn).astype(np.complex64)[:, None]
        places = centres + spin * grid
    height, width = gradient.shape
    x, y = places.real.astype(np.int32), places.imag.astype(np.int32)
    inside = (x > 0) & (x < width - 1) & (y > 0) & (y < height - 1)  # the border's gradient is 0
    at = np.where(inside, y * width + x, 0)
    values = gradient.ravel()[at]
    return values if turn is None else values * spin.conj()


def _histograms(gradient: NDArray[np.complex64]) -> Floats:
    """Root-SIFT descriptors of (n, 256) gradients."""
    count = len(gradient)
    angles = np.arange(_DIRECTIONS) * (2 * np.pi / _DIRECTIONS)
    towards = np.stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    along = np.ascontiguousarray(gradient).view(np.float32).reshape(count, -1, 2) @ towards
    np.maximum(along, 0, out=along)
    size = np.abs(gradient)[..., None]
    along *= along  # cos^2: neighbouring directions share a gradient between them
    along /= size + np.float32(1e-6)
    cells = np.matmul(_POOL, along).reshape(count, -1)
    cells /= np.linalg.norm(cells, axis=1, keepdims=True) + np.float32(1e-6)
    np.minimum(cells, np.float32(0.2), out=cells)  # one strong edge must not decide alone (Lowe)
    cells /= cells.sum(1, keepdims=True) + np.float32(1e-6)
    return np.asarray(np.sqrt(cells))


def _pool() -> Floats:
    """(16, 256): how much each sample counts for each cell; linear between cell centres, less at the rim."""
    side = _CELLS * _PER_CELL
    at = (np.arange(side) + 0.5) / _PER_CELL - 0.5
    near = np.maximum(0, 1 - np.abs(at[None] - np.arange(_CELLS)[:, None]))
    rim = np.exp(-((np.arange(side) + 0.5 - side / 2) ** 2) / (2 * (side / 2) ** 2))
    near = near * rim
    return np.asarray(np.einsum("ay,bx->abyx", near, near).reshape(_CELLS**2, side**2), np.float32)


_POOL = _pool()
