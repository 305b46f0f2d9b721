"""Tells lids that follow a downward gaze from lids that close, by where the iris is.

A closing lid pushes the iris's landmark down, in proportion: by 0.35 of the open lids' distance for a full closure
(0.24 to 0.46 in nine of ten blinks). When the gaze goes down the iris goes further than its lids account for. What is
left after taking the lids' share away is the gaze; lids that are lower than this gaze accounts for are closing: large
shifts of gaze carry blinks with them (Evinger et al., Not looking while leaping, Exp Brain Res 100, 1994).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sightline.gaze.blinks.baseline import Openness
from sightline.gaze.blinks.dips import SHOULDER_SPAN_S, Dip, find_dips
from sightline.gaze.blinks.lowered import Lowered
from sightline.gaze.blinks.windows import Floats

_USUAL_SHARE: Final = 0.33
"""How far the iris's landmark goes with the lids, for clips with fewer than `_ENOUGH` blinks to tell."""

_ENOUGH: Final = 3

_LOOKING_DOWN: Final = 0.1
"""Of the open lids' distance (0.8 mm, a turn of the eye by 4 degrees): in 1.7 s of looking down the iris stays 0.15
lower than the lids account for, in 5 s of closed eyes -0.02; in 153 blinks it is under 0.05 for 95 %, 0.09 at most."""

_OPEN: Final = 0.8
"""Samples at least this open tell where the iris rests."""

_EXCESS: Final = 0.3
"""Of a full closure: lids that are lower than the gaze accounts for by this are closing. Where the only labelled clip
blinks into a downward gaze and out of it this is 0.4 and 0.7; lids that follow the eye without a blink leave 0.1."""


@dataclass(frozen=True, slots=True, eq=False)
class LidShare:
    """What is known of the iris's offset (k,), down positive, in openings: the offsets, and the lids' share in them."""

    offset: Floats
    share: float

    def gaze_drop(self, openness: Openness, low: Lowered) -> Floats:
        """How much lower the iris is than at rest around a stretch, without what the lids account for: (k,)."""
        time_s, both = openness.time_s, openness.both
        near = (time_s >= time_s[low.first] - SHOULDER_SPAN_S) & (time_s <= time_s[low.last] + SHOULDER_SPAN_S)
        resting = near & (both >= _OPEN) & np.isfinite(self.offset)
        if not resting.any():
            return np.full(len(both), np.nan)
        drop: Floats = self.offset - np.median(self.offset[resting]) - self.share * (np.median(both[resting]) - both)
        return drop


def lid_share(openness: Openness, v_offset: Floats, dips: list[Dip]) -> LidShare:
    """Measure in the blinks of a clip how far the lids take the iris's landmark with them; offsets are rows' (n,)."""
    offset = v_offset[openness.row]
    shares = []
    for dip in dips:
        beside = [max(dip.first - 1, 0), min(dip.last + 1, len(offset) - 1)]
        way = openness.both[beside].mean() - openness.both[dip.bottom]
        share = (offset[dip.bottom] - offset[beside].mean()) / way if way > 0 else np.nan
        if np.isfinite(share):
            shares.append(float(share))
    return LidShare(offset, float(np.median(shares)) if len(shares) >= _ENOUGH else _USUAL_SHARE)


def looks_down(openness: Openness, low: Lowered, lids: LidShare) -> bool:
    """Whether the gaze goes down during a stretch of low lids."""
    drop = lids.gaze_drop(openness, low)[low.first : low.last + 1]
    seen = drop[np.isfinite(drop)]
    return bool(len(seen)) and float(np.median(seen)) >= _LOOKING_DOWN


def gaze_evoked_dips(openness: Openness, low: Lowered, lids: LidShare, full_depth: float) -> list[Dip]:
    """The blinks with which the gaze goes down for a stretch and comes up after it; their depth is that of the lids."""
    time_s, both = openness.time_s, openness.both
    drop = lids.gaze_drop(openness, low)
    shelf = slice(low.first, low.last + 1)
    followed = (1 - np.median(both[shelf])) * np.clip(drop / np.nanmedian(drop[shelf]), 0.0, 1.0)
    near = np.searchsorted(time_s, [time_s[low.first] - SHOULDER_SPAN_S, time_s[low.last] + SHOULDER_SPAN_S])
    rows = np.arange(near[0], min(near[1], len(both)))
    rows = rows[np.isfinite(followed[rows])]
    dips = find_dips(time_s[rows], both[rows] + followed[rows], _EXCESS * full_depth)
    return [
        replace(
            dip,
            bottom=int(rows[dip.bottom]),
            first=int(rows[dip.first]),
            last=int(rows[dip.last]),
            depth=max(1 - float(both[rows[dip.first] : rows[dip.last] + 1].min()), dip.depth),
        )
        for dip in dips
        if rows[dip.first] <= low.first <= rows[dip.last] or rows[dip.first] <= low.last <= rows[dip.last]
    ]
