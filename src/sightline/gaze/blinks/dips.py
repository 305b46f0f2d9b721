"""Dips: moments where the lids fall and come back, each measured from its own shoulders.

A blink is a dip: the lids fall and come back to about where they were, within a second. A squint, a smile or a turn of
the head changes the level instead. So a dip's depth is taken from the *lower* of the two levels that the lids hold
before and after it (a black top-hat in the sense of Serra, Image Analysis and Mathematical Morphology, 1982), not from
a threshold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.blinks.windows import Floats, maximum_after, maximum_before, window_median

SHOULDER_SPAN_S: Final = 1.0
"""How far from its lowest moment a dip's shoulders are looked for. The slowest blinks of the clips that were looked at
(people asked to blink) lie 0.9 s from shoulder to shoulder, and eyes that stay shut for longer are no blink."""

_STEADY_S: Final = 0.085
"""Half the window of the median that levels are read from: two frames on either side at 25 to 30 a second."""

EDGE: Final = 0.2
"""A dip reaches to where the lids are a fifth of its depth from its shoulder; nearer, noise and the slow end of a
reopening decide. Two dips are two only if the lids come back as far between them."""

CUT_SPAN_S: Final = 0.35
"""A dip whose lowest moment is this near to where the series begins, ends or breaks may have lost a shoulder there:
about the time that a blink takes to reopen."""

GAP_S: Final = 0.25
"""A step between two frames that can hide a whole blink (0.1 to 0.4 s) is a gap."""


@dataclass(frozen=True, slots=True)
class Dip:
    """A dip; indices are samples, times are where straight lines between the samples cross the levels.

    Attributes:
        bottom: the lowest sample.
        first, last: the samples between onset and offset.
        onset_s, offset_s: `EDGE` of the depth below the shoulders.
        half_onset_s, half_offset_s: half of the depth above the bottom.
        shut_s, reopening_s: `EDGE` of it above the bottom.
        depth: from the lower shoulder to the bottom, 1 being the whole opening.
        area_s: the dip's area over its depth: how long a rectangular dip of that depth and area would last.
        cut: a shoulder was not seen.
    """

    bottom: int
    first: int
    last: int
    onset_s: float
    offset_s: float
    half_onset_s: float
    half_offset_s: float
    shut_s: float
    reopening_s: float
    depth: float
    area_s: float
    cut: bool

    @property
    def moves(self) -> bool:
        """Whether the lids were seen to fall or to rise, and not just to be low between two gaps."""
        return self.shut_s > self.onset_s or self.offset_s > self.reopening_s

    @property
    def half_width_s(self) -> float:
        return self.half_offset_s - self.half_onset_s

    @property
    def closing_speed_s(self) -> float:
        """From half-way down until all but down: the part of the closing that no slow change before it disturbs."""
        return self.shut_s - self.half_onset_s


@dataclass(frozen=True, slots=True, eq=False)
class _Shoulders:
    """The levels before and after each sample, and between which samples a dip around it must lie (k,) each."""

    before: Floats
    after: Floats
    first: NDArray[np.intp]
    last: NDArray[np.intp]
    cut: NDArray[np.bool_]


def find_dips(time_s: Floats, openness: Floats, least_depth: float) -> list[Dip]:
    """The dips of at least `least_depth` in a series (k,) without NaN, sorted by time; none overlaps another.

    The deepest is taken first; a shallower one beside it has its shoulder where the lids were highest between them.
    """
    if len(openness) < 3:
        return []
    shoulders = _shoulders(time_s, openness)
    depth = np.minimum(shoulders.before, shoulders.after) - openness
    taken = np.zeros(len(openness), np.bool_)
    dips = []
    for bottom in np.argsort(-depth, kind="stable"):
        if depth[bottom] < least_depth:
            break
        if taken[bottom]:
            continue
        dip = _measure(time_s, openness, shoulders, taken, int(bottom))
        if dip is None:
            taken[bottom] = True
            continue
        taken[dip.first : dip.last + 1] = True
        if dip.depth >= least_depth:
            dips.append(dip)
    return sorted(dips, key=lambda dip: dip.bottom)


def steady(time_s: Floats, openness: Floats) -> Floats:
    """The series (k,) without what is gone after a frame or two: levels that the lids hold."""
    frame_s = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    return window_median(time_s, openness, max(_STEADY_S, 1.2 * frame_s))  # slow clips: a frame on either side


def _shoulders(time_s: Floats, openness: Floats) -> _Shoulders:
    level = steady(time_s, openness)
    before = np.maximum(maximum_before(time_s, level, SHOULDER_SPAN_S), openness)
    after = np.maximum(maximum_after(time_s, level, SHOULDER_SPAN_S), openness)
    first = np.searchsorted(time_s, time_s - SHOULDER_SPAN_S)
    last = np.searchsorted(time_s, time_s + SHOULDER_SPAN_S, side="right") - 1

    # Where the series begins, ends or breaks within a dip, the shoulder that was not seen is taken for like the other.
    breaks = np.flatnonzero(np.diff(time_s) > GAP_S)
    piece = np.searchsorted(breaks, np.arange(len(time_s)))
    begin, end = np.append(0, breaks + 1)[piece], np.append(breaks, len(time_s) - 1)[piece]
    low_after = -maximum_after(time_s, -openness, CUT_SPAN_S)
    low_before = -maximum_before(time_s, -openness, CUT_SPAN_S)
    lost_before = (time_s - time_s[begin] <= CUT_SPAN_S) & (before - low_after < (after - low_after) / 2)
    lost_after = (time_s[end] - time_s <= CUT_SPAN_S) & (after - low_before < (before - low_before) / 2)
    return _Shoulders(
        before=np.where(lost_before, after, before),
        after=np.where(lost_after, before, after),
        first=np.where(lost_before, begin, first),
        last=np.where(lost_after, end, last),
        cut=lost_before | lost_after,
    )


def _measure(
    time_s: Floats, openness: Floats, shoulders: _Shoulders, taken: NDArray[np.bool_], bottom: int
) -> Dip | None:
    """The dip around a sample, between the dips that were taken; None where one of them leaves it no shoulder."""
    first, last = int(shoulders.first[bottom]), int(shoulders.last[bottom])
    before, after = float(shoulders.before[bottom]), float(shoulders.after[bottom])
    if (neighbours := np.flatnonzero(taken[first:bottom])).size:
        first += int(neighbours[-1]) + 1
        before = min(before, float(openness[first : bottom + 1].max()))
    if (neighbours := np.flatnonzero(taken[bottom : last + 1])).size:
        last = bottom + int(neighbours[0]) - 1
        after = min(after, float(openness[bottom : last + 1].max()))
    if min(before, after) <= openness[bottom]:
        return None
    dip = dip_between(time_s, openness, bottom, (first, last), (before, after))
    return replace(dip, cut=True) if shoulders.cut[bottom] else dip


def dip_between(
    time_s: Floats, openness: Floats, bottom: int, limits: tuple[int, int], shoulders: tuple[float, float]
) -> Dip:
    """Measure the dip of a series (k,) around its sample `bottom`.

    It lies within the samples `limits`, the first and the last, and is lower than the `shoulders`, the levels before
    and after it.
    """
    floor = float(openness[bottom])
    fall, rise = shoulders[0] - floor, shoulders[1] - floor
    depth = min(fall, rise)

    first, onset_s = crossing(time_s, openness, bottom, limits[0], floor + (1 - EDGE) * fall)
    last, offset_s = crossing(time_s, openness, bottom, limits[1], floor + (1 - EDGE) * rise)
    half, shut = (_passing(time_s, openness, first, bottom, 1, floor + share * depth) for share in (0.5, EDGE))
    half_back, reopening = (
        _passing(time_s, openness, last, bottom, -1, floor + share * depth) for share in (0.5, EDGE)
    )
    around = slice(max(first - 1, 0), last + 2)
    return Dip(
        bottom=bottom,
        first=first,
        last=last,
        onset_s=onset_s,
        offset_s=offset_s,
        half_onset_s=half,
        half_offset_s=half_back,
        shut_s=shut,
        reopening_s=reopening,
        depth=depth,
        area_s=_area_s(time_s[around], min(shoulders) - openness[around]) / depth,
        cut=bool((np.diff(time_s[around]) > GAP_S).any()),
    )


def crossing(time_s: Floats, openness: Floats, low: int, stop: int, level: float) -> tuple[int, float]:
    """Walk from a low sample towards `stop` until the lids reach a level.

    Returns:
        The last sample below the level, and the moment of the crossing between it and the next; at `stop`, its time.
    """
    step = 1 if stop > low else -1
    here = low
    while here != stop and openness[here + step] < level:
        here += step
    return here, float(time_s[here]) if here == stop else _between(time_s, openness, here, here + step, level)


def _passing(time_s: Floats, openness: Floats, outer: int, low: int, step: int, level: float) -> float:
    """The moment at which the lids, followed from an outer sample to a low one, first pass a level."""
    here = outer
    while here != low and openness[here] > level:
        here += step
    behind = here - step
    if not 0 <= behind < len(openness) or openness[behind] <= level:
        return float(time_s[here])
    return _between(time_s, openness, here, behind, level)


def _between(time_s: Floats, openness: Floats, low: int, high: int, level: float) -> float:
    """When a straight line between neighbours passes a level; across a gap only the lower one's time is known."""
    if abs(time_s[high] - time_s[low]) > GAP_S:
        return float(time_s[low])
    share = max((level - openness[low]) / (openness[high] - openness[low]), 0.0)
    return float(time_s[low] + share * (time_s[high] - time_s[low]))


def _area_s(time_s: Floats, drop: Floats) -> float:
    height, steps_s = np.maximum(drop, 0.0), np.diff(time_s)
    return float(((height[1:] + height[:-1]) / 2 * steps_s)[steps_s <= GAP_S].sum())
