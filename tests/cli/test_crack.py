from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sightline.cli.exit_codes import ExitCode
from sightline.crack.engine import CrackEngine
from sightline.errors import BadInputError, NotReadyError
from sightline.service import setup
from sightline.settings import Settings
from tests.cli.conftest import Run
from tests.conftest import FakeEngine, encoded, wall


@pytest.fixture
def photos(tmp_path: Path, cracked_jpeg: bytes, clean_jpeg: bytes) -> Path:
    """Two photos, one cracked and one clean, a third that is broken, and a text file."""
    folder = tmp_path / "photos"
    (folder / "bath").mkdir(parents=True)
    (folder / "wall.jpg").write_bytes(cracked_jpeg)
    (folder / "bath" / "wall.JPG").write_bytes(clean_jpeg)
    (folder / "broken.png").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("no photo")
    return folder


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def lines_of(stdout: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stdout.splitlines()]


def test_a_photo_leaves_an_annotated_picture_a_mask_and_a_report(run: Run, photos: Path, tmp_path: Path) -> None:
    ran = run("crack", photos / "wall.jpg", "--out", "results")
    out = tmp_path / "results"
    report = json.loads((out / "wall.report.json").read_text())

    assert ran.exit_code == ExitCode.OK
    assert files_in(out) == {"wall.annotated.jpg", "wall.mask.png", "wall.report.json"}
    with Image.open(out / "wall.annotated.jpg") as picture, Image.open(out / "wall.mask.png") as mask:
        assert picture.format == "JPEG"
        assert (mask.format, mask.mode, mask.size) == ("PNG", "1", (320, 240))
    assert report["has_crack"] is True
    assert report["photo"] == str(photos / "wall.jpg")


