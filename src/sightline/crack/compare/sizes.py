"""How long and wide a crack was and is, in pixels of the after photo, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sightline.crack.compare.compared import SizeChange
from sightline.crack.compare.judging import Verdict
from sightline.crack.compare.sighting import Lookup
from sightline.crack.compare.softness import Softness
from sightline.crack.compare.visibility import ABSENT, VISIBLE

_END_STATIONS = 6.0
"""A stretch's end is found to about so many stations: the window is 21 long, and an edge in its middle halves it; and
the thin tip of a crack is lost, which made growth 6 px too short at the median where nothing else was wrong."""

_WIDTH_ERROR = 0.25
"""Share of a crack's width by which it may be off as such: of pale and soft-edged ones nobody can say where they end.
It shifts both widths alike, so it matters little to whether a crack became wider, but it does to by how much."""

_WIDER_SIGMAS, _LEAST_WIDER, _LEAST_WIDER_PX = 3.0, 0.22, 0.8
"""A crack is called wider from so many standard errors of the ratio on (of cracks that had stayed as they were, the
ratios scattered by 1.25 of them, and further out now and then), and from this much of its width: a depth that light and
dirt have changed may look like less. And from this much of a pixel of the coarser photo on."""

_MOST_SHOWN = 0.95
"""Of a crack that is wider now less than this is found by its own profile in the earlier photo; of 191 that had stayed
as they were and yet seemed darker, all but one showed more."""

_BLOCK_STATIONS, _LEAST_BLOCKS = 12, 3
"""A ratio is taken over this many stations at a time: texture beside the crack differs from block to block, and their
spread tells what it does to the ratio."""


def length_change(verdict: Verdict, before: Sequence[Lookup], after: Sequence[Lookup], error_px: float) -> SizeChange:
    """The length at both times.

    Args:
        verdict: of the crack.
        before: its instances in the before photo.
        after: its instances in the after photo; one of the two may be empty.
        error_px: of the registration, in after pixels.
    """
    found = after or before
    total = sum(one.length() for one in found)
    if verdict.kind == "not_comparable":
        return SizeChange(after=total) if after else SizeChange(before=total)
    doubtful = total - sum(one.of(ABSENT) + one.of(VISIBLE) for one in found)
    step = float(np.median([one.lines.step * np.median(one.scale) for one in found]))
    ends = max(2, 2 * len(verdict.stretches))
    uncertainty = float(np.sqrt(ends * ((_END_STATIONS * step) ** 2 + error_px**2) + (doubtful / 2) ** 2))
    if verdict.kind == "healed":
        return SizeChange(before=total, after=0.0, growth=-total, uncertainty=uncertainty)
    if verdict.kind == "unchanged":
        return SizeChange(before=total, after=total, growth=0.0, uncertainty=uncertainty)
    added = total if verdict.kind == "new" else sum(_added(one) for one in after if verdict.stretches)
    return SizeChange(before=total - added, after=total, growth=added, uncertainty=uncertainty)


def _added(one: Lookup) -> float:
    """The length that was not there: what is missing, and of what is doubtful beside it what its ends speak for."""
    status, lengths = one.sight.status, one.lines.weights * one.scale
    share = (status == ABSENT).astype(np.float64)
    for piece in one.lines.pieces((status != ABSENT) & (status != VISIBLE)):
        beside = [index for index in (piece[0] - 1, piece[-1] + 1) if 0 <= index < len(status)]
        told = [float(share[index]) for index in beside if one.lines.branch[index] == one.lines.branch[piece[0]]]
        share[piece] = np.mean(told) if told else 0.0
    return float((share * lengths).sum())


def width_change(before: Sequence[Lookup], after: Sequence[Lookup], softness: Softness) -> SizeChange:
    """The mean width at both times.

    How much light a crack takes is its width times its depth, however blurred or small it is shown: of two photos of
    one crack, whose depth is the same, the ratio of that is the ratio of the widths. It is far more exact than either
    width. The after photo gives the width now, the ratio what it was.

    Args:
        before: its instances in the before photo.
        after: its instances in the after photo; the ratio is measured along them.
        softness: of the after photo against the before photo: its contrast is what the light and the tone curve make
            of a depth.
    """
    if not after:
        return SizeChange(before=_mean_width(before)[0])
    width, width_error = _mean_width(after)
    ratio = _width_ratio(after, softness)
    if ratio is None:
        return SizeChange(after=width)
    value, error = ratio
    uncertainty = float(np.hypot(width * error, width_error * (1 - value)))
    return SizeChange(before=width * value, after=width, growth=width * (1 - value), uncertainty=uncertainty)


def is_wider(after: Sequence[Lookup], softness: Softness) -> bool:
    """Whether a crack was narrower before, beyond doubt and by as much as matters.

    Args:
        after: its instances in the after photo.
        softness: of the after photo against the before photo.
    """
    ratio = _width_ratio(after, softness) if after else None
    if ratio is None or not is_darker(after, softness):
        return False
    coarser = min(1.0, float(np.median([one.other_scale for one in after])))
    return (1 - ratio[0]) * _mean_width(after)[0] * coarser > _LEAST_WIDER_PX


def is_darker(after: Sequence[Lookup], softness: Softness) -> bool:
    """Whether a crack took less light before, beyond doubt and by a share that matters; takes what `is_wider` does."""
    ratio = _width_ratio(after, softness)
    if ratio is None:
        return False
    shown = np.concatenate([one.sight.amplitude[one.sight.status == VISIBLE] for one in after])
    less = 1 - ratio[0] > max(_WIDER_SIGMAS * ratio[1], _LEAST_WIDER)
    return less and float(np.median(shown)) * softness.contrast < _MOST_SHOWN


def _width_ratio(after: Sequence[Lookup], softness: Softness) -> tuple[float, float] | None:
    """The width before over the width after, and its standard error."""
    ratio = _darkness_ratio(after)
    if ratio is None:
        return None
    value, error = ratio[0] * softness.contrast, ratio[1] * softness.contrast
    return value, float(np.hypot(error, value * softness.contrast_error))


def _darkness_ratio(after: Sequence[Lookup]) -> tuple[float, float] | None:
    """How dark the crack was over how dark it is, along all that is visible, and its standard error."""
    ratios = []
    for one in after:
        here, there = one.sight.dark, one.sight.dark_there
        use = (one.sight.status == VISIBLE) & ~one.unclear & np.isfinite(here) & np.isfinite(there)
        count = int(use.sum()) // _BLOCK_STATIONS
        for now, then in zip(*(np.array_split(each[use], max(1, count)) for each in (here, there)), strict=True):
            if count and now.sum() > 0:
                ratios.append(float(then.sum() / now.sum()))
    if len(ratios) < _LEAST_BLOCKS:
        return None
    middle = float(np.median(ratios))
    spread = 1.4826 * float(np.median(np.abs(np.array(ratios) - middle)))
    return max(middle, 0.0), 1.25 * max(spread, 0.02) / np.sqrt(len(ratios))  # 1.25: of a median


def _mean_width(found: Sequence[Lookup]) -> tuple[float, float]:
    """Over the length of all instances, and its standard error, in after pixels."""
    scale = [float(np.median(one.scale)) for one in found]
    widths = [_own_width(one) for one in found]
    lengths = np.array([one.length() for one in found])
    mean = np.average([width * s for (width, _), s in zip(widths, scale, strict=True)], weights=lengths)
    error = np.average([error * s for (_, error), s in zip(widths, scale, strict=True)], weights=lengths)
    return float(mean), float(error)


def _own_width(one: Lookup) -> tuple[float, float]:
    """From the light across it where that could be measured, else as wide as the model saw it."""
    sizes = one.instance.sizes
    width = one.instance.mean_width_px if sizes.profile_mean_width_px is None else sizes.profile_mean_width_px
    return width, float(np.hypot(sizes.profile_width_uncertainty_px or 0.0, _WIDTH_ERROR * width))
