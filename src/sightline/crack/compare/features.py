"""Where a wall has detail that can be found again: blobs over many sizes, spread over the photo.

Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 60 (2004): extrema of the difference of
Gaussians over place and size. A wall has little contrast, so none is asked for: each part of the photo gives its best.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import diplib as dip
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_BASE_SIGMA = 1.3
"""Blur of the finest level, px: less would find the JPEG's grid and the sensor's noise."""

_PER_OCTAVE = 2
"""Sizes searched per doubling. Lowe takes 3, for half more of the time."""

_LEAST_SIDE_PX = 40
"""Octaves go on until the picture is this small: the large, faint stains of a plain wall are found there."""

_CELLS = 6
"""Each octave's best are chosen in a grid of so many cells along either side, so that they spread."""

_FINEST = 1400
"""Features kept of the finest octave; each coarser one keeps half as many, but at least `_COARSEST`."""

_COARSEST = 150

_MOST_EDGE = 12.0
"""Ratio of the two curvatures beyond which a place is an edge, along which it cannot be found again (Lowe: 10)."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """One blurred copy of the picture: its gradient, complex64 (h, w), x real and y imaginary."""

    gradient: NDArray[np.complex64]
    pixel: float
    sigma: float


@dataclass(frozen=True, slots=True, eq=False)
class Keypoints:
    """Blobs of one level, with continuous x, y in the level's own pixels."""

    level: Level
    points: NDArray[np.float64]
    strength: Floats


def keypoints(grey: Floats) -> list[Keypoints]:
    """Blobs of a picture, one entry a level that has any."""
    found = []
    wanted, pixel = _FINEST, 1.0
    blurred = _gauss(grey, np.sqrt(_BASE_SIGMA**2 - 0.5**2))  # a photo is blurred by about half a pixel as it comes
    while min(blurred.shape) >= _LEAST_SIDE_PX:
        stack = [blurred]
        sigmas = [_BASE_SIGMA * 2 ** (i / _PER_OCTAVE) for i in range(_PER_OCTAVE + 3)]
        for before, after in pairwise(sigmas):
            stack.append(_gauss(stack[-1], np.sqrt(after**2 - before**2)))
        found += _octave(stack, sigmas, pixel, max(wanted, _COARSEST))
        wanted, pixel = wanted // 2, pixel * 2
        blurred = np.ascontiguousarray(stack[_PER_OCTAVE][::2, ::2])
    return found


def _octave(stack: list[Floats], sigmas: list[float], pixel: float, wanted: int) -> list[Keypoints]:
    """The best blobs of one octave, over its levels together."""
    contrast = [after - before for before, after in pairwise(stack)]
    size = np.abs(contrast[0])
    peaks_around = [_around(np.abs(c)) for c in contrast]
    picked = []
    for i in range(1, len(contrast) - 1):
        size = np.abs(contrast[i][1:-1, 1:-1])
        peak = size >= np.maximum(np.maximum(peaks_around[i - 1], peaks_around[i + 1]), peaks_around[i])
        border = int(np.ceil(4 * sigmas[i]))  # a blob's own neighbourhood must be in the picture
        peak[:border], peak[-border:], peak[:, :border], peak[:, -border:] = False, False, False, False
        y, x = np.nonzero(peak & (size > 1e-3))
        y, x = y + 1, x + 1
        keep = _is_blob(contrast[i], y, x)
        picked.append((i, y[keep], x[keep], np.abs(contrast[i][y[keep], x[keep]])))
    chosen = _spread(picked, stack[0].shape, wanted)
    found = []
    for (i, y, x, strength), keep in zip(picked, chosen, strict=True):
        if keep.any():
            points = _between_pixels(contrast[i], y[keep], x[keep])
            found.append(Keypoints(Level(_gradient(stack[i]), pixel, sigmas[i]), points, strength[keep]))
    return found


def _spread(picked: list[tuple[int, NDArray[np.intp], NDArray[np.intp], Floats]], shape: tuple[int, ...], wanted: int
            ) -> list[NDArray[np.bool_]]:  # fmt: skip
    """Which to keep: the strongest of each cell, all cells alike."""
    y, x, strength = (np.concatenate([entry[k] for entry in picked]) for k in (1, 2, 3))
    cell = (y * _CELLS // shape[0]) * _CELLS + x * _CELLS // shape[1]
    order = np.lexsort((-strength, cell))
    first = np.searchsorted(cell[order], np.arange(_CELLS**2))
    rank = np.empty(len(order), np.intp)
    rank[order] = np.arange(len(order)) - first[cell[order]]
    share = wanted // _CELLS**2
    keep = rank < share
    spare = wanted - int(keep.sum())
    if spare > 0:  # cells without detail leave their share to the strongest of the others
        rest = np.flatnonzero(~keep)
        keep[rest[np.argsort(rank[rest], kind="stable")[:spare]]] = True
    ends = np.cumsum([len(entry[1]) for entry in picked])[:-1]
    return np.split(keep, ends)


def _is_blob(values: Floats, y: NDArray[np.intp], x: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Not along an edge: both curvatures of one sign and not too different (Lowe, section 4.1)."""
    middle = values[y, x]
    xx = values[y, x + 1] + values[y, x - 1] - 2 * middle
    yy = values[y + 1, x] + values[y - 1, x] - 2 * middle
    xy = (values[y + 1, x + 1] - values[y + 1, x - 1] - values[y - 1, x + 1] + values[y - 1, x - 1]) / 4
    determinant = xx * yy - xy * xy
    blob: NDArray[np.bool_] = (xx + yy) ** 2 * _MOST_EDGE < (_MOST_EDGE + 1) ** 2 * determinant
    return blob


def _between_pixels(values: Floats, y: NDArray[np.intp], x: NDArray[np.intp]) -> NDArray[np.float64]:
    """The peak of a parabola through each extremum and its neighbours, along x and along y; centres lie at a half."""
    shifts = []
    for dy, dx in ((0, 1), (1, 0)):
        low, middle, high = values[y - dy, x - dx], values[y, x], values[y + dy, x + dx]
        curvature = low + high - 2 * middle
        safe = np.where(np.abs(curvature) > 1e-9, curvature, 1)
        shifts.append(np.clip((low - high) / (2 * safe), -0.5, 0.5))
    return np.column_stack([x + 0.5 + shifts[0], y + 0.5 + shifts[1]]).astype(np.float64)


def _around(values: Floats) -> Floats:
    """The largest of each 3 x 3 pixels, (h - 2, w - 2)."""
    rows = np.maximum(values[:, :-2], values[:, 1:-1])
    np.maximum(rows, values[:, 2:], out=rows)
    largest: Floats = np.maximum(rows[:-2], rows[1:-1])
    np.maximum(largest, rows[2:], out=largest)
    return largest


def _gradient(blurred: Floats) -> NDArray[np.complex64]:
    gradient = np.zeros(blurred.shape, np.complex64)
    gradient.real[:, 1:-1] = blurred[:, 2:] - blurred[:, :-2]
    gradient.imag[1:-1] = blurred[2:] - blurred[:-2]
    return gradient


def _gauss(values: Floats, sigma: float) -> Floats:
    return np.asarray(dip.GaussFIR(values, sigma), np.float32)
