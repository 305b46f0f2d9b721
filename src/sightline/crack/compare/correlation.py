"""Where pieces of one picture lie in another that was warped to lie over it: normalised cross-correlation.

Light is taken out first: only detail counts, in units of the detail around it, so that shadows, exposure and faded
colours do not matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import diplib as dip
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

PATCH_PX = 32
"""Side of a piece: at the size of 400 to 800 px at which pictures are compared it holds enough of a wall to be told
apart, and is so small that perspective does not bend it."""

_FINE_SIGMA, _COARSE_SIGMA = 0.8, 8.0
"""Detail lies between these sizes: finer is noise, coarser is light."""

_FLOOR = 1.0
"""Grey levels: where the detail is fainter than a picture's rounding it is not made stronger."""

_APART_PX = 3.0
"""A second peak at least so far from the first is a rival, not its shoulder."""


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """Where pieces were found again.

    Attributes:
        shift: (n, 2) x, y, from where the warp put a piece to where it is found, px.
        height: (n,) correlation there, -1..1.
        rival: (n,) the highest correlation of any other place searched.
        central: (n,) the highest correlation within 1.5 px of where the warp put it.
        detail: (n,) how much of the piece is detail rather than noise, 0..1.
    """

    shift: NDArray[np.float64]
    height: NDArray[np.float64]
    rival: NDArray[np.float64]
    central: NDArray[np.float64]
    detail: NDArray[np.float64]


def detail(grey: Floats) -> Floats:
    """A picture without its light, about -3..3, float32 (h, w)."""
    fine = np.asarray(dip.GaussFIR(grey, _FINE_SIGMA), np.float32)
    fine = fine - np.asarray(dip.GaussFIR(grey, _COARSE_SIGMA), np.float32)
    around = np.asarray(dip.GaussFIR(fine * fine, _COARSE_SIGMA), np.float32)
    around += np.float32(_FLOOR**2)
    return np.asarray(fine / np.sqrt(around), np.float32)


def correlate(fixed: Floats, moved: Floats, corners: NDArray[np.intp], reach: int) -> Peaks:
    """Look for pieces of one picture in another of the same size.

    Args:
        fixed: where the pieces are from, float32 (h, w).
        moved: where they are looked for.
        corners: (n, 2) x, y of the pieces' top left pixels, at least `reach` within the picture at every side.
        reach: how far around to look, px.
    """
    pieces = _windows(fixed, corners, PATCH_PX)
    pieces = pieces - pieces.mean((1, 2), keepdims=True)
    side = PATCH_PX + 2 * reach
    areas = _windows(moved, corners - reach, side)
    spectrum = np.fft.rfft2(areas) * np.fft.rfft2(pieces, (side, side)).conj()
    steps = 2 * reach + 1
    product = np.fft.irfft2(spectrum, (side, side))[:, :steps, :steps]
    power = (pieces**2).sum((1, 2))
    height = product / np.sqrt(power[:, None, None] * _power(areas, steps) + 1e-3)
    return _peaks(height.astype(np.float32), reach, _share_of_detail(pieces))


def _windows(values: Floats, corners: NDArray[np.intp], side: int) -> Floats:
    every = np.lib.stride_tricks.sliding_window_view(values, (side, side))
    found: Floats = every[corners[:, 1], corners[:, 0]]
    return found


def _power(areas: Floats, steps: int) -> Floats:
    """Sum of squared differences from the mean of each piece-sized part, (n, steps, steps)."""
    total, squares = _sums(areas, steps), _sums(areas * areas, steps)
    power: Floats = np.maximum(squares - total * total / PATCH_PX**2, 0)
    return power


def _sums(areas: Floats, steps: int) -> Floats:
    run = np.cumsum(areas, axis=1)
    run = np.cumsum(run, axis=2)
    run = np.pad(run, ((0, 0), (1, 0), (1, 0)))
    end = slice(PATCH_PX, PATCH_PX + steps)
    start = slice(0, steps)
    sums: Floats = run[:, end, end] - run[:, start, end] - run[:, end, start] + run[:, start, start]
    return sums


def _share_of_detail(pieces: Floats) -> NDArray[np.float64]:
    """How much of a piece changes slowly enough to be no noise, along its weaker direction.

    Neighbouring pixels of noise that was blurred by `_FINE_SIGMA` differ about as much as they vary.
    """
    dx, dy = np.diff(pieces, axis=2)[:, :-1], np.diff(pieces, axis=1)[:, :, :-1]
    xx, yy, xy = ((a * b).mean((1, 2), dtype=np.float64) for a, b in ((dx, dx), (dy, dy), (dx, dy)))
    weaker = (xx + yy) / 2 - np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    return np.asarray(weaker)


def _peaks(height: Floats, reach: int, detail_share: NDArray[np.float64]) -> Peaks:
    count, steps = len(height), 2 * reach + 1
    flat = height.reshape(count, -1)
    rows = np.arange(count)
    y, x = np.divmod(flat.argmax(1), steps)
    grid_y, grid_x = np.mgrid[:steps, :steps]
    far = (grid_y - y[:, None, None]) ** 2 + (grid_x - x[:, None, None]) ** 2 > _APART_PX**2
    near = (grid_y - reach) ** 2 + (grid_x - reach) ** 2 <= 1.5**2
    return Peaks(
        shift=np.column_stack([_fine(height, rows, y, x, 2), _fine(height, rows, y, x, 1)]) - reach,
        height=height[rows, y, x].astype(np.float64),
        rival=np.where(far, height, -1).max((1, 2)).astype(np.float64),
        central=height[:, near].max(1).astype(np.float64),
        detail=detail_share,
    )


def _fine(height: Floats, rows: NDArray[np.intp], y: NDArray[np.intp], x: NDArray[np.intp], axis: int
          ) -> NDArray[np.float64]:  # fmt: skip
    """The peak of a parabola along an axis, in steps; a peak at the rim stays there."""
    at, last = (y, x)[axis - 1], height.shape[axis] - 1
    inner = (at > 0) & (at < last)
    before, after = (np.clip(at + change, 0, last) for change in (-1, 1))
    if axis == 1:
        low, high = height[rows, before, x], height[rows, after, x]
    else:
        low, high = height[rows, y, before], height[rows, y, after]
    curvature = np.minimum(low + high - 2 * height[rows, y, x], -1e-9)
    return np.asarray(at + np.where(inner, np.clip((low - high) / (2 * curvature), -0.5, 0.5), 0.0), np.float64)