def test_the_table_says_what_was_found_and_where_it_lies(
    run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    shown = run("crack", photos).stdout

    for words in (
        "wall.jpg",
        "1 crack, ",
        "0.60",
        "no crack",
        "broken.png",
        "failed",
        "no picture",
        "sightline-results",
    ):
        assert words in shown


def test_one_bad_file_does_not_stop_a_folder(run: Run, photos: Path, tmp_path: Path) -> None:
    ran = run("crack", photos)

    assert ran.exit_code == ExitCode.SOME_FAILED
    assert files_in(tmp_path / "sightline-results") == {
        f"{stem}.{ending}" for stem in ("wall", "bath/wall") for ending in ("annotated.jpg", "mask.png", "report.json")
    }


def test_a_second_run_finds_the_same_photos(run: Run, photos: Path) -> None:
    first, second = (run("crack", photos, "--out", photos / "results", "--json") for _ in range(2))

    assert first.stdout == second.stdout


def test_json_is_one_object_for_each_photo_and_nothing_else(run: Run, photos: Path, tmp_path: Path) -> None:
    ran = run("crack", photos, "--json")
    clean, broken, cracked = lines_of(ran.stdout)

    assert ran.exit_code == ExitCode.SOME_FAILED
    assert ran.stderr == ""
    assert [Path(line["photo"]).name for line in (clean, broken, cracked)] == ["wall.JPG", "broken.png", "wall.jpg"]
    assert (clean["has_crack"], clean["confidence"], clean["instances"]) == (False, 0.0, [])
    assert set(broken) == {"photo", "error", "code"}
    assert broken["code"] == "bad_input"
    assert cracked["has_crack"] is True
    assert cracked["instances"][0]["box"]["width"] > 200
    assert "files" not in cracked
    assert files_in(tmp_path) == files_in(photos.parent)
    assert not (tmp_path / "sightline-results").exists()


def test_json_with_out_says_where_the_files_are(run: Run, photos: Path) -> None:
    [line] = lines_of(run("crack", photos / "wall.jpg", "--json", "--out", "there").stdout)

    assert set(line["files"]) == {"annotated", "mask", "report"}
    assert all(Path(path).is_file() for path in line["files"].values())


def test_json_is_plain_ascii_whatever_the_photo_is_called(
    run: Run, tmp_path: Path, cracked_jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "벽 [1].jpg").write_bytes(cracked_jpeg)
    ran = run("crack", "벽 [1].jpg", "--json", "--out", "there")

    assert ran.stdout.isascii()
    assert lines_of(ran.stdout)[0]["photo"] == "벽 [1].jpg"
    assert (tmp_path / "there" / "벽 [1].annotated.jpg").is_file()
    assert "벽 [1].jpg" in run("crack", "벽 [1].jpg").stdout


def test_csv_has_one_row_for_each_crack(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wall.png").write_bytes(encoded(wall(640, 480, cracks=3), "PNG"))
    (tmp_path / "clean.png").write_bytes(encoded(wall(cracks=0), "PNG"))
    ran = run("crack", ".", "--csv", "--out", "there")
    with (tmp_path / "there" / "cracks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    assert ran.exit_code == ExitCode.OK
    assert [(row["photo"], row["crack"]) for row in rows] == [("wall.png", "1"), ("wall.png", "2"), ("wall.png", "3")]
    assert [float(row["confidence"]) for row in rows] == pytest.approx([0.7, 0.65, 0.6])
    assert all(float(row["length_px"]) > 400 and int(row["width"]) > 400 for row in rows)
    assert {row["severity"] for row in rows} <= {"low", "medium", "high"}


def test_csv_with_json_needs_a_place_to_go(run: Run, photos: Path) -> None:
    ran = run("crack", photos, "--json", "--csv")

    assert ran.exit_code == ExitCode.USAGE
    assert ran.stdout == ""
    assert "--out" in ran.stderr


def test_a_folder_that_cannot_be_written_to_is_said_before_any_photo(run: Run, photos: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    error = run("crack", photos, "--out", "taken/below").exception

    assert isinstance(error, BadInputError)
    assert "cannot be written to taken/below" in error.message


def test_what_is_not_there_is_said_and_the_rest_goes_on(run: Run, photos: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = run("crack", "missing.jpg", "empty", photos / "wall.jpg", "--json")
    missing, empty, cracked = lines_of(ran.stdout)

    assert ran.exit_code == ExitCode.SOME_FAILED
    assert "missing.jpg" in missing["error"]
    assert empty["error"] == "there is no photo in empty"
    assert cracked["has_crack"] is True


def test_limits_are_those_of_the_settings(run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_MAX_PIXELS", "100")
    [line] = lines_of(run("crack", photos / "wall.jpg", "--json").stdout)

    assert line["code"] == "too_large"


def test_the_model_option_goes_before_the_setting(run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    def load(settings: Settings) -> CrackEngine:
        asked.append(settings.model_path)
        return FakeEngine()

    monkeypatch.setattr(setup, "load_crack_engine", load)
    monkeypatch.setenv("MODEL_PATH", "from-the-setting.onnx")
    run("crack", photos / "wall.jpg", "--json")
    run("crack", photos / "wall.jpg", "--json", "--model", "mine.onnx")

    assert asked == ["from-the-setting.onnx", "mine.onnx"]


def test_without_a_model_nothing_is_done(
    run: Run, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(_: Settings) -> CrackEngine:
        raise NotReadyError("no model")

    monkeypatch.setattr(setup, "load_crack_engine", load)
    ran = run("crack", photos)

    assert isinstance(ran.exception, NotReadyError)
    assert ran.stdout == ""
    assert not (tmp_path / "sightline-results").exists()


def test_a_missing_model_file_ends_with_its_exit_code(photos: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sightline", "crack", str(photos), "--json", "--model", "missing.onnx"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    assert (ran.returncode, ran.stdout) == (ExitCode.NOT_READY, "")
    assert "missing.onnx" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_ctrl_c_keeps_what_was_finished(
    run: Run, engine: FakeEngine, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine = engine.examine

    def until_the_second(image: Any) -> Any:
        if engine.calls == 1:
            os.kill(os.getpid(), signal.SIGINT)
        return examine(image)

    monkeypatch.setattr(engine, "examine", until_the_second)
    # Whoever runs the tests in the background of a shell has SIGINT ignored, and Python then leaves it so.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        ran = run("crack", photos / "wall.jpg", photos / "bath", "--csv")
    finally:
        signal.signal(signal.SIGINT, before)

    assert ran.exit_code == ExitCode.INTERRUPTED
    assert files_in(tmp_path / "sightline-results") == {
        "wall.annotated.jpg",
        "wall.mask.png",
        "wall.report.json",
        "cracks.csv",
    }
    assert "wall.jpg" in (tmp_path / "sightline-results" / "cracks.csv").read_text(encoding="utf-8-sig")


def test_two_points_give_millimetres(run: Run, photos: Path, tmp_path: Path) -> None:
    asked = json.dumps({"points": [[10, 10], [210, 10]], "distance_mm": 100})
    ran = run("crack", photos / "wall.jpg", "--reference", asked, "--out", "out", "--csv")
    report = json.loads((tmp_path / "out" / "wall.report.json").read_text())
    with (tmp_path / "out" / "cracks.csv").open(encoding="utf-8-sig") as table:
        (row,) = csv.DictReader(table)

    assert ran.exit_code == ExitCode.OK
    assert " mm " in ran.stdout
    assert report["scale"]["mm_per_px"] == pytest.approx(0.5)
    assert float(row["mean_width_mm"]) == report["instances"][0]["mean_width_mm"]


def test_a_marker_that_is_asked_for_must_be_there(run: Run, photos: Path) -> None:
    ran = run("crack", photos / "wall.jpg", "--reference", "marker", "--json")

    assert ran.exit_code == ExitCode.SOME_FAILED
    (line,) = lines_of(ran.stdout)
    assert line["code"] == "bad_input"
