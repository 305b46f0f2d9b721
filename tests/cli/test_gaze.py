from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import sightline.gaze
from sightline.cli.exit_codes import ExitCode
from sightline.errors import BadInputError, NotReadyError, TooLargeError
from sightline.gaze import figure, figure_html, overlay
from tests.cli.conftest import Run

SUMMARY = {
    "frames_processed": 300,
    "frames_with_face": 270,
    "verdict": "insufficient_data",
    "psp_suspected": False,
    "blink_count": 3,
    "blink_rate_per_min": 18.0,
    "vertical_range_deg": 21.4,
}


@dataclass
class FakeReport:
    """As much of a `GazeReport` as the command looks at."""

    summary: dict[str, Any] = field(default_factory=lambda: dict(SUMMARY))
    quality: tuple[Any, ...] = (SimpleNamespace(code="blurred"),)
    warnings: tuple[str, ...] = ("the file is cut off",)

    def to_csv(self) -> str:
        return "frame_idx,time_sec\n0,0.0\n"

    def to_dict(self) -> dict[str, Any]:
        return {"summary": self.summary, "blinks": []}


@dataclass
class Analyses:
    """Stands in for the analysis: keeps what it was asked, and fails where a file says so."""

    asked: list[dict[str, Any]] = field(default_factory=list)
    report: FakeReport = field(default_factory=FakeReport)

    def __call__(self, source: Path, *, progress: Any, **options: Any) -> FakeReport:
        self.asked.append({"name": source.name, **options})
        progress(1, 2)
        text = source.read_text() if source.is_file() else "missing"
        errors = {"missing": BadInputError, "large": TooLargeError, "model": NotReadyError, "bug": ZeroDivisionError}
        if text in errors:
            raise errors[text](f"it is {text}")
        return self.report


@pytest.fixture
def analyses(monkeypatch: pytest.MonkeyPatch) -> Analyses:
    found = Analyses()
    monkeypatch.setitem(vars(sightline.gaze), "analyze_video", found)
    monkeypatch.setattr(figure, "figure_png", lambda report: b"\x89PNG")
    monkeypatch.setattr(figure_html, "figure_html", lambda report: "<html>눈</html>")
    monkeypatch.setattr(overlay, "write_overlay", lambda source, report, path, progress: path.write_bytes(b"mp4"))
    return found


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    """Two videos of one name, a third in a folder, and what is none."""
    folder = tmp_path / "videos"
    (folder / "day 2").mkdir(parents=True)
    for name in ("eyes.mp4", "eyes.MOV", "day 2/eyes.webm"):
        (folder / name).write_text("a face")
    for name in ("notes.txt", "eyes.overlay.mp4", "._eyes.mp4", "photo.jpg"):
        (folder / name).write_text("none")
    return folder


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def lines_of(stdout: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stdout.splitlines()]


def test_a_video_leaves_a_table_a_report_and_figures(
    run: Run, videos: Path, analyses: Analyses, tmp_path: Path
) -> None:
    ran = run("gaze", videos / "eyes.mp4")
    out = tmp_path / "sightline-results"
    report = json.loads((out / "eyes.json").read_text())

    assert ran.exit_code == ExitCode.OK
    assert files_in(out) == {"eyes.csv", "eyes.json", "eyes.png", "eyes.html"}
    assert (out / "eyes.csv").read_text() == FakeReport().to_csv()
    assert (out / "eyes.html").read_text(encoding="utf-8") == "<html>눈</html>"
    assert (report["video"], report["summary"]) == (str(videos / "eyes.mp4"), SUMMARY)


def test_files_are_whole_or_not_there(run: Run, videos: Path, analyses: Analyses, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "eyes.csv").write_text("of an earlier run")
    (videos / "eyes.mp4").write_text("large")
    ran = run("gaze", videos / "eyes.mp4", "--out", "there")

    assert ran.exit_code == ExitCode.SOME_FAILED
    assert files_in(tmp_path / "there") == {"eyes.csv"}
    assert (tmp_path / "there" / "eyes.csv").read_text() == "of an earlier run"


def test_inputs_of_one_name_do_not_overwrite_each_other(
    run: Run, videos: Path, analyses: Analyses, tmp_path: Path
) -> None:
    ran = run("gaze", videos, "--no-figure", "--overlay", "--out", "there")

    assert ran.exit_code == ExitCode.OK
    assert [asked["name"] for asked in analyses.asked] == ["eyes.webm", "eyes.MOV", "eyes.mp4"]
    assert files_in(tmp_path / "there") == {
        f"{name}.{ending}" for name in ("day 2/eyes", "eyes", "eyes-2") for ending in ("csv", "json", "overlay.mp4")
    }


