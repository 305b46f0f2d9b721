"""Stretches of a second and more in which the lids stay low: long closures, and lids that follow a downward gaze.

Looking down lowers the lids to a shelf above the closed position. Large shifts of gaze carry blinks with them (Evinger
et al., Not looking while leaping, Exp Brain Res 100, 1994): at the ends of the shelf the lids then go deeper than it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sightline.gaze.blinks.baseline import Openness
from sightline.gaze.blinks.dips import SHOULDER_SPAN_S, Dip, dip_between, steady

LONG_CLOSURE_S: Final = 1.0
"""From here on a closure is no blink, but what sleep research calls a microsleep or sleep; the longest labelled blink
is more than half closed for 0.84 s."""

_LOWERED: Final = 0.5
"""Of a full closure: lids that are lower than this for long are looked at here."""

_CLOSED: Final = 0.88
"""Of a full closure: the middle between 0.76, where the lids rest in 1.7 s of looking down, and 1.0, where they rest in
5 s of closed eyes. PERCLOS draws its line at 0.8 (Wierwille et al., DOT HS 808 247, 1994)."""

_MOST: Final = 0.8
"""For this share of a stretch the eye has to be closed: two blinks with half-open lids between are no long closure."""

_BREAK_S: Final = 0.1
"""Lids that come up for less than a blink's time do not end a stretch."""

_END_S: Final = 0.35
"""How far from a shelf's ends a blink belongs to the shift of gaze: about its length."""

_OVERSHOOT: Final = 0.1
"""Of a full closure: how much deeper than the shelf a blink at its end is; lids on a shelf are steadier than that."""

_OVERSHOOT_NOISES: Final = 4.0


@dataclass(frozen=True, slots=True)
class Lowered:
    """A stretch of low lids.

    Attributes:
        first, last: its samples.
        level: the openness under which they are for `_MOST` of it.
        closed: whether that is a closed eye.
    """

    first: int
    last: int
    level: float
    closed: bool


def find_lowered(openness: Openness, full_depth: float) -> list[Lowered]:
    """The stretches in which the lids stay lowered for `LONG_CLOSURE_S` and more, in order of time."""
    if not len(openness):
        return []
    time_s = openness.time_s
    low = steady(time_s, openness.both) < 1 - _LOWERED * full_depth
    edges = np.flatnonzero(np.diff(np.concatenate([[False], low, [False]]).astype(np.int8)))
    stretches: list[tuple[int, int]] = []
    for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if stretches and time_s[first] - time_s[stretches[-1][1]] <= _BREAK_S:
            first = stretches.pop()[0]
        stretches.append((first, after - 1))
    levels = [float(np.quantile(openness.both[first : last + 1], _MOST)) for first, last in stretches]
    return [
        Lowered(first, last, level, closed=1 - level >= _CLOSED * full_depth)
        for (first, last), level in zip(stretches, levels, strict=True)
        if time_s[last] - time_s[first] >= LONG_CLOSURE_S
    ]


def gaze_evoked_dips(openness: Openness, low: Lowered, full_depth: float) -> list[Dip]:
    """The blinks with which the gaze went down to a shelf and left it; their depth is taken from the open side."""
    if low.closed:
        return []
    time_s, both = openness.time_s, openness.both
    begin, end = time_s[low.first], time_s[low.last]
    inner = both[(time_s >= begin + _END_S) & (time_s <= end - _END_S)]
    if not len(inner):
        return []
    shelf = float(np.median(inner))
    least = max(_OVERSHOOT * full_depth, _OVERSHOOT_NOISES * openness.noise)
    heads = np.flatnonzero((time_s >= begin) & (time_s <= begin + _END_S))
    tails = np.flatnonzero((time_s >= end - _END_S) & (time_s <= end))
    dips = []
    for samples, falls in ((heads, True), (tails, False)):
        bottom = int(samples[np.argmin(both[samples])])
        near = np.searchsorted(time_s, [time_s[bottom] - SHOULDER_SPAN_S, time_s[bottom] + SHOULDER_SPAN_S])
        first, last = int(near[0]), min(int(near[1]), len(both) - 1)
        outside = both[first : low.first] if falls else both[low.last + 1 : last + 1]
        if shelf - both[bottom] < least or not len(outside):
            continue
        level = float(outside.max())
        dip = dip_between(time_s, both, bottom, (first, last), (level, shelf) if falls else (shelf, level))
        dips.append(replace(dip, depth=level - float(both[bottom])))
    return dips
