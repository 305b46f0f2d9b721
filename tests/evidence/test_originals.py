from __future__ import annotations

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from sightline.evidence.originals import original_photo
from tests.evidence.samples import RECEIVED, photo

TAKEN = "2026:05:06 07:08:09"


def codes(**tags: Any) -> list[str]:
    data = photo(**tags)
    return [note.code for note in original_photo(data, name="a", role="b", received_at=RECEIVED).notes]


def test_an_original_is_its_bytes() -> None:
    data = photo(make="Apple", taken=TAKEN, offset="+09:00")
    found = original_photo(data, name="벽.jpg", role="check-in", received_at=RECEIVED)

    assert (found.sha256, found.size_bytes) == (sha256(data).hexdigest(), len(data))
    assert json.loads(json.dumps(found.to_dict())) == {
        "name": "벽.jpg",
        "role": "check-in",
        "sha256": sha256(data).hexdigest(),
        "size_bytes": len(data),
        "media_type": "image/jpeg",
        "received_at": "2026-05-06T12:00:00+00:00",
        "width": 24,
        "height": 16,
        "taken_at": "2026-05-06T07:08:09+09:00",
        "camera_make": "Apple",
        "camera_model": None,
        "software": None,
        "notes": [],
    }


def test_a_name_that_is_no_text_is_made_one() -> None:
    assert original_photo(photo(), name="\udcff.jpg", role="", received_at=RECEIVED).name == "?.jpg"


def test_a_photo_without_a_time_says_so() -> None:
    assert codes() == ["time_missing"]


def test_a_time_without_a_zone_says_so() -> None:
    assert codes(taken=TAKEN) == ["time_zone_missing"]


@pytest.mark.parametrize(
    ("ahead", "offset", "expected"),
    [
        (timedelta(minutes=4), "+00:00", []),
        (timedelta(minutes=6), "+00:00", ["taken_after_received"]),
        (timedelta(hours=14, minutes=4), None, ["time_zone_missing"]),  # somewhere it may be that late
        (timedelta(hours=14, minutes=6), None, ["taken_after_received"]),
    ],
)
def test_a_time_after_the_receipt_is_noted(ahead: timedelta, offset: str | None, expected: list[str]) -> None:
    taken = (RECEIVED + ahead).strftime("%Y:%m:%d %H:%M:%S")

    assert codes(taken=taken, **({"offset": offset} if offset else {})) == expected


@pytest.mark.parametrize(
    ("software", "expected"),
    [
        ("Adobe Photoshop 25.0 (Macintosh)", ["edited_with"]),
        ("Snapseed 2.0", ["edited_with"]),
        ("GIMP 2.10.36", ["edited_with"]),
        ("17.4.1", []),
        ("HDR+ 1.0.345618096zd", []),
        ("S911NKSU3CXE4", []),
    ],
)
def test_programs_that_change_pictures_are_noted(software: str, expected: list[str]) -> None:
    assert codes(software=software, taken=TAKEN, offset="+09:00") == expected


@pytest.mark.parametrize(
    ("saved", "expected"),
    [
        ({"saved": TAKEN}, []),
        ({"saved": "2026:05:06 07:08:50"}, []),
        ({"saved": "2026:05:06 07:10:00"}, ["saved_again"]),
        ({"saved": "2026:05:06 06:08:50", "saved_offset": "+07:00"}, ["saved_again"]),
    ],
)
def test_a_file_that_was_saved_again_is_noted(saved: dict[str, str], expected: list[str]) -> None:
    assert codes(taken=TAKEN, offset="+09:00", **saved) == expected


def test_notes_carry_what_they_speak_of() -> None:
    data = photo(taken=TAKEN, offset="+09:00", software="Lightroom 7", saved="2026:06:01 00:00:00")
    edited, saved = original_photo(data, name="a", role="b", received_at=RECEIVED).notes

    assert (edited.value, "Lightroom 7" in edited.message) == ("Lightroom 7", True)
    assert datetime.fromisoformat(str(saved.value)) == datetime(2026, 6, 1)
