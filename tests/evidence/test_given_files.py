from __future__ import annotations

import unicodedata
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from sightline.errors import BadInputError
from sightline.evidence.given_files import check_files
from sightline.evidence.manifest import Picture
from tests.evidence.samples import manifest, original, photo

BEFORE, AFTER, OTHER = (photo(seed) for seed in range(3))


@pytest.fixture
def sealed() -> dict[str, Any]:
    """A manifest of two photos of one name, and of a picture beside the report."""
    originals = (original(BEFORE, name="벽.jpg", role="check-in"), original(AFTER, name="벽.jpg", role="check-out"))
    return manifest(*originals, pictures=(Picture("annotated.jpg", sha256(b"drawn").hexdigest()),)).to_dict()


def outcomes(sealed: dict[str, Any], *paths: Path) -> list[tuple[str, str, str]]:
    return [(check.subject, check.name, check.outcome.value) for check in check_files(sealed, paths)]


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_what_is_not_handed_over_is_not_checked(sealed: dict[str, Any]) -> None:
    assert outcomes(sealed) == [
        ("original", "벽.jpg (check-in)", "not_given"),
        ("original", "벽.jpg (check-out)", "not_given"),
    ]


def test_originals_are_known_by_their_bytes_under_any_name(sealed: dict[str, Any], tmp_path: Path) -> None:
    before, after = put(tmp_path / "IMG_1.jpg", BEFORE), put(tmp_path / "벽.jpg", AFTER)
    checks = list(check_files(sealed, [before, after]))

    assert [check.outcome for check in checks] == ["holds", "holds"]
    assert "now called IMG_1.jpg" in checks[0].detail
    assert "It was there at 2026-05-06T12:00:00+00:00; it does not say when it was taken." in checks[0].detail
    assert "now called" not in checks[1].detail


def test_a_changed_original_is_found_by_its_name(sealed: dict[str, Any], tmp_path: Path) -> None:
    changed, before = put(tmp_path / "벽.jpg", OTHER), put(tmp_path / "in" / "벽.jpg", BEFORE)

    assert outcomes(sealed, changed, before) == [
        ("original", "벽.jpg (check-in)", "holds"),
        ("original", "벽.jpg (check-out)", "changed"),
    ]


def test_names_are_compared_as_they_are_read(sealed: dict[str, Any], tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "벽.jpg")
    found = list(check_files(sealed, [put(tmp_path / "a" / name, BEFORE), put(tmp_path / "b" / name, OTHER)]))

    assert [check.outcome for check in found] == ["holds", "changed"]
    assert "now called" not in found[0].detail


def test_a_stranger_is_said_where_it_was_named_itself(sealed: dict[str, Any], tmp_path: Path) -> None:
    stranger = put(tmp_path / "other.jpg", OTHER)

    assert ("file", "other.jpg", "changed") in outcomes(sealed, stranger)
    assert "file" not in {subject for subject, _, _ in outcomes(sealed, tmp_path)}


def test_folders_are_searched_through(sealed: dict[str, Any], tmp_path: Path) -> None:
    put(tmp_path / "a" / "b" / "1.jpg", BEFORE)
    put(tmp_path / "a" / "2.jpg", AFTER)
    put(tmp_path / ".hidden.jpg", OTHER)
    (tmp_path / "broken.jpg").symlink_to("nowhere")
    put(tmp_path / "annotated.jpg", b"drawn")

    assert {outcome for _, _, outcome in outcomes(sealed, tmp_path)} == {"holds"}
    assert outcomes(sealed, tmp_path)[-1] == ("picture", "annotated.jpg", "holds")


def test_a_picture_beside_the_report_is_checked_like_an_original(sealed: dict[str, Any], tmp_path: Path) -> None:
    assert ("picture", "annotated.jpg", "changed") in outcomes(sealed, put(tmp_path / "annotated.jpg", b"redrawn"))


def test_a_file_that_cannot_be_read_is_refused(sealed: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"missing\.jpg cannot be read"):
        outcomes(sealed, tmp_path / "missing.jpg")
