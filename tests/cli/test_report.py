"""`sightline report`: photos of one wall become a sealed report."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from sightline.cli.exit_codes import ExitCode
from sightline.errors import BadInputError
from sightline.evidence.keys import make_key
from sightline.evidence.verify import verify
from tests.cli.conftest import Run
from tests.conftest import wall

pytestmark = pytest.mark.usefixtures("quick_comparison")

POINTS = '{"points": [[10, 10], [60, 10]], "distance_mm": 25}'


def jpeg(cracks: int, taken: str | None) -> bytes:
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    file = BytesIO()
    Image.fromarray(wall(cracks=cracks)).save(file, "JPEG", exif=exif)
    return file.getvalue()


@pytest.fixture
def photos(tmp_path: Path) -> tuple[Path, Path]:
    """Two photos, the later one first."""
    later, earlier = tmp_path / "later.jpg", tmp_path / "earlier.jpg"
    later.write_bytes(jpeg(1, "2026:03:02 10:00:00"))
    earlier.write_bytes(jpeg(0, "2026:03:01 10:00:00"))
    return later, earlier


def test_a_report_in_three_formats_that_holds(run: Run, photos: tuple[Path, Path], tmp_path: Path) -> None:
    ran = run("report", *photos, "--out", "out", "--wall", "침실", "--stage", "check-out", "--stage", "check-in")
    out = tmp_path / "out"

    assert ran.exit_code == ExitCode.OK, ran.exception
    assert sorted(path.name for path in out.iterdir()) == [
        "comparison-1-2.jpg",
        "report.html",
        "report.json",
        "report.pdf",
    ]
    assert (tmp_path / "sightline-data" / "signing-key.pem").exists()
    for ending in ("pdf", "html", "json"):
        found = verify(out / f"report.{ending}", originals=[*photos, out / "comparison-1-2.jpg"])
        assert not found.changed, found.to_dict()
        assert found.fingerprint is not None
    document = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert [(photo["name"], photo["stage"]) for photo in document["photos"]] == [
        ("earlier.jpg", "check-in"),
        ("later.jpg", "check-out"),
    ]
    assert document["wall"] == "침실"
    assert document["photos"][0]["received_at"] is None
    assert "1. earlier.jpg (check-in): no crack" in ran.stdout


def test_a_photo_without_a_time_leaves_the_order_as_it_was_given(
    run: Run, photos: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "timeless.jpg").write_bytes(jpeg(2, None))
    ran = run("report", photos[0], tmp_path / "timeless.jpg", photos[1], "--json")
    document = json.loads(ran.stdout)

    assert [photo["name"] for photo in document["photos"]] == ["later.jpg", "timeless.jpg", "earlier.jpg"]
    assert [photo["stage"] for photo in document["photos"]] == ["photo-1", "photo-2", "photo-3"]
    assert set(document["files"]) >= {"report.pdf", "comparison-1-3.jpg"}


def test_each_photo_has_a_reference_of_its_own(run: Run, photos: tuple[Path, Path]) -> None:
    ran = run("report", *photos, "--json", "--reference", POINTS, "--reference", "none")
    found = {photo["name"]: photo["scale"] for photo in json.loads(ran.stdout)["photos"]}

    assert found["later.jpg"]["kind"] == "points"
    assert found["earlier.jpg"] is None


def test_language_and_key_are_chosen(run: Run, photos: tuple[Path, Path], tmp_path: Path) -> None:
    key = make_key()
    (tmp_path / "key.pem").write_text(key.to_pem())
    ran = run("report", photos[0], "--lang", "ko", "--key", "key.pem")
    out = tmp_path / "sightline-results"

    assert ran.exit_code == ExitCode.OK, ran.exception
    assert 'lang="ko"' in (out / "report.html").read_text(encoding="utf-8")
    assert verify(out / "report.pdf", key=key.public).trusted
    assert not (tmp_path / "sightline-data").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--stage", "a"], "--stage is given 1 times for 2 photos"),
        (["--stage", "a", "--stage", "b c"], "stage is 'b c'"),
        (["--wall", " "], "wall is empty"),
        (["--key", "missing.pem"], "missing.pem"),
        (["--reference", "coin"], "--reference is 'coin'"),
        (["--reference", POINTS], "so give --reference once for each photo"),
        (["--reference", "none"] * 3, "--reference is given 3 times for 2 photos"),
        (["missing.jpg"], "missing.jpg does not exist"),
    ],
)
def test_wrong_options_are_refused_before_any_work(
    run: Run, photos: tuple[Path, Path], tmp_path: Path, options: list[str], words: str
) -> None:
    with pytest.raises(BadInputError, match=words):
        raise run("report", *photos, *options).exception or AssertionError
    assert not (tmp_path / "sightline-results").exists()


def test_a_file_that_cannot_be_written_is_named(run: Run, photos: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "out" / "report.pdf").mkdir(parents=True)
    ran = run("report", *photos, "--out", "out")

    assert isinstance(ran.exception, BadInputError)
    assert "report.pdf cannot be written" in str(ran.exception)
