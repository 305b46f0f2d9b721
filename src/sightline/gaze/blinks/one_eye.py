"""Tells winks from blinks: which eye takes part in a dip of both eyes' mean, and how deep it goes by itself."""

from __future__ import annotations

from typing import Final

import numpy as np

from sightline.gaze.blinks.baseline import Openness
from sightline.gaze.blinks.blink import Eyes
from sightline.gaze.blinks.dips import Dip
from sightline.gaze.blinks.windows import Floats

_SIDE_FRAMES: Final = 3
"""So many frames beside a dip say how far one eye was open there."""

_TAKES_PART: Final = 1 / 3
"""An eye takes part if its lids go at least this share of the other's way; in a wink the other narrows, but by less."""


def eyes_taking_part(openness: Openness, dip: Dip) -> tuple[Eyes, float]:
    """Which eyes take part, and how deep those go."""
    depths = [_eye_depth(eye, dip) for eye in (openness.left, openness.right)]
    deepest, mean = max(depths), sum(depths) / 2
    if min(depths) >= _TAKES_PART * deepest:
        return "both", dip.depth
    both_seen = np.isfinite([openness.left[dip.bottom], openness.right[dip.bottom]]).all()
    return "left" if depths[0] == deepest else "right", dip.depth * deepest / mean if both_seen else dip.depth


def _eye_depth(eye: Floats, dip: Dip) -> float:
    """0 where the eye was not seen at the bottom or on either side."""
    before, after = eye[: dip.first], eye[dip.last + 1 :]
    shoulders = [side[np.isfinite(side)] for side in (before[-_SIDE_FRAMES:], after[:_SIDE_FRAMES])]
    levels = [float(np.median(side)) for side in shoulders if len(side)]
    inside = eye[dip.first : dip.last + 1]
    if not levels or not np.isfinite(inside).any():
        return 0.0
    return max(min(levels) - float(np.nanmin(inside)), 0.0)
