"""A face animated with known gaze and blinks, as a video, through the whole analysis."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sightline.gaze import analyze_video
from sightline.gaze.report import GazeReport
from tests.gaze.animated import Performance, SyntheticFace, TrueBlink, Truth, jumps, still, write_clip

LOOKS = {
    "duration_s": 4.5,
    "gaze_v_deg": jumps([(0, 0), (0.9, 15), (1.8, 0), (2.7, -15), (3.6, 0)]),
    "timing_jitter": 0.5,
}
BLINKS = (TrueBlink(0.4), TrueBlink(2.1, completeness=0.95), TrueBlink(3.9))
PROTOCOL = [
    {"start_s": 0.9 * n, "end_s": 0.9 * (n + 1), "target": target}
    for n, target in enumerate(["center", "up", "center", "down", "center"])
]


def analysed(folder: Path, performance: Performance) -> tuple[GazeReport, Truth]:
    path = folder / "face.mp4"
    truth = write_clip(SyntheticFace(performance), path)
    return analyze_video(path, workers=1, protocol=PROTOCOL), truth


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[GazeReport, Truth]:
    return analysed(tmp_path_factory.mktemp("plain"), Performance(**LOOKS))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def blinking(tmp_path_factory: pytest.TempPathFactory) -> tuple[GazeReport, Truth]:
    return analysed(tmp_path_factory.mktemp("blinking"), Performance(**LOOKS, blinks=BLINKS))  # type: ignore[arg-type]


def range_deg(report: GazeReport) -> float:
    assert report.vertical.vertical_range_deg is not None
    return report.vertical.vertical_range_deg


def test_times_are_those_that_were_written(plain: tuple[GazeReport, Truth]) -> None:
    report, truth = plain
    assert report.meta.variable_frame_rate
    assert report.frames.time_s == pytest.approx(truth.time_s, abs=1e-4)


def test_the_vertical_range_is_within_15_percent(plain: tuple[GazeReport, Truth]) -> None:
    report, truth = plain
    assert range_deg(report) == pytest.approx(np.ptp(truth.gaze_v_deg), rel=0.15)
    assert report.vertical.vertical_moved
    assert report.vertical.range_up_deg == pytest.approx(15, rel=0.25)
    assert report.vertical.range_down_deg == pytest.approx(15, rel=0.25)


def test_blinks_are_counted_and_change_the_range_by_less_than_5_percent(
    plain: tuple[GazeReport, Truth], blinking: tuple[GazeReport, Truth]
) -> None:
    assert [blink.onset_s for blink in blinking[0].blinks] == pytest.approx([b.onset_s for b in BLINKS], abs=0.1)
    assert not plain[0].blinks
    assert range_deg(blinking[0]) == pytest.approx(range_deg(plain[0]), rel=0.05)


def test_a_tilt_of_20_degrees_hardly_changes_the_range(plain: tuple[GazeReport, Truth], tmp_path: Path) -> None:
    tilted, _ = analysed(tmp_path, Performance(**LOOKS, roll_deg=still(20.0)))  # type: ignore[arg-type]
    assert range_deg(tilted) == pytest.approx(range_deg(plain[0]), rel=0.1)
    assert np.nanmedian(tilted.frames.roll_deg - plain[0].frames.roll_deg[0]) == pytest.approx(20, abs=2)
