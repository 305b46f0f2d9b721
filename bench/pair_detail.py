"""How much detail two photos of one wall share where they truly lie on each other: without it nobody aligns them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pair_views import View, grey
from scipy.ndimage import gaussian_filter, map_coordinates

Plane = NDArray[np.float32]

ENOUGH = 0.1
"""Share of the common part that must agree for the photos to be comparable. A smooth painted wall in other light has
0.00 to 0.06 (its two photos have noise and shadows, and nothing else), plaster and concrete mostly more than 0.5."""

_LONG_SIDE = 800  # the after photo is looked at in this size, px
_BLOCK = 16
_AGREES = 0.5  # correlation of a block; noise alone reaches 0.25 in 5 of 100 blocks of 16 x 16 that were smoothed


def shared_detail(before: NDArray[np.uint8], after: NDArray[np.uint8], views: tuple[View, View]) -> float:
    """The share of 16 px blocks of the common part whose fine detail correlates, 0..1; 0 where nothing is common."""
    height, width = after.shape[:2]
    step = max(1.0, max(height, width) / _LONG_SIDE)
    y, x = np.mgrid[0.5 : height / step, 0.5 : width / step] * step
    placed = views[0].to_view(views[1].to_wall(np.stack([x.ravel(), y.ravel()], 1)))
    inside = views[0].inside(placed, 2).reshape(x.shape)
    ratio = views[1].scale / views[0].scale
    details = []
    for photo, where, sigma in ((before, placed[:, ::-1].T, step / ratio), (after, (y.ravel(), x.ravel()), step)):
        soft = gaussian_filter(grey(photo), 0.5 * max(1.0, sigma))
        seen = map_coordinates(soft, np.asarray(where) - 0.5, order=1, mode="nearest").reshape(x.shape)
        tone = np.log(seen + 8)  # light multiplies
        details.append(_blocks(tone - gaussian_filter(tone, 5)))
    common = _blocks(inside.astype(np.float32)).all(1)
    if not common.any():
        return 0.0
    one, other = (detail[common] - detail[common].mean(1, keepdims=True) for detail in details)
    energy = np.sum(one**2, 1) * np.sum(other**2, 1)
    return float(np.mean(np.sum(one * other, 1) > _AGREES * np.sqrt(energy + 1e-12)))


def _blocks(plane: Plane) -> Plane:
    """A plane cut into blocks, (blocks, pixels)."""
    rows, columns = plane.shape[0] // _BLOCK, plane.shape[1] // _BLOCK
    cut = plane[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
    return np.asarray(cut.swapaxes(1, 2).reshape(-1, _BLOCK**2))
