"""`sightline gaze --report`: the report for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sightline.gaze
from sightline.cli.exit_codes import ExitCode
from sightline.errors import BadInputError
from sightline.evidence.verify import verify
from sightline.gaze import figure, figure_html
from tests.cli.conftest import Run
from tests.service.faces import FIGURE_PNG, REPORT


class Found:
    """As much of a `GazeReport` as the command looks at."""

    summary = REPORT["summary"] | {"frames_with_face": 90, "verdict": "insufficient_data"}
    quality: tuple[Any, ...] = ()
    warnings: tuple[str, ...] = ()

    def to_csv(self) -> str:
        return "frame_idx,time_sec\n"

    def to_dict(self) -> dict[str, Any]:
        return REPORT


@pytest.fixture
def video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(vars(sightline.gaze), "analyze_video", lambda source, **_: Found())
    monkeypatch.setattr(figure, "figure_png", lambda report: FIGURE_PNG)
    monkeypatch.setattr(figure_html, "figure_html", lambda report: "<html></html>")
    video = tmp_path / "eyes.mp4"
    video.write_bytes(b"video")
    return video


@pytest.mark.parametrize("more", [(), ("--no-figure",)])
def test_a_report_is_written_that_holds(run: Run, video: Path, tmp_path: Path, more: tuple[str, ...]) -> None:
    ran = run("gaze", video, "--report", "ko", "--out", "there", *more)

    assert ran.exit_code == 0, ran.stderr
    for ending in ("pdf", "html"):
        checked = verify(tmp_path / "there" / f"eyes.report.{ending}", originals=[video])
        assert checked.holds, checked
    assert "안구 운동 보고서" in (tmp_path / "there" / "eyes.report.html").read_text(encoding="utf-8")


def test_without_the_option_there_is_none(run: Run, video: Path, tmp_path: Path) -> None:
    run("gaze", video, "--out", "there")
    assert not list((tmp_path / "there").glob("*.report.*"))


def test_report_with_json_needs_a_place_to_go(run: Run, video: Path) -> None:
    ran = run("gaze", video, "--json", "--report", "en")
    assert ran.exit_code == ExitCode.USAGE
    assert "--out" in ran.stderr


def test_a_key_that_is_none_is_told_before_any_video(run: Run, video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_SIGNING_KEY", "no key")
    ran = run("gaze", video, "--report", "en")
    assert isinstance(ran.exception, BadInputError)
    assert "SIGHTLINE_SIGNING_KEY" in ran.exception.message
