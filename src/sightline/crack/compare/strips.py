"""A crack straightened out: rows run across it, at the same places of the wall in both photos."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.lines import CrackLines, Points
from sightline.crack.compare.sampling import Brightness, Floats

_CENTRE_OVER = 5
"""A centre is looked for in the mean of so many neighbouring rows to either side: in one row noise decides."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A photo as it is looked at along a crack.

    Attributes:
        brightness: of the photo.
        place: from points of the photo that the crack was found in, (n, 2), to this one's.
        scale: this photo's pixels per pixel of that one.
    """

    brightness: Brightness
    place: Callable[[Points], Points]
    scale: float

    def strip(self, lines: CrackLines, reach: int) -> Floats:
        """Log luma across the lines at offsets of -reach..reach steps, float32 (n, 2 reach + 1); NaN outside."""
        ends = lines.points + lines.normals * np.array([-reach, 0, reach])[:, None, None] * lines.step
        low, middle, high = self.place(ends.reshape(-1, 2)).reshape(ends.shape)
        share = np.arange(1, reach + 1)[:, None] / reach  # a map between photos is straight over a strip's width
        left = middle[:, None] + (low - middle)[:, None] * share[::-1]
        right = middle[:, None] + (high - middle)[:, None] * share
        placed = np.concatenate([left, middle[:, None], right], axis=1)
        return self.brightness.at(placed, lines.step * self.scale)


def along(values: NDArray[np.floating], lines: CrackLines, half: int) -> NDArray[np.float64]:
    """The mean over each station and `half` of its neighbours to either side, on its own branch: (n, ...)."""
    total = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0, dtype=np.float64)])
    index = np.arange(len(lines))
    first = np.searchsorted(lines.branch, lines.branch, "left")
    last = np.searchsorted(lines.branch, lines.branch, "right")
    low, high = np.maximum(index - half, first), np.minimum(index + half + 1, last)
    count = (high - low).reshape(-1, *[1] * (values.ndim - 1))
    mean: NDArray[np.float64] = (total[high] - total[low]) / count
    return mean


def centred(lines: CrackLines, own: View) -> CrackLines:
    """The lines moved onto the darkest line nearby: a model's mask lies up to half a width beside its crack."""
    half = np.maximum(np.rint(lines.widths / lines.step / 2), 1).astype(int)
    search = int(np.clip(np.quantile(half, 0.9) + 1, 2, 8))
    reach = search + 2 * int(np.clip(np.quantile(half, 0.9), 1, 8)) + 1
    strip = np.nan_to_num(own.strip(lines, reach), nan=0.0)
    core = int(np.clip(np.median(half) * 0.5, 1, 4))
    total = np.concatenate([np.zeros((len(strip), 1)), np.cumsum(strip, axis=1, dtype=np.float64)], axis=1)
    offsets = np.arange(-search, search + 1) + reach

    def mean(low: NDArray[np.intp], high: NDArray[np.intp]) -> NDArray[np.float64]:
        part: NDArray[np.float64] = (total[:, high] - total[:, low]) / (high - low)
        return part

    middle = mean(offsets - core + 1, offsets + core)
    left, right = mean(offsets - 2 * core - 1, offsets - core), mean(offsets + core + 1, offsets + 2 * core + 2)
    ridge = along(np.minimum(left, right) - middle, lines, _CENTRE_OVER)
    best = ridge.argmax(axis=1) - search
    moved = along(best.astype(np.float64), lines, _CENTRE_OVER) * lines.step
    return replace(lines, points=lines.points + lines.normals * moved[:, None])
