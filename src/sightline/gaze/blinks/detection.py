"""Finds the blinks of a clip in the apertures of both eyes, with one setting for every clip.

The apertures are related to what is open for this person at this time (`baseline`); dips are found in them (`dips`) and
measured against the deepest closure that the clip shows (`completeness`), because a full closure takes the aperture
from 0.28 to 0.02 in one clip and to 0.15 in another, filmed from below or through thick rims. What remains low for long
is told apart by `lowered`. All constants were set on a development half of the labelled clips; `bench/gaze_blinks.py`
names it and prints what the other half says.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sightline.gaze.blinks.baseline import Openness, openness_of
from sightline.gaze.blinks.blink import Blink, BlinkKind
from sightline.gaze.blinks.dips import EDGE, GAP_S, Dip, crossing, find_dips
from sightline.gaze.blinks.looking_down import gaze_evoked_dips, lid_share, looks_down
from sightline.gaze.blinks.lowered import LONG_CLOSURE_S, Lowered, find_lowered
from sightline.gaze.blinks.one_eye import eyes_taking_part
from sightline.gaze.blinks.windows import Floats

_LEAST_DEPTH: Final = 0.12
"""Of the open aperture. Lids that follow the eye and landmarks that follow the head change it by up to a tenth."""

_LEAST_DEPTH_NOISES: Final = 4.0
"""A dip shallower than this many standard deviations of the frame-to-frame noise is one of its own."""

_CLEAR_DEPTH: Final = 0.2
"""Dips from here on say how deep this person's closures go."""

_FULL_QUANTILE: Final = 0.9
"""The deepest tenth of them sets the scale, rather than a single odd frame in a clip with many."""

_LEAST_FULL_DEPTH: Final = 0.4
"""No view shows a full closure as less: the shallowest that were seen are 0.5 (from 27 degrees below) and, with
landmarks that close badly (dlib), 0.4."""

_BLINK_COMPLETENESS: Final = 0.5
"""Half of a full closure and more is a blink. Of 147 labelled blinks that are found the least is 0.50; squints and
twitches of the lids that are labelled as none reach 0.48."""

_PARTIAL_COMPLETENESS: Final = 0.25
"""Less is not reported: twitches, and lids that follow a saccade."""

_SLOWEST_CLOSING_S: Final = 0.25
"""From half-way down until all but down. A blink's whole closing takes 0.05 to 0.15 s (VanderWerf et al., Eyelid
movements, J Neurophysiol 89, 2003); the slowest deliberate one of the clips takes 0.23 s for this part of it. A squint
takes longer."""

_LEAST_AREA_S: Final = 0.03
"""A blink lasts 0.1 s and more and half of that is its area; at 30 frames a second the shortest one of the clips shows
in a single frame and has 0.037. Odd frames have less where frames come faster."""


def detect_blinks(
    time_s: ArrayLike,
    left_aperture: ArrayLike,
    right_aperture: ArrayLike,
    *,
    v_offset: ArrayLike | None = None,
    usable: NDArray[np.bool_] | None = None,
) -> tuple[Blink, ...]:
    """Find the closures of the lids, in order of time.

    Args:
        time_s: (n,) seconds, rising.
        left_aperture: (n,) opening over width of the person's own left eye; NaN where not seen.
        right_aperture: the same of the right eye.
        v_offset: (n,) the irises' centres below the line through the canthi, in openings of the open eye, mean of both
            eyes; NaN where not seen. Without it lids that follow a downward gaze pass for closing lids.
        usable: bool (n,), False where the apertures are not to be trusted; such frames count as not seen.

    Raises:
        ValueError: the shapes differ or the times do not rise.
    """
    time, left, right = _checked(time_s, left_aperture, right_aperture)
    if usable is not None:
        left, right = (np.where(usable, eye, np.nan) for eye in (left, right))
    openness = openness_of(time, left, right)
    least = max(_LEAST_DEPTH, _LEAST_DEPTH_NOISES * openness.noise)
    dips = [dip for dip in find_dips(openness.time_s, openness.both, least) if _like_a_blink(dip)]
    full_depth = _full_depth(dips)
    lowered = find_lowered(openness, full_depth)
    if v_offset is not None:
        dips, lowered = _without_looks_down(openness, np.asarray(v_offset, np.float64), dips, lowered, full_depth)
    closures = [_long_closure(openness, low, full_depth) for low in lowered if low.closed]
    found = [_blink(openness, dip, full_depth) for dip in dips]
    found = [
        blink
        for blink in found
        if blink.completeness >= _PARTIAL_COMPLETENESS
        and not any(blink.onset_s < long.offset_s and long.onset_s < blink.offset_s for long in closures)
    ]
    return tuple(sorted(found + closures, key=lambda blink: blink.onset_s))


