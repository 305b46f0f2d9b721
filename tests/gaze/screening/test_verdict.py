from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gaze.screening.clips import PROTOCOL, Vertical, clip, following, screened

RESTRICTED = {"up": 2.0, "down": 2.0, "left": 25.0, "right": 25.0}
HEALTHY = {"up": 25.0, "down": 25.0, "left": 25.0, "right": 25.0}
STILL = Vertical(peak_to_peak=0.03)
STEADY = {"up": 0.0, "down": 0.0}


def without(*targets: str) -> list[dict[str, Any]]:
    return [entry for entry in PROTOCOL if entry["target"] not in targets]


def test_nobody_is_suspected_for_looking_steadily_at_the_lens() -> None:
    screening = screened(following(STEADY), None, vertical=STILL)
    assert screening.verdict == "insufficient_data"
    assert screening.psp_suspected is False
    assert screening.psp_rule_reason.startswith("No evidence that vertical gaze was asked for")
    assert "vertical_peak_to_peak 0.030 is under 0.06" in screening.psp_rule_reason


@pytest.mark.parametrize("missing", [("up",), ("down",), ("up", "down")])
def test_vertical_gaze_is_asked_for_only_by_targets_both_up_and_down(missing: tuple[str, ...]) -> None:
    screening = screened(following(RESTRICTED), without(*missing), vertical=STILL)
    assert (screening.verdict, screening.psp_suspected) == ("insufficient_data", False)
    assert "asked for" in screening.psp_rule_reason


def test_suspected_where_the_vertical_range_is_restricted_in_every_way() -> None:
    screening = screened(following(RESTRICTED), vertical=STILL)
    assert (screening.verdict, screening.psp_suspected) == ("suspected", True)
    assert "under 5 each" in screening.psp_rule_reason
    assert "vertical_peak_to_peak 0.030 is under 0.06" in screening.psp_rule_reason


def test_not_suspected_where_up_and_down_were_reached() -> None:
    screening = screened(following(HEALTHY))
    assert (screening.verdict, screening.psp_suspected) == ("not_suspected", False)


def test_a_range_that_was_reached_outweighs_the_rule_on_the_whole_clip() -> None:
    # Two short looks in a long clip do not move its percentiles.
    assert screened(following(HEALTHY), vertical=STILL).verdict == "not_suspected"


@pytest.mark.parametrize(
    ("frames", "changes", "why"),
    [
        (following(RESTRICTED), {"vertical": Vertical(0.2)}, "0.200 is not under 0.06"),
        (following({**RESTRICTED, "up": 12.0}), {}, "neither clearly restricted"),
        (following({**RESTRICTED, "up": 7.0, "down": 7.0}), {}, "targets may have been too near"),
        (following(STEADY), {}, "may not have been followed"),
        (following({**RESTRICTED, "left": 12.0, "right": 10.0, "up": 4.5, "down": 4.5}), {}, "ratio 0.4"),
        (following(RESTRICTED, deg_per_px=np.full(540, 5.0)), {}, "too small in the picture: 5.0 degrees a pixel"),
        (following(RESTRICTED), {"vertical": Vertical(None)}, "too few usable frames"),
    ],
)
def test_whatever_speaks_against_it_leaves_insufficient_data(frames: Any, changes: dict[str, Any], why: str) -> None:
    screening = screened(frames, **{"vertical": STILL} | changes)
    assert (screening.verdict, screening.psp_suspected) == ("insufficient_data", False)
    assert why in screening.psp_rule_reason


def test_a_head_that_did_the_eyes_work_restricts_nothing() -> None:
    frames = following(RESTRICTED)
    frames.pitch_deg[(frames.time_s >= 2.3) & (frames.time_s < 4)] = 15.0
    screening = screened(frames, vertical=STILL)
    assert screening.verdict == "insufficient_data"
    assert "the head turned 15 degrees up" in screening.psp_rule_reason


def test_a_second_of_gaze_at_each_side_is_needed() -> None:
    frames = following(RESTRICTED)
    frames.gate[(frames.time_s >= 2) & (frames.time_s < 3.2)] = "turned_away"
    screening = screened(frames, vertical=STILL)
    assert screening.verdict == "insufficient_data"
    assert "(40%) of the time at up" in screening.psp_rule_reason


def test_targets_without_a_readable_frame_are_named() -> None:
    frames = following(HEALTHY)
    frames.gate[(frames.time_s >= 6) & (frames.time_s < 8)] = "no_face"
    screening = screened(frames)
    assert screening.verdict == "insufficient_data"
    assert "could not be read at the targets down" in screening.psp_rule_reason


def test_without_side_targets_the_sides_of_the_whole_clip_count() -> None:
    protocol = without("left", "right")
    wide = replace(STILL, horizontal_range_deg=40.0)
    assert screened(following(RESTRICTED), protocol, vertical=wide).verdict == "suspected"
    assert screened(following(RESTRICTED), protocol, vertical=STILL).verdict == "insufficient_data"


def test_a_mirrored_recording_changes_no_verdict() -> None:
    assert screened(following(RESTRICTED, mirrored=True), vertical=STILL).verdict == "suspected"


def test_no_frames_at_all_are_insufficient_data() -> None:
    nothing = clip(np.empty(0), np.empty(0))
    screening = screened(nothing, vertical=Vertical(None, None, None, None))
    assert screening.verdict == "insufficient_data"
    assert all(item.value is None for item in screening.evidence)
    assert screening.to_dict()["verdict"] == "insufficient_data"


@settings(max_examples=60)
@given(
    up=st.floats(-5, 30),
    down=st.floats(-5, 30),
    left=st.floats(-30, 30),
    right=st.floats(-30, 30),
    peak_to_peak=st.none() | st.floats(0, 1),
    asked=st.sets(st.sampled_from(["up", "down", "left", "right", "center"])),
)
def test_a_suspicion_always_has_the_rule_and_both_directions_behind_it(
    up: float, down: float, left: float, right: float, peak_to_peak: float | None, asked: set[str]
) -> None:
    frames = following({"up": up, "down": down, "left": left, "right": right}, rate_hz=20)
    protocol = [entry for entry in PROTOCOL if entry["target"] in asked]
    screening = screened(frames, protocol, vertical=Vertical(peak_to_peak))
    if screening.psp_suspected:
        assert {"up", "down"} <= asked
        assert peak_to_peak is not None
        assert peak_to_peak < 0.06
        assert max(up, down) < 6
    if min(up, down) > 21 and {"up", "down", "center"} <= asked and peak_to_peak is not None:
        assert screening.verdict == "not_suspected"