def test_the_table_says_what_was_found_and_where_it_lies(
    run: Run, videos: Path, analyses: Analyses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    (videos / "eyes.MOV").write_text("large")
    shown = run("gaze", videos / "eyes.mp4", videos / "eyes.MOV").stdout

    for words in ("eyes.mp4", "insufficient data", "90% of 300", "3 (18.0/min)", "21.4°", "blurred", "cut off"):
        assert words in shown
    for words in ("eyes.MOV", "failed", "it is large", "sightline-results", "not a diagnosis"):
        assert words in shown


def test_what_cannot_be_measured_is_said_so(run: Run, videos: Path, analyses: Analyses) -> None:
    analyses.report.summary |= {"vertical_range_deg": None, "blink_rate_per_min": None, "frames_processed": 0}
    ran = run("gaze", videos / "eyes.mp4")

    assert ran.exit_code == ExitCode.OK
    assert "not measurable" in ran.stdout


def test_json_is_one_object_for_each_video_and_nothing_else(
    run: Run, videos: Path, analyses: Analyses, tmp_path: Path
) -> None:
    (videos / "eyes.MOV").write_text("large")
    ran = run("gaze", videos, "--json")
    first, failed, last = lines_of(ran.stdout)

    assert ran.exit_code == ExitCode.SOME_FAILED
    assert ran.stderr == ""
    assert failed == {"video": str(videos / "eyes.MOV"), "error": "it is large", "code": "too_large"}
    assert first["summary"] == last["summary"] == SUMMARY
    assert "files" not in first
    assert not (tmp_path / "sightline-results").exists()


def test_json_with_out_says_where_the_files_are(run: Run, videos: Path, analyses: Analyses) -> None:
    [line] = lines_of(run("gaze", videos / "eyes.mp4", "--json", "--overlay", "--out", "there").stdout)

    assert set(line["files"]) == {"csv", "report", "figure", "page", "overlay"}
    assert all(Path(path).is_file() for path in line["files"].values())


def test_overlay_with_json_needs_a_place_to_go(run: Run, videos: Path, analyses: Analyses) -> None:
    ran = run("gaze", videos, "--json", "--overlay")

    assert ran.exit_code == ExitCode.USAGE
    assert "--out" in ran.stderr
    assert not analyses.asked


def test_only_what_was_chosen_is_passed_on(run: Run, videos: Path, analyses: Analyses, tmp_path: Path) -> None:
    targets = [{"start_s": 0, "end_s": 2.5, "target": "up"}]
    (tmp_path / "targets.json").write_text(json.dumps(targets))
    run("gaze", videos / "eyes.mp4", "--json")
    run("gaze", videos / "eyes.mp4", "--json", "--protocol", "targets.json", "--step", 2, "--max-frames", 90)
    run("gaze", videos / "eyes.mp4", "--json", "--vpp-thresh", 0.1, "--blink-thresh", 0.2, "--blink-min-frames", 3)
    run("gaze", videos / "eyes.mp4", "--json", "--workers", 2)

    plain = {"name": "eyes.mp4", "workers": None}
    assert analyses.asked == [
        plain,
        plain | {"protocol": targets, "step": 2, "max_frames": 90},
        plain | {"vpp_thresh": 0.1, "blink_thresh": 0.2, "blink_min_frames": 3},
        plain | {"workers": 2},
    ]


@pytest.mark.parametrize(
    ("options", "protocol", "named"),
    [
        (["--step", "0"], None, "step"),
        (["--blink-thresh", "7"], None, "blink_thresh"),
        (["--protocol", "targets.json"], None, "targets.json cannot be read"),
        (["--protocol", "targets.json"], "{", "is no JSON"),
        (["--protocol", "targets.json"], '[{"start_s": 1, "end_s": 2, "target": "sideways"}]', "target"),
    ],
)
def test_what_is_wrong_for_all_videos_is_said_before_any(
    run: Run,
    videos: Path,
    analyses: Analyses,
    tmp_path: Path,
    options: list[str],
    protocol: str | None,
    named: str,
) -> None:
    if protocol is not None:
        (tmp_path / "targets.json").write_text(protocol)
    error = run("gaze", videos, *options).exception

    assert isinstance(error, BadInputError)
    assert named in error.message
    assert not analyses.asked


@pytest.mark.parametrize("out", ["taken", "taken/below"])
def test_a_folder_that_cannot_be_written_to_is_said_before_any_video(
    run: Run, videos: Path, analyses: Analyses, tmp_path: Path, out: str
) -> None:
    (tmp_path / "taken").write_text("a file")
    error = run("gaze", videos, "--out", out).exception

    assert isinstance(error, BadInputError)
    assert f"cannot be written to {out}" in error.message
    assert not analyses.asked


def test_a_code_that_several_notes_share_is_said_once(run: Run, videos: Path, analyses: Analyses) -> None:
    analyses.report.quality *= 2
    assert run("gaze", videos / "eyes.mp4").stdout.count("blurred") == 1


def test_without_the_model_nothing_is_tried_twice(run: Run, videos: Path, analyses: Analyses) -> None:
    for name in ("eyes.MOV", "eyes.mp4"):
        (videos / name).write_text("model")

    assert isinstance(run("gaze", videos / "eyes.MOV", videos / "eyes.mp4").exception, NotReadyError)
    assert len(analyses.asked) == 1


def test_a_bug_stays_a_bug(run: Run, videos: Path, analyses: Analyses) -> None:
    (videos / "eyes.mp4").write_text("bug")

    assert isinstance(run("gaze", videos / "eyes.mp4").exception, ZeroDivisionError)


def test_an_empty_folder_and_a_missing_file_are_rows_too(
    run: Run, analyses: Analyses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    ran = run("gaze", "empty", "gone.mp4", "--json")

    assert ran.exit_code == ExitCode.SOME_FAILED
    empty, gone = lines_of(ran.stdout)
    assert (empty["video"], empty["error"]) == ("empty", "there is no video in empty")
    assert (gone["video"], gone["code"]) == ("gone.mp4", "bad_input")
