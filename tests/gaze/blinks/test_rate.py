from __future__ import annotations

import numpy as np
import pytest

from sightline.gaze.blinks import blink_rate_per_min, closed_share, detect_blinks, observed_s
from tests.gaze.blinks.lids import Closure, aperture, frame_times, regular


def test_gaps_are_not_observed() -> None:
    time_s = frame_times(60, 30)
    seen = (time_s < 20) | (time_s >= 40)
    assert observed_s(time_s, seen) == pytest.approx(40, abs=0.1)


def test_single_frames_that_are_lost_do_not_count() -> None:
    time_s = frame_times(60, 30)
    seen = np.arange(len(time_s)) % 5 != 0
    assert observed_s(time_s, seen) == pytest.approx(60, abs=0.1)


def test_the_rate_is_that_of_whole_blinks_over_observed_time() -> None:
    time_s = frame_times(60, 30)
    left = aperture(time_s, [*regular(30), Closure(35, way=0.4), Closure(45, shut_s=5)])
    left[time_s > 55] = np.nan
    found = detect_blinks(time_s, left, left)
    rate = blink_rate_per_min(found, observed_s(time_s, np.isfinite(left)))
    assert rate == pytest.approx(60 * len(regular(30)) / 55, rel=0.01)


def test_the_closed_share_is_the_time_between_onset_and_offset() -> None:
    time_s = frame_times(50, 30)
    left = aperture(time_s, [Closure(10), Closure(20, shut_s=4.85, closing_s=0.1, reopening_s=0.1)])
    found = detect_blinks(time_s, left, left)
    assert closed_share(found, observed_s(time_s, np.isfinite(left))) == pytest.approx(0.104, abs=0.004)


@pytest.mark.parametrize("rate", [blink_rate_per_min, closed_share])
def test_what_was_not_observed_has_no_rate(rate: object) -> None:
    assert rate((), observed_s([], np.array([], np.bool_))) is None  # type: ignore[operator]
