from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from sightline.gaze.screening.values import Screening, TargetResponse
from tests.gaze.screening.clips import PROTOCOL, Meta, Saccade, following, screened

REACH = {"up": 20.0, "down": 15.0, "left": 25.0, "right": 22.0}


def response(screening: Screening, target: str) -> TargetResponse:
    return next(item for item in screening.responses if item.target == target)


def test_amplitudes_are_how_far_the_eyes_went_towards_each_target() -> None:
    screening = screened(following(REACH))
    for target, reach in REACH.items():
        found = response(screening, target)
        assert found.amplitude_deg == pytest.approx(reach, abs=0.5)
        assert found.reached
        assert found.usable_share == pytest.approx(1.0, abs=0.02)
    assert response(screening, "center").amplitude_deg == pytest.approx(0.0, abs=0.3)
    assert screening.targets_reached == len(PROTOCOL)
    assert screening.mirrored is False


def test_a_mirrored_recording_is_recognised_and_its_sides_swapped_back() -> None:
    screening = screened(following(REACH, mirrored=True))
    assert screening.mirrored is True
    assert response(screening, "left").amplitude_deg == pytest.approx(25, abs=0.5)
    assert any("mirrored" in sentence for sentence in screening.limitations)


def test_one_side_alone_does_not_tell_whether_a_recording_is_mirrored() -> None:
    protocol = [entry for entry in PROTOCOL if entry["target"] != "right"]
    screening = screened(following(REACH, mirrored=True), protocol)
    assert screening.mirrored is None
    assert response(screening, "left").reached is False


def test_sides_answered_inconsistently_are_not_taken_as_mirrored() -> None:
    screening = screened(following({**REACH, "right": -22.0}))
    assert screening.mirrored is None
    assert response(screening, "right").reached is False


@pytest.mark.parametrize("latency_s", [0.15, 0.2, 0.4, 0.9])
def test_latency_without_saccades_is_when_half_of_the_way_is_gone(latency_s: float) -> None:
    found = response(screened(following(REACH, latency_s=latency_s)), "up")
    assert found.latency_s == pytest.approx(latency_s + 0.025, abs=1 / 30)
    assert "half of the way" in found.latency_note
    assert "33 ms" in found.latency_note


def test_latency_is_the_onset_of_the_first_saccade_towards_the_target() -> None:
    saccades = [
        Saccade(1.99, 0, 20),  # under way before anybody can have answered
        Saccade(2.15, 10, 0),  # to the side
        Saccade(2.17, 0, 1),  # too small a part of the way
        Saccade(2.21, 1, 18),
        Saccade(2.50, 0, 20),
    ]
    found = response(screened(following(REACH), saccades=saccades), "up")
    assert found.latency_s == pytest.approx(0.21)
    assert "first saccade" in found.latency_note


def test_there_is_no_latency_at_a_low_frame_rate_and_it_says_so() -> None:
    found = response(screened(following(REACH, rate_hz=10)), "up")
    assert found.amplitude_deg == pytest.approx(20, abs=0.5)
    assert found.latency_s is None
    assert "10 frames a second" in found.latency_note


def test_eyes_that_stay_have_no_latency_and_reach_no_side() -> None:
    found = response(screened(following({})), "up")
    assert found.latency_s is None
    assert found.reached is False
    assert found.amplitude_deg == pytest.approx(0, abs=0.6)


def test_eyes_that_are_there_before_the_target_have_no_latency() -> None:
    found = response(screened(following(REACH, latency_s=-0.1)), "up")
    assert found.latency_s is None
    assert found.reached


def test_frames_that_cannot_be_used_leave_a_target_without_an_answer() -> None:
    frames = following(REACH)
    frames.gate[(frames.time_s >= 2) & (frames.time_s < 4)] = "no_face"
    found = response(screened(frames), "up")
    assert (found.amplitude_deg, found.reached, found.held_s, found.usable_share) == (None, None, None, 0.0)


def test_blinks_do_not_count_as_looks() -> None:
    frames = following(REACH)
    shut = (frames.time_s >= 6.8) & (frames.time_s < 7.3)
    frames.gaze_v_deg[shut] -= 30
    frames.blink_mask[shut] = True
    found = response(screened(frames), "down")
    assert found.amplitude_deg == pytest.approx(15, abs=0.5)
    assert found.usable_share == pytest.approx(0.75, abs=0.03)


def test_a_short_spike_is_not_a_position_that_was_held() -> None:
    frames = following(REACH)
    frames.gaze_v_deg[(frames.time_s >= 2.8) & (frames.time_s < 2.93)] += 30
    assert response(screened(frames), "up").amplitude_deg == pytest.approx(20, abs=0.5)


def test_the_amplitude_is_where_the_eyes_were_held() -> None:
    found = response(screened(following(REACH)), "up")
    assert found.held_s is not None
    start_s, end_s = found.held_s
    assert 2.2 <= start_s < end_s <= 4.0
    assert end_s - start_s == pytest.approx(0.3, abs=0.1)


def test_a_head_that_turns_with_the_eyes_is_reported() -> None:
    frames = following(REACH)
    up, left = (frames.time_s >= 2.3) & (frames.time_s < 4), (frames.time_s >= 10.3) & (frames.time_s < 12)
    frames.pitch_deg[up] = 12.0
    frames.yaw_deg[left] = 8.0
    screening = screened(frames)
    assert response(screening, "up").head_deg == pytest.approx(12)
    assert response(screening, "left").head_deg == pytest.approx(8)
    assert response(screening, "center").head_deg is None


def test_without_a_center_target_the_primary_position_is_where_nothing_was_asked_for() -> None:
    protocol = [entry for entry in PROTOCOL if entry["target"] in ("up", "down")]
    frames = following(REACH)
    frames.gaze_v_deg[:] += 7  # the camera's own zero is anywhere
    screening = screened(frames, protocol)
    # left and right are open time then, and level
    assert response(screening, "up").amplitude_deg == pytest.approx(20, abs=0.5)
    assert any("time without a target" in sentence for sentence in screening.limitations)


def test_targets_beyond_the_video_are_a_limitation() -> None:
    protocol = [*PROTOCOL, {"start_s": 30, "end_s": 32, "target": "up"}]
    screening = screened(following(REACH), protocol)
    assert screening.responses[-1].amplitude_deg is None
    assert screening.responses[-1].latency_note == "no frames at this target"
    assert any("beyond the video, which ends at 18.00 s" in sentence for sentence in screening.limitations)


def test_targets_beyond_the_frames_that_were_looked_at_are_a_limitation() -> None:
    screening = screened(following(REACH), [*PROTOCOL, {"start_s": 30, "end_s": 32, "target": "up"}], meta=Meta(60.0))
    assert any("beyond the frames that were looked at" in sentence for sentence in screening.limitations)


def test_variable_frame_times_change_no_response() -> None:
    even = following(REACH)
    keep = np.sort(np.random.default_rng(3).choice(len(even), len(even) * 3 // 4, replace=False))
    columns = {f.name: getattr(even, f.name)[keep] for f in fields(even) if f.name not in ("left", "right")}
    found = response(screened(replace(even, **columns)), "up")
    assert found.amplitude_deg == pytest.approx(20, abs=0.5)
    assert found.latency_s == pytest.approx(0.225, abs=0.07)
