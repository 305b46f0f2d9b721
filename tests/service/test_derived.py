"""Where that lies which was made from photos, and what of it is out of date."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from uuid import uuid4

import pytest

import sightline
from sightline.service.derived import Derived, out_of_date
from sightline.service.inspection_records import StoredPhoto, new_folder
from sightline.storage.blobs import check_key

INSPECTION = str(uuid4())
MODEL = {"name": "net", "version": "1", "sha256": "0" * 64}


def photo(number: int) -> StoredPhoto:
    moment, photo_id = datetime(2026, 1, number, tzinfo=UTC), str(uuid4())
    folder = new_folder(INSPECTION, photo_id, moment)
    return StoredPhoto(photo_id, "a", "", "0" * 64, 1, "image/jpeg", None, None, moment, {}, folder, {})


PHOTOS = [photo(number) for number in range(1, 5)]


def keys_of(photos: list[StoredPhoto], derived: Derived) -> set[str]:
    """All that is made of photos."""
    pairs = {derived.of_pair(*pair, "c") for pair in pairwise(photos)}
    pairs |= {derived.of_pair(photos[0], photos[-1], "c")} if len(photos) > 2 else set()
    return {derived.of_all(photos, "o")} | pairs | {derived.of_photo(each, "r") for each in photos}


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_what_is_made_of_the_photos_holds(count: int) -> None:
    photos = PHOTOS[:count]
    keys = sorted(keys_of(photos, Derived(INSPECTION, MODEL))) if photos else []
    assert out_of_date(keys, photos) == []
    assert all(check_key(key) for key in keys)


def test_what_another_photo_changes_is_out_of_date_and_the_whole_goes_first() -> None:
    derived = Derived(INSPECTION, MODEL)
    before, after = keys_of(PHOTOS[:3], derived), keys_of(PHOTOS, derived)
    old = out_of_date(sorted(before | after), PHOTOS)

    assert old == [derived.of_all(PHOTOS[:3], "o"), derived.of_pair(PHOTOS[0], PHOTOS[2], "c")]


def test_nothing_of_a_removed_photo_holds() -> None:
    derived, left = Derived(INSPECTION, MODEL), [PHOTOS[0], *PHOTOS[2:]]
    gone = PHOTOS[1].folder.rpartition("/")[2]
    old = out_of_date(sorted(keys_of(PHOTOS, derived)), left)

    assert {key for key in keys_of(PHOTOS, derived) if gone in key} <= set(old)
    assert derived.of_all(PHOTOS, "o") in old
    assert derived.of_photo(left[0], "r") not in old


def test_another_model_or_version_makes_other_files(monkeypatch: pytest.MonkeyPatch) -> None:
    folders = {Derived(INSPECTION, MODEL).folder, Derived(INSPECTION, MODEL | {"sha256": "1" * 64}).folder}
    monkeypatch.setattr(sightline, "__version__", "99")
    folders.add(Derived(INSPECTION, MODEL).folder)

    assert len(folders) == 3
