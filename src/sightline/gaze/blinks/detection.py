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
from sightline.gaze.blinks.blink import Blink, BlinkKind, Eyes
from sightline.gaze.blinks.dips import EDGE, GAP_S, Dip, crossing, find_dips
from sightline.gaze.blinks.lowered import LONG_CLOSURE_S, Lowered, find_lowered, gaze_evoked_dips
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

_SIDE_FRAMES: Final = 3
"""So many frames beside a dip say how far one eye was open there."""

_TAKES_PART: Final = 1 / 3
"""An eye takes part if its lids go at least this share of the other's way; in a wink the other narrows, but by less."""


def detect_blinks(
    time_s: ArrayLike,
    left_aperture: ArrayLike,
    right_aperture: ArrayLike,
    *,
    usable: NDArray[np.bool_] | None = None,
) -> tuple[Blink, ...]:
    """Find the closures of the lids, in order of time.

    Args:
        time_s: (n,) seconds, rising.
        left_aperture: (n,) opening over width of the person's own left eye; NaN where not seen.
        right_aperture: the same of the right eye.
        usable: bool (n,), False where the apertures are not to be trusted; such frames count as not seen.

    Raises:
        ValueError: the shapes differ or the times do not rise.
    """
    time, left, right = _checked(time_s, left_aperture, right_aperture)
    if usable is not None:
        left, right = (np.where(usable, eye, np.nan) for eye in (left, right))
    openness = openness_of(time, left, right)
    least = max(_LEAST_DEPTH, _LEAST_DEPTH_NOISES * openness.noise)
    dips = [_with_eyes(openness, dip) for dip in find_dips(openness.time_s, openness.both, least) if _like_a_blink(dip)]
    full_depth = _full_depth([dip for dip, _ in dips])
    lowered = find_lowered(openness, full_depth)
    closures = [_long_closure(openness, low, full_depth) for low in lowered if low.closed]
    evoked = [dip for low in lowered for dip in gaze_evoked_dips(openness, low, full_depth) if _like_a_blink(dip)]
    dips += [(new, "both") for new in evoked if not any(_overlap(new, dip) for dip, _ in dips)]
    found = [_blink(openness, dip, eyes, full_depth) for dip, eyes in dips]
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
        dip.half_width_s < LONG_CLOSURE_S
        and dip.closing_speed_s <= _SLOWEST_CLOSING_S
        and (dip.area_s >= _LEAST_AREA_S or dip.cut)
    )


def _overlap(one: Dip, other: Dip) -> bool:
    return one.first <= other.last and other.first <= one.last


def _full_depth(dips: list[Dip]) -> float:
    """What a full closure takes off the open aperture in this clip, as a share of it."""
    clear = [dip.depth for dip in dips if dip.depth >= _CLEAR_DEPTH]
    return float(np.clip(np.quantile(clear, _FULL_QUANTILE), _LEAST_FULL_DEPTH, 1.0)) if clear else 1.0


def _with_eyes(openness: Openness, dip: Dip) -> tuple[Dip, Eyes]:
    """Which eyes take part, and the dip with the depth of those alone."""
    depths = [_eye_depth(eye, dip) for eye in (openness.left, openness.right)]
    deepest, mean = max(depths), sum(depths) / 2
    if min(depths) >= _TAKES_PART * deepest:
        return dip, "both"
    eyes: Eyes = "left" if depths[0] == deepest else "right"
    both_seen = np.isfinite([openness.left[dip.bottom], openness.right[dip.bottom]]).all()
    return (replace(dip, depth=dip.depth * deepest / mean) if both_seen else dip), eyes


def _eye_depth(eye: Floats, dip: Dip) -> float:
    """0 where the eye was not seen at the bottom or on either side."""
    before, after = eye[: dip.first], eye[dip.last + 1 :]
    shoulders = [side[np.isfinite(side)] for side in (before[-_SIDE_FRAMES:], after[:_SIDE_FRAMES])]
    levels = [float(np.median(side)) for side in shoulders if len(side)]
    inside = eye[dip.first : dip.last + 1]
    if not levels or not np.isfinite(inside).any():
        return 0.0
    return max(min(levels) - float(np.nanmin(inside)), 0.0)


def _blink(openness: Openness, dip: Dip, eyes: Eyes, full_depth: float) -> Blink:
    completeness = min(dip.depth / full_depth, 1.0)
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
