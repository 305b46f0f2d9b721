"""From a video to a report, on a portrait that moves as we say."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from synthetic_face import SyntheticFace, write_clip
from synthetic_motion import Performance, TrueBlink, jumps

from sightline.errors import BadInputError, TooLargeError
from sightline.gaze import GazeReport, analyze_video
from sightline.settings import get_settings

BLINKS = (0.5, 4.5, 6.5)
PROTOCOL = [
    {"start_s": float(second), "end_s": second + 1.0, "target": target}
    for second, target in enumerate(("center", "up", "center", "down", "center", "left", "right", "center"))
]
CONTRACT_SUMMARY = {
    "frames_processed", "psp_suspected", "psp_rule_reason", "blink_count", "blink_rate_per_min", "fps",
    "vertical_peak_to_peak", "vertical_offset_std", "duration_sec_est", "video_meta",
}  # fmt: skip
CONTRACT_COLUMNS = [
    "frame_idx", "time_sec", "L_iris_cx", "L_iris_cy", "L_eye_open", "L_v_offset",
    "R_iris_cx", "R_iris_cy", "R_eye_open", "R_v_offset", "eye_open", "v_offset",
]  # fmt: skip


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds of 320x240: up and down by 24 degrees, to both sides by 25, and three blinks."""
    performance = Performance(
        duration_s=8.0,
        gaze_v_deg=jumps([(0, 0), (1, 24), (2, 0), (3, -24), (4, 0)]),
        gaze_h_deg=jumps([(0, 0), (5, 25), (6, -25), (7, 0)]),
        blinks=tuple(TrueBlink(onset) for onset in BLINKS),
    )
    path = tmp_path_factory.mktemp("portrait") / "clip.mp4"
    write_clip(SyntheticFace(performance, width_px=320, height_px=240, iris_diameter_px=20.0), path)
    return path


@pytest.fixture(scope="module")
def report(clip: Path) -> GazeReport:
    return analyze_video(clip, protocol=PROTOCOL)


def test_every_blink_is_found_at_its_time(report: GazeReport) -> None:
    assert report.blink_rule == "personal_baseline"
    assert [blink.onset_s for blink in report.blinks if blink.kind == "blink"] == pytest.approx(BLINKS, abs=0.1)


def test_gaze_is_followed_up_down_and_to_the_sides(report: GazeReport) -> None:
    vertical = report.vertical
    assert vertical.vertical_range_deg == pytest.approx(48, rel=0.15)
    assert vertical.horizontal_range_deg == pytest.approx(50, rel=0.15)
    reached = {response.target: response.reached for response in report.screening.responses}
    assert reached == dict.fromkeys(("up", "down", "left", "right", "center"), True)


def test_saccades_have_the_direction_that_was_played(report: GazeReport) -> None:
    up = [saccade for saccade in report.saccades if abs(saccade.onset_s - 1.0) < 0.1]
    assert len(up) == 1
    assert up[0].direction_deg == pytest.approx(90, abs=15)
    assert up[0].peak_velocity_deg_s is None, "30 frames a second do not show it"


def test_a_healthy_performance_is_not_suspected(report: GazeReport) -> None:
    assert report.screening.verdict == "not_suspected"
    assert not report.summary["psp_suspected"]


def test_without_a_protocol_nothing_is_said_of_psp(clip: Path) -> None:
    report = analyze_video(clip, step=2)
    assert report.screening.verdict == "insufficient_data"
    assert not report.summary["psp_suspected"]
    assert "protocol" in report.summary["psp_rule_reason"]


def test_the_summary_and_the_table_are_the_contracts(report: GazeReport) -> None:
    assert set(report.summary) >= CONTRACT_SUMMARY
    rows = list(csv.DictReader(io.StringIO(report.to_csv())))
    assert list(rows[0])[: len(CONTRACT_COLUMNS)] == CONTRACT_COLUMNS
    assert len(rows) == report.summary["frames_processed"] == 240
    json.dumps(report.to_dict(), allow_nan=False)


def test_gaze_is_masked_in_blinks(report: GazeReport) -> None:
    frames = report.frames
    inside = (frames.time_s > BLINKS[0]) & (frames.time_s < BLINKS[0] + 0.3)
    assert np.isnan(frames.gaze_v_deg[inside]).all()
    assert np.isfinite(frames.gaze_v_deg).mean() > 0.7


def test_step_and_max_frames_choose_the_frames(clip: Path) -> None:
    report = analyze_video(clip, step=3, max_frames=10)
    assert report.frames.frame_index.tolist() == list(range(0, 30, 3))
    assert report.frames.time_s == pytest.approx(np.arange(0, 30, 3) / 30, abs=1e-3)


def test_a_chosen_threshold_selects_the_fixed_rule(clip: Path) -> None:
    report = analyze_video(clip, blink_thresh=0.19)
    assert report.summary["blink_rule"] == "fixed_threshold"


def test_bytes_are_as_good_as_a_path_and_progress_is_told(clip: Path) -> None:
    told: list[tuple[int, int]] = []
    report = analyze_video(clip.read_bytes(), max_frames=30, progress=lambda done, total: told.append((done, total)))
    assert len(report.frames) == 30
    assert told[-1] == (30, 30)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [({"step": 0}, "step is 0"), ({"protocol": [{"start_s": 0}]}, r"protocol\[0\]\.end_s is missing")],
)
def test_a_bad_parameter_is_named(clip: Path, chosen: dict[str, object], message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        analyze_video(clip, **chosen)  # type: ignore[arg-type]


def test_the_limits_are_those_of_the_settings(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_MAX_VIDEO_DURATION_S", "2")
    get_settings.cache_clear()
    with pytest.raises(TooLargeError, match="2"):
        analyze_video(clip)
