from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sightline.gaze.blinks import fixed_rule_blinks

OPENINGS = st.lists(st.sampled_from([0.05, 0.17, 0.18, 0.3, float("nan")]), max_size=60)


@given(OPENINGS, st.integers(1, 4))
def test_runs_of_closed_frames_are_blinks(openings: list[float], least: int) -> None:
    """Counted as the guide counts: frame by frame."""
    runs, length = [], 0
    for i, opening in enumerate([*openings, 1.0]):
        if opening < 0.18:
            length += 1
            continue
        if length >= least:
            runs.append((i - length, i - 1))
        length = 0
    time_s = np.arange(len(openings)) / 30
    found = fixed_rule_blinks(time_s, np.array(openings), blink_thresh=0.18, blink_min_frames=least)
    assert [(blink.first_frame, blink.last_frame) for blink in found] == runs


def test_a_run_is_timed_by_its_frames() -> None:
    time_s = np.array([0.0, 0.04, 0.1, 0.13, 0.2, 0.21])
    opening = np.array([0.3, 0.15, 0.05, 0.1, 0.3, 0.3])
    (blink,) = fixed_rule_blinks(time_s, opening, blink_thresh=0.18, blink_min_frames=2)
    assert (blink.onset_s, blink.closed_s, blink.offset_s) == (0.04, 0.1, 0.2)
    assert (blink.kind, blink.eyes, blink.truncated) == ("blink", "both", False)


def test_what_edges_and_gaps_cut_is_marked() -> None:
    opening = np.array([0.1, 0.1, 0.3, 0.1, 0.1, np.nan, 0.3, 0.1, 0.1])
    found = fixed_rule_blinks(np.arange(9.0), opening, blink_thresh=0.18, blink_min_frames=2)
    assert [blink.truncated for blink in found] == [True, True, True]
    assert [blink.offset_s for blink in found] == [2, 4, 8]
