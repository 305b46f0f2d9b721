"""A crack followed beyond the ends that a model gave it: ends taper, and a model loses them before the eye does.

From each free end a strip is read straight ahead, and the crack's own profile is looked for in it as a matched filter.
The path that gathers most of it, one step to the side at most for each step ahead, is found by dynamic programming
(Viterbi); it ends where following it any further would gather less than a share of the crack.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.lines import CrackLines, Points
from sightline.crack.compare.strips import View

_AHEAD, _ASIDE = 40, 14
"""Steps that one look from an end takes in."""

_TEMPLATE_STATIONS = 20
"""The profile at an end is the mean over so many."""

_LEAST_SHARE, _LEAST_SIGMAS = 0.4, 1.3
"""Of the crack's own depth, and of what the wall beside it makes of the filter: less is no crack to follow."""

_LEAST_STEPS = 4
"""A shorter gain is no more than where the end of a mask may lie."""

_MEET_STEPS = 2.0
"""So near to a known crack the path has reached it."""

_SMOOTH_STEPS = 3
"""Of the path, to either side: its steps to the side are whole ones."""


def traced(lines: CrackLines, own: View, known: Points) -> CrackLines:
    """The lines with their free ends followed as far as the photo shows the crack.

    Args:
        lines: of one crack.
        own: its photo.
        known: (n, 2) stations of all cracks of the photo, where a path ends.
    """
    half = int(np.clip(np.ceil(np.median(lines.widths) / lines.step * 0.65), 1, 6)) + 2
    strip = np.nan_to_num(own.strip(lines, half))
    longer = lines
    for end, inwards in reversed(lines.free_ends()):  # from behind: what is put in moves what comes after it
        taps = -strip[lines.back(end, inwards, _TEMPLATE_STATIONS)].mean(axis=0, dtype=np.float64)
        path = _path(lines, own, end, inwards, taps)
        path = path[: _reached(path, known, lines.points[end], _MEET_STEPS * lines.step)]
        if len(path) >= _LEAST_STEPS:
            longer = _with(longer, path, end, inwards)
    return longer


def _path(lines: CrackLines, own: View, end: int, inwards: int, taps: NDArray[np.float64]) -> Points:
    """Points one step apart beyond an end, (m, 2); none where the crack is not seen to go on."""
    ahead = lines.onwards(end, inwards) * lines.step
    aside = ahead[::-1] * [-1, 1]
    half = len(taps) // 2
    forth, across = np.arange(1, _AHEAD + 1), np.arange(-_ASIDE - half, _ASIDE + half + 1)
    places = lines.points[end] + forth[:, None, None] * ahead + across[:, None] * aside
    values = own.brightness.at(places, lines.step)
    inside = int(np.logical_and.accumulate(np.isfinite(values).all(axis=1)).sum())
    windows = np.lib.stride_tricks.sliding_window_view(-values[:inside], len(taps), axis=1)
    share = np.minimum(*(_share(windows, taps, side) for side in (slice(half + 1), slice(half, None))))
    least = max(_LEAST_SHARE, _LEAST_SIGMAS * 1.4826 * float(np.median(np.abs(share)))) if inside else 0.0
    offsets = _best(np.minimum(share, 1.0) - least)
    if not len(offsets):
        return np.zeros((0, 2))
    width = 2 * _SMOOTH_STEPS + 1
    padded = np.pad(offsets.astype(np.float64), _SMOOTH_STEPS, mode="edge")
    smooth = np.convolve(padded, np.full(width, 1 / width), "valid")
    return np.asarray(lines.points[end] + forth[: len(offsets), None] * ahead + smooth[:, None] * aside)


def _share(windows: NDArray[np.floating], taps: NDArray[np.float64], side: slice) -> NDArray[np.float64]:
    """How much of one side of a profile is in windows (m, k, taps): the edge of a shade has one side only, (m, k)."""
    part = taps[side] - taps[side].mean()
    share: NDArray[np.float64] = windows[..., side] @ part / max(float((part**2).sum()), 1e-9)
    return share


def _best(gain: NDArray[np.float64]) -> NDArray[np.intp]:
    """The path from the middle that gathers most, as offsets from it, (m,); one step aside at most for each ahead."""
    count, width = gain.shape
    middle = width // 2
    total = np.full(width, -np.inf)
    total[middle] = 0.0
    came, totals = np.zeros(gain.shape, np.intp), np.empty(gain.shape)
    for row in range(count):
        around = np.pad(total, 1, constant_values=-np.inf)
        choices = np.stack([around[:-2], around[1:-1], around[2:]])
        came[row] = choices.argmax(axis=0) - 1
        total = choices.max(axis=0) + gain[row]
        totals[row] = total
    if not count or totals.max() <= 0:
        return np.zeros(0, np.intp)
    row, column = divmod(int(totals.argmax()), width)
    path = [column]
    for back in range(row, 0, -1):
        path.append(path[-1] + int(came[back, path[-1]]))
    return np.asarray(np.array(path[::-1], np.intp) - middle)


def _reached(path: Points, known: Points, end: Points, near: float) -> int:
    """How many points of a path come before it reaches a known crack; the one that it comes from does not count."""
    beyond = known[np.hypot(*(known - end).T) > 2 * near]
    if not len(path) or not len(beyond):
        return len(path)
    apart = np.hypot(*(path[:, None] - beyond).transpose(2, 0, 1)).min(axis=1)
    return int((apart <= near).argmax()) if (apart <= near).any() else len(path)


def _with(lines: CrackLines, path: Points, end: int, inwards: int) -> CrackLines:
    """The lines with a path put on at an end."""
    if inwards > 0:
        path = path[::-1]
    at = end if inwards > 0 else end + 1
    tangents = np.gradient(path, axis=0) if len(path) > 1 else np.ones((1, 2))
    tangents /= np.maximum(np.hypot(*tangents.T), 1e-9)[:, None]
    steps = np.full(len(path), float(np.hypot(*np.diff(path, axis=0).T).mean()))
    return replace(
        lines,
        points=np.insert(lines.points, at, path, axis=0),
        normals=np.insert(lines.normals, at, tangents[:, ::-1] * [-1, 1], axis=0),
        widths=np.insert(lines.widths, at, np.full(len(path), lines.widths[end])),
        branch=np.insert(lines.branch, at, np.full(len(path), lines.branch[end])),
        weights=np.insert(lines.weights, at, steps),
    )
