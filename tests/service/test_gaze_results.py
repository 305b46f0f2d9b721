"""The analysis itself, on a clip without a face: what it leaves in a folder, also from a process of its own."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sightline.errors import BadInputError
from sightline.service.gaze_request import parse_wanted
from sightline.service.gaze_results import ARTIFACTS, make_results
from sightline.service.video_analysis import analyse_isolated, never_interrupted
from tests.media.clips import encode
from tests.service.faces import CSV_HEAD, SUMMARY

FRAMES = 30


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    path.write_bytes(encode([number * 40 for number in range(FRAMES)]))
    return path


def check_files(folder: Path, *, figures: bool) -> None:
    names = {ARTIFACTS[link].name for link in (ARTIFACTS if figures else ("csv", "report"))}
    assert {path.name for path in folder.iterdir()} == names
    table = (folder / ARTIFACTS["csv"].name).read_text()
    assert table.startswith(CSV_HEAD)
    assert len(list(csv.reader(table.splitlines()))) == FRAMES // 2 + 1
    document = json.loads((folder / ARTIFACTS["report"].name).read_text(), parse_constant=pytest.fail)
    assert set(SUMMARY) <= set(document["summary"])
    assert document["summary"]["frames_processed"] == FRAMES // 2
    assert document["screening"]["verdict"] == "insufficient_data"


def test_a_video_leaves_its_artifacts_in_a_folder(clip: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    wanted = parse_wanted({"step": 2})
    make_results(
        video=str(clip),
        folder=str(tmp_path),
        **wanted.to_dict(),
        figures=True,
        progress=lambda done, total: seen.append((done, total)),
    )

    check_files(tmp_path, figures=True)
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")
    assert "<html" in (tmp_path / "figure.html").read_text()
    assert seen[-1] == (FRAMES // 2, FRAMES // 2)


def test_the_same_in_a_process_of_its_own(clip: Path, tmp_path: Path) -> None:
    analyse_isolated(
        clip,
        tmp_path,
        parse_wanted({"step": 2}),
        figures=False,
        progress=lambda done, total: None,
        check=never_interrupted,
    )

    check_files(tmp_path, figures=False)


def test_what_is_no_video_is_refused_through_the_process(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no video")
    with pytest.raises(BadInputError, match="no video"):
        analyse_isolated(
            tmp_path / "a.mp4",
            tmp_path,
            parse_wanted(),
            figures=True,
            progress=lambda done, total: None,
            check=never_interrupted,
        )
