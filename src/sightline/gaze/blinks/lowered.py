"""Stretches in which the lids stay low: long closures, and lids that follow a downward gaze."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sightline.gaze.blinks.baseline import Openness
from sightline.gaze.blinks.dips import steady

LONG_CLOSURE_S: Final = 1.0
"""From here on a closure is no blink, but what sleep research calls a microsleep or sleep; the longest labelled blink
is more than half closed for 0.84 s."""

_SHORTEST_S: Final = 0.4
"""Nine of ten blinks are more than half closed for less; only then is there time to look down and up again."""

_LOWERED: Final = 0.5
"""Of a full closure: lids that are lower than this for long are looked at here."""

_CLOSED: Final = 0.88
"""Of a full closure: the middle between 0.76, where the lids rest in 1.7 s of looking down, and 1.0, where they rest in
5 s of closed eyes. PERCLOS draws its line at 0.8 (Wierwille et al., DOT HS 808 247, 1994)."""

_MOST: Final = 0.8
"""For this share of a stretch the eye has to be closed: two blinks with half-open lids between are no long closure."""

_BREAK_S: Final = 0.1
"""Lids that come up for less than a blink's time do not end a stretch."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """A stretch of low lids.

    Attributes:
        first, last: its samples.
        duration_s: from the one to the other.
        level: the openness under which they are for `_MOST` of it.
        closed: whether that, for so long, is a long closure, should the gaze not say otherwise.
    """

    first: int
    last: int
    duration_s: float
    level: float
    closed: bool


def find_lowered(openness: Openness, full_depth: float) -> list[Lowered]:
    """The stretches in which the lids stay lowered for `_SHORTEST_S` and more, in order of time."""
    if not len(openness):
        return []
    time_s = openness.time_s
    low = steady(time_s, openness.both) < 1 - _LOWERED * full_depth
    edges = np.flatnonzero(np.diff(np.concatenate([[False], low, [False]]).astype(np.int8)))
    spans: list[tuple[int, int]] = []
    for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if spans and time_s[first] - time_s[spans[-1][1]] <= _BREAK_S:
            first = spans.pop()[0]
        spans.append((first, after - 1))
    stretches = [_stretch(openness, first, last, full_depth) for first, last in spans]
    return [stretch for stretch in stretches if stretch.duration_s >= _SHORTEST_S]


def _stretch(openness: Openness, first: int, last: int, full_depth: float) -> Lowered:
    duration_s = float(openness.time_s[last] - openness.time_s[first])
    level = float(np.quantile(openness.both[first : last + 1], _MOST))
    closed = duration_s >= LONG_CLOSURE_S and 1 - level >= _CLOSED * full_depth
    return Lowered(first, last, duration_s, level, closed)
