"""`sightline compare`: two photos of one wall on this machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from sightline.cli.exit_codes import ExitCode
from sightline.errors import BadInputError
from tests.cli.conftest import Run
from tests.service import walls

POINTS = '{"points": [[100, 100], [300, 100]], "distance_mm": 100}'


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """A wall with one crack, and later with two."""
    before, after = tmp_path / "before.jpg", tmp_path / "벽.jpg"
    before.write_bytes(walls.photo(cracks=1))
    after.write_bytes(walls.photo(cracks=2, shift=12))
    return before, after


def test_changes_are_told_shown_and_written(
    run: Run, pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    ran = run("compare", *pair, "--out", "results")
    report = json.loads((tmp_path / "results" / "comparison.json").read_text(encoding="utf-8"))

    assert ran.exit_code == ExitCode.OK
    for words in ("new", "unchanged", " px", "results"):
        assert words in ran.stdout
    assert report["counts"]["new"] == 1
    assert report["after_photo"] == str(pair[1])
    with Image.open(tmp_path / "results" / "comparison.jpg") as picture:
        assert picture.format == "JPEG"


@pytest.mark.usefixtures("quick_comparison")
def test_json_is_one_object_and_nothing_is_written(run: Run, pair: tuple[Path, Path], tmp_path: Path) -> None:
    ran = run("compare", *pair, "--json")

    assert ran.exit_code == ExitCode.OK
    assert json.loads(ran.stdout)["refusal"]["code"] == "other_wall"
    assert "\n" not in ran.stdout.strip()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["before.jpg", "벽.jpg"]


@pytest.mark.usefixtures("quick_comparison")
def test_photos_that_cannot_be_compared_are_no_error(run: Run, pair: tuple[Path, Path]) -> None:
    ran = run("compare", *pair)

    assert ran.exit_code == ExitCode.OK
    assert "Not comparable: The photos do not show the same wall." in ran.stdout


@pytest.mark.usefixtures("quick_comparison")
def test_two_points_give_the_scale_of_their_photo(run: Run, pair: tuple[Path, Path]) -> None:
    ran = run("compare", *pair, "--json", "--reference-before", POINTS)
    report = json.loads(ran.stdout)

    assert ran.exit_code == ExitCode.OK
    assert report["before"]["scale"]["kind"] == "points"
    assert report["after"]["scale"] is None


def test_what_cannot_be_read_is_named(run: Run, pair: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    for arguments, words in (
        ((pair[0], "missing.jpg"), "missing.jpg does not exist"),
        ((pair[0], tmp_path), "is no file"),
        ((pair[0], "broken.jpg"), "broken.jpg: these bytes are no picture"),
        ((*pair, "--reference", "coin"), "--reference is 'coin'"),
        ((*pair, "--reference", POINTS), "so use --reference-before or --reference-after"),
        ((*pair, "--reference-after", "coin"), "--reference-after is 'coin'"),
    ):
        with pytest.raises(BadInputError, match=words):
            raise run("compare", *arguments).exception or AssertionError