def _checked(*columns: ArrayLike) -> tuple[Floats, Floats, Floats]:
    time, left, right = (np.asarray(column, np.float64) for column in columns)
    if time.ndim != 1 or not time.shape == left.shape == right.shape:
        raise ValueError(
            f"times and apertures are columns of one length, not {time.shape}, {left.shape}, {right.shape}"
        )
    if not (np.diff(time) > 0).all():
        raise ValueError("times rise from frame to frame")
    return time, left, right


def _like_a_blink(dip: Dip) -> bool:
    return (
        dip.moves
        and dip.half_width_s < LONG_CLOSURE_S
        and dip.closing_speed_s <= _SLOWEST_CLOSING_S
        and (dip.area_s >= _LEAST_AREA_S or dip.cut)
    )


def _without_looks_down(
    openness: Openness, v_offset: Floats, dips: list[Dip], lowered: list[Lowered], full_depth: float
) -> tuple[list[Dip], list[Lowered]]:
    """Take out the stretches in which the lids follow the gaze, and put in the blinks with which they begin and end."""
    lids = lid_share(openness, v_offset, [dip for dip in dips if dip.depth >= _BLINK_COMPLETENESS * full_depth])
    looks = [low for low in lowered if looks_down(openness, low, lids)]
    for low in looks:
        evoked = [dip for dip in gaze_evoked_dips(openness, low, lids, full_depth) if _like_a_blink(dip)]
        apart = [dip for dip in dips if all(new.last < dip.first or dip.last < new.first for new in evoked)]
        dips = evoked + [
            _from_lowered_lids(openness, low, dip, full_depth) if low.first <= dip.bottom <= low.last else dip
            for dip in apart
            if not _mostly(low, dip)
        ]
    return dips, [low for low in lowered if low not in looks]


def _from_lowered_lids(openness: Openness, low: Lowered, dip: Dip, full_depth: float) -> Dip:
    """A blink of lids that are half-way down already is full if it goes the rest of the way."""
    rest = full_depth - (1 - float(np.median(openness.both[low.first : low.last + 1])))
    return replace(dip, depth=full_depth * min(dip.depth / rest, 1.0) if rest > 0 else full_depth)


def _mostly(low: Lowered, dip: Dip) -> bool:
    """Whether a dip is the stretch rather than a blink within it."""
    return dip.first <= low.last and low.first <= dip.last and dip.half_width_s >= low.duration_s / 2


def _full_depth(dips: list[Dip]) -> float:
    """What a full closure takes off the open aperture in this clip, as a share of it."""
    clear = [dip.depth for dip in dips if dip.depth >= _CLEAR_DEPTH]
    return float(np.clip(np.quantile(clear, _FULL_QUANTILE), _LEAST_FULL_DEPTH, 1.0)) if clear else 1.0


def _blink(openness: Openness, dip: Dip, full_depth: float) -> Blink:
    eyes, depth = eyes_taking_part(openness, dip)
    completeness = min(depth / full_depth, 1.0)
    kind: BlinkKind = "blink" if completeness >= _BLINK_COMPLETENESS else "partial_blink"
    return Blink(
        onset_s=dip.onset_s,
        closed_s=float(openness.time_s[dip.bottom]),
        offset_s=dip.offset_s,
        duration_s=dip.offset_s - dip.onset_s,
        closing_s=dip.shut_s - dip.onset_s,
        reopening_s=dip.offset_s - dip.reopening_s,
        completeness=completeness,
        eyes=eyes,
        kind=kind,
        first_frame=int(openness.row[dip.first]),
        last_frame=int(openness.row[dip.last]),
        truncated=dip.cut,
    )


def _long_closure(openness: Openness, low: Lowered, full_depth: float) -> Blink:
    time_s, both = openness.time_s, openness.both
    depth = 1 - low.level
    first, onset_s = crossing(time_s, both, low.first, 0, 1 - EDGE * depth)
    last, offset_s = crossing(time_s, both, low.last, len(both) - 1, 1 - EDGE * depth)
    shut = low.first + np.flatnonzero(both[low.first : low.last + 1] <= 1 - (1 - EDGE) * depth)
    around = time_s[max(first - 1, 0) : last + 2]
    return Blink(
        onset_s=onset_s,
        closed_s=float(time_s[low.first + np.argmin(both[low.first : low.last + 1])]),
        offset_s=offset_s,
        duration_s=offset_s - onset_s,
        closing_s=float(time_s[shut[0]]) - onset_s,
        reopening_s=offset_s - float(time_s[shut[-1]]),
        completeness=min(depth / full_depth, 1.0),
        eyes="both",
        kind="long_closure",
        first_frame=int(openness.row[first]),
        last_frame=int(openness.row[last]),
        truncated=first == 0 or last == len(both) - 1 or bool((np.diff(around) > GAP_S).any()),
    )
