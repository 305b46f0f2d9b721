"""A crack's own profile as a filter: how much of the crack is at a place, and what the filter says where none is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.lines import CrackLines
from sightline.crack.compare.sampling import Floats
from sightline.crack.compare.strips import along

FREE = 14
"""Offsets on either side, clear of the crack, that tell what is there without it."""

_NORMAL = 1.4826
"""The standard deviation of a normal distribution over the median of its absolute values."""


@dataclass(frozen=True, slots=True, eq=False)
class MatchedFilter:
    """A matched filter for every station of a crack.

    Attributes:
        taps: (n, 2 half + 1), the profile, its mean taken off so that light alone says nothing.
        half: how far it reaches to either side, in steps.
    """

    taps: NDArray[np.float64]
    half: int

    @classmethod
    def of(cls, profile: NDArray[np.float64], blur: float, half: int) -> MatchedFilter:
        """The filter for a profile (n, k) whose middle 2 half + 1 offsets hold the crack, behind a blur in steps."""
        wider = half + int(np.ceil(1.5 * blur))
        if blur > 0.05:
            profile = blurred(profile, blur)
        middle = profile.shape[1] // 2
        taps = profile[:, middle - wider : middle + wider + 1]
        return cls(taps - taps.mean(axis=1, keepdims=True), wider)

    def depth(self, lines: CrackLines, window: int) -> NDArray[np.float64]:
        """Of the profile from its lightest to its darkest, a difference of logarithms, (n,)."""
        return np.asarray(along(self.taps.max(axis=1) - self.taps.min(axis=1), lines, window))

    def found(
        self, strip: Floats, lines: CrackLines, window: int, search: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The largest amplitude within the search, and the noise of the amplitude, (n,) each."""
        amplitude = self.amplitudes(strip, lines, window)
        middle = amplitude.shape[1] // 2
        near = amplitude[:, middle - search : middle + search + 1]
        return np.nan_to_num(near, nan=-1.0).max(axis=1), self.spread(amplitude, lines, window, search)

    def noise(self, strip: Floats, lines: CrackLines, window: int, search: int) -> NDArray[np.float64]:
        """One standard deviation of the amplitude where there is no crack, (n,)."""
        return self.spread(self.amplitudes(strip, lines, window), lines, window, search)

    def amplitudes(self, strip: NDArray[np.floating], lines: CrackLines, window: int) -> NDArray[np.float64]:
        """At every offset at which the filter lies within the strip, (n, k - 2 half); NaN where it leaves the photo."""
        inside = np.isfinite(strip)
        values = np.where(inside, strip, 0)
        values -= values.sum(axis=1, keepdims=True) / np.maximum(inside.sum(axis=1, keepdims=True), 1)
        values[~inside] = 0
        windows = np.lib.stride_tricks.sliding_window_view(-values, 2 * self.half + 1, axis=1)
        matched = np.einsum("nkj,nj->nk", windows, self.taps.astype(np.float32), optimize=True)
        energy = np.maximum(along((self.taps**2).sum(axis=1), lines, window), 1e-9)
        amplitude = along(matched, lines, window) / energy[:, None]
        whole = np.lib.stride_tricks.sliding_window_view(inside, 2 * self.half + 1, axis=1).all(axis=2)
        amplitude[~whole] = np.nan
        return amplitude

    def spread(
        self, amplitude: NDArray[np.float64], lines: CrackLines, window: int, search: int
    ) -> NDArray[np.float64]:
        """From the median of the absolute amplitude off the crack, which another crack nearby hardly moves."""
        middle = amplitude.shape[1] // 2
        clear = search + 2 * self.half
        free = np.abs(np.concatenate([amplitude[:, : middle - clear], amplitude[:, middle + clear + 1 :]], axis=1))
        count = np.isfinite(free).sum(axis=1)
        ranked = np.sort(np.nan_to_num(free, nan=np.inf), axis=1)
        median = ranked[np.arange(len(free)), np.maximum(count - 1, 0) // 2]
        known = np.isfinite(median)
        share = along(known.astype(np.float64), lines, window)
        spread = along(np.where(known, median, 0), lines, window) / np.maximum(share, 1e-9)
        return np.where(share > 0, np.maximum(_NORMAL * spread, 1e-6), np.inf)


def blurred(profile: NDArray[np.floating], sigma: float) -> NDArray[np.float64]:
    """Each row with a Gaussian, its ends repeated."""
    reach = int(np.ceil(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    padded = np.pad(profile, [(0, 0), (reach, reach)], mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=1)
    blurred: NDArray[np.float64] = windows @ (kernel / kernel.sum())
    return blurred
