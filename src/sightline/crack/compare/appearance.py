"""What a straightened crack looks like: a line or an edge, how dark it is, whether two photos show the same there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.lines import CrackLines
from sightline.crack.compare.sampling import LEAST_LIGHT, Floats
from sightline.crack.compare.strips import along

WINDOW = 10
"""Stations to either side over which rows are taken together: fewer are noisy, over more a crack begins and ends."""

PROFILE_OVER = 4
"""A profile is the mean of so many rows to either side: a crack's width changes along it."""

MOST_LIGHT = 245.0
"""Luma beside a crack: from here on a photo's white is often clipped, and a fine crack with it."""

_BESIDE = 6
"""So many offsets on either side of a crack tell how light the wall is there."""

_CORE = 0.3
"""Of the width, to either side of the middle: so much is dark all through."""


def ridge_share(profile: NDArray[np.float64], lines: CrackLines, half: int) -> NDArray[np.float64]:
    """The lesser of the two steps from the crack's darkest to its sides over the greater, (n,) in 0..1."""
    middle = profile.shape[1] // 2
    peak = profile[:, middle - 1 : middle + 2].max(axis=1)
    left = peak - np.median(profile[:, middle - half - 3 : middle - half + 1], axis=1)
    right = peak - np.median(profile[:, middle + half : middle + half + 4], axis=1)
    left, right = (np.maximum(along(side, lines, WINDOW), 0) for side in (left, right))
    return np.minimum(left, right) / np.maximum(np.maximum(left, right), 1e-9)


def light_beside(strip: Floats, half: int) -> NDArray[np.float64]:
    """Luma of the wall beside a crack, geometric mean of both sides, (n,); NaN where none of it is in the photo."""
    middle = strip.shape[1] // 2
    free = np.concatenate([strip[:, : middle - half], strip[:, middle + half + 1 :]], axis=1)
    count = np.isfinite(free).sum(axis=1)
    mean = np.nan_to_num(free).sum(axis=1) / np.maximum(count, 1)
    return np.where(count > 0, np.exp(mean) - LEAST_LIGHT, np.nan)


def roughness(strip: Floats, lines: CrackLines) -> NDArray[np.float64]:
    """Mean step from sample to sample across, (n,), grain left out."""
    inside = np.isfinite(strip)
    steps = np.abs(np.diff(along(np.where(inside, strip, 0), lines, PROFILE_OVER), axis=1))
    steps[~(inside[:, 1:] & inside[:, :-1])] = np.nan
    count = np.isfinite(steps).sum(axis=1)
    mean: NDArray[np.float64] = np.nan_to_num(steps).sum(axis=1) / np.maximum(count, 1)
    return mean


def darkness(strip: Floats, half: int) -> NDArray[np.float64]:
    """Depth as a share of the luma beside, summed over the middle 2 half + 1 offsets, (n,).

    NaN where a part lies outside the photo, or the wall is so bright that it is cut off.
    """
    middle = strip.shape[1] // 2
    light = np.exp(strip[:, middle - half - _BESIDE : middle + half + _BESIDE + 1])
    left, right = np.median(light[:, :_BESIDE], axis=1), np.median(light[:, -_BESIDE:], axis=1)
    slope = np.linspace(0, 1, 2 * half + 1)
    wall = left[:, None] + (right - left)[:, None] * slope
    depth = (1 - light[:, _BESIDE:-_BESIDE] / wall).sum(axis=1).astype(np.float64)
    return np.where(np.maximum(left, right) < MOST_LIGHT, depth, np.nan)


def likeness_within(
    mine: Floats, theirs: Floats, lines: CrackLines, *, slack: int, texture_only: bool
) -> NDArray[np.float64]:
    """Correlation of what both photos show within the dark, finer than some steps, (n,) in -1..1.

    A shadow leaves the wall's texture as it was, a crack takes its place.

    Args:
        mine: (n, k) the strip of the photo that the crack was found in.
        theirs: the strip of the other one.
        lines: where the crack is.
        slack: steps that the strips may be off sideways; it must be small against what lies beside the crack in them.
        texture_only: leave the crack's profile out, and its width where that changes slowly.
    """
    inside = np.isfinite(mine) & np.isfinite(theirs)
    fine = [_fine(np.where(inside, strip, 0), lines, texture_only) for strip in (mine, theirs)]
    middle = mine.shape[1] // 2
    core = max(1, int(np.median(lines.widths) / lines.step * _CORE))
    here = slice(middle - core, middle + core + 1)
    best = np.full(len(lines), -1.0)
    for shift in range(-slack, slack + 1):
        there = slice(here.start + shift, here.stop + shift)
        one, other = fine[0][:, here], fine[1][:, there]
        shared, first, second = (
            along((a * b).sum(axis=1), lines, WINDOW) for a, b in ((one, other), (one, one), (other, other))
        )
        best = np.maximum(best, shared / np.sqrt(np.maximum(first * second, 1e-12)))
    return best


def _fine(strip: Floats, lines: CrackLines, texture_only: bool) -> NDArray[np.float64]:
    """What is finer than about five steps either way; for the texture only along the crack, whose profile stays out."""
    smooth = along(strip, lines, PROFILE_OVER if texture_only else 2)
    if not texture_only:
        padded = np.pad(smooth, [(0, 0), (2, 2)], mode="edge")
        smooth = np.lib.stride_tricks.sliding_window_view(padded, 5, axis=1).mean(axis=2)
    return np.asarray(strip - smooth)
