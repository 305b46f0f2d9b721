"""Which instances of the two reports are the same crack, by where they lie on the wall."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.lines import CrackLines, Points

_GAP_STEPS, _DEVIATION_DEG = 40.0, 45.0
"""A crack goes on across a gap of so many steps in about its direction: a model loses it over as much where it is thin.
A quarter of that is no gap at all."""

Group = tuple[tuple[int, ...], tuple[int, ...]]
"""Indices of before and of after instances that are one crack."""

_SHARED = 0.25
"""Two instances are one crack if this share of either lies on the other: cracks that merely cross share less."""


def covered(points: Points, others: Points, tolerance_px: float) -> NDArray[np.bool_]:
    """Which points have another within about the tolerance (up to twice as far along a diagonal), (n,)."""
    found = np.zeros(len(points), np.bool_)
    finite = np.isfinite(others).all(axis=1)
    if not np.isfinite(points).all(axis=1).any() or not finite.any():
        return found
    both = np.concatenate([points, others])
    low = both[np.isfinite(both).all(axis=1)].min(axis=0) - 2 * tolerance_px
    cells, taken = (np.floor((each - low) / tolerance_px) for each in (points, others))
    # Only where both are: beyond its horizon a map puts a crack's ends millions of pixels away.
    inside = np.isfinite(cells).all(axis=1)
    taken = taken[((taken >= cells[inside].min(axis=0) - 1) & (taken <= cells[inside].max(axis=0) + 1)).all(axis=1)]
    if not len(taken):
        return found
    corner, end = taken.min(axis=0) - 1, taken.max(axis=0) + 1
    columns, rows = (end - corner).astype(int).tolist()
    near = np.zeros((rows + 1, columns + 1), np.bool_)
    x, y = (taken - corner).astype(int).T
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            near[y + down, x + right] = True
    inside = ((cells >= corner) & (cells <= end)).all(axis=1)
    x, y = (cells[inside] - corner).astype(int).T
    found[inside] = near[y, x]
    return found


def groups(
    before: Sequence[CrackLines],
    mapped: Sequence[Points],
    after: Sequence[CrackLines],
    slack: float,
    *,
    continued: Sequence[tuple[int, int]] = (),
) -> list[Group]:
    """Every instance of both photos in one group.

    Args:
        before: the lines of the before photo's instances.
        mapped: their points in the after photo.
        after: the lines of the after photo's instances.
        slack: how far off the mapped points may be, in after pixels.
        continued: pairs of after instances of which the one goes on where the other ends.
    """
    pairs = [(len(before) + i, len(before) + j) for i, j in continued]
    for i, points in enumerate(mapped):
        for j, lines in enumerate(after):
            tolerance = max(slack, float(np.median(lines.widths)) / 2, 2 * lines.step)
            if _apart(points, lines.points, 2 * tolerance):
                continue
            here, there = covered(points, lines.points, tolerance), covered(lines.points, points, tolerance)
            if max(here.mean(), there.mean()) >= _SHARED:
                pairs.append((i, len(before) + j))
    return _components(len(before), len(after), pairs)


def continues(lines: CrackLines, other: CrackLines) -> bool:
    """Whether one crack begins where another one of the same photo ends, or both point at each other across a gap."""
    gap = _GAP_STEPS * max(lines.step, other.step)
    if _apart(lines.points, other.points, gap):
        return False
    (ends, onwards), (others, backwards) = _ends(lines), _ends(other)
    across = others - ends[:, None]
    distance = np.hypot(across[..., 0], across[..., 1])
    least = np.cos(np.deg2rad(_DEVIATION_DEG)) * distance
    facing = (np.einsum("ijk,ik->ij", across, onwards) >= least) & (
        np.einsum("ijk,jk->ij", -across, backwards) >= least
    )
    return bool(((distance <= gap) & facing | (distance <= gap / 4)).any())


def _ends(lines: CrackLines) -> tuple[Points, Points]:
    """Where a crack ends freely, and the unit vectors by which it would go on from there, (k, 2) each."""
    free = lines.free_ends()
    return lines.points[[end for end, _ in free]], np.array([lines.onwards(*end) for end in free]).reshape(-1, 2)


def _apart(one: Points, other: Points, distance: float) -> bool:
    return bool(
        np.any(one.min(axis=0) > other.max(axis=0) + distance) or np.any(other.min(axis=0) > one.max(axis=0) + distance)
    )


def _components(before: int, after: int, pairs: list[tuple[int, int]]) -> list[Group]:
    group_of = list(range(before + after))
    for i, j in pairs:
        old, new = group_of[j], group_of[i]
        group_of = [new if group == old else group for group in group_of]
    found: dict[int, tuple[list[int], list[int]]] = {}
    for index, group in enumerate(group_of):
        sides = found.setdefault(group, ([], []))
        sides[index >= before].append(index - before * (index >= before))
    return [(tuple(one), tuple(other)) for one, other in found.values()]
