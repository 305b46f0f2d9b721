from __future__ import annotations

import numpy as np

from sightline.gaze.blinks import blink_mask, detect_blinks
from tests.gaze.blinks.lids import Closure, aperture, frame_times


def test_frames_in_and_around_every_kind_of_closure_are_masked() -> None:
    time_s = frame_times(30, 30)
    closures = [Closure(4), Closure(8), Closure(12, way=0.4), Closure(16, shut_s=3)]
    left = aperture(time_s, closures)
    found = detect_blinks(time_s, left, left)
    assert {blink.kind for blink in found} == {"blink", "partial_blink", "long_closure"}
    mask = blink_mask(time_s, found)
    lowered = np.max([closure.lowered(time_s) for closure in closures], axis=0)
    assert mask[lowered > 0.02].all()
    assert mask.sum() < (lowered > 0).sum() + 6 * len(closures)


def test_margins_can_be_chosen() -> None:
    time_s = frame_times(10, 30)
    left = aperture(time_s, [Closure(5)])
    (blink,) = detect_blinks(time_s, left, left)
    np.testing.assert_array_equal(
        blink_mask(time_s, [blink], before_s=0.5, after_s=1),
        (time_s >= blink.onset_s - 0.5) & (time_s <= blink.offset_s + 1),
    )


def test_without_blinks_nothing_is_masked() -> None:
    assert not blink_mask(frame_times(1, 30), []).any()
