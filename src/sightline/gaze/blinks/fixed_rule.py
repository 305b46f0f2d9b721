"""The rule of the guide: an eye is closed below a fixed aperture, and so many closed frames in a row are a blink."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sightline.gaze.blinks.blink import Blink
from sightline.gaze.blinks.windows import Floats


def fixed_rule_blinks(
    time_s: ArrayLike, aperture: ArrayLike, *, blink_thresh: float, blink_min_frames: int
) -> tuple[Blink, ...]:
    """Find the runs of closed frames.

    The rule knows thresholds only: a run lasts from its first closed frame to the frame after it, its parts are told
    apart at its lowest frame, its completeness is 1, and both eyes are meant.

    Args:
        time_s: (n,) seconds, rising.
        aperture: (n,) opening over width, mean of both eyes; NaN where not seen, which ends a run.
        blink_thresh: below it the eyes are closed.
        blink_min_frames: the fewest closed frames in a row that are a blink.
    """
    time, opening = np.asarray(time_s, np.float64), np.asarray(aperture, np.float64)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], opening < blink_thresh, [False]]).astype(np.int8)))
    runs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return tuple(_blink(time, opening, first, after) for first, after in runs if after - first >= blink_min_frames)


def _blink(time_s: Floats, aperture: Floats, first: int, after: int) -> Blink:
    begins_unseen = first == 0 or bool(np.isnan(aperture[first - 1]))
    ends_unseen = after == len(time_s) or bool(np.isnan(aperture[after]))
    onset_s = float(time_s[first])
    offset_s = float(time_s[after - 1 if ends_unseen else after])
    closed_s = float(time_s[first + np.argmin(aperture[first:after])])
    return Blink(
        onset_s=onset_s,
        closed_s=closed_s,
        offset_s=offset_s,
        duration_s=offset_s - onset_s,
        closing_s=closed_s - onset_s,
        reopening_s=offset_s - closed_s,
        completeness=1.0,
        eyes="both",
        kind="blink",
        first_frame=first,
        last_frame=after - 1,
        truncated=begins_unseen or ends_unseen,
    )
