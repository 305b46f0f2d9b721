"""What happens to an inspection while something else happens to it."""

from __future__ import annotations

from typing import Any

import pytest

from sightline.errors import GoneError, UnavailableError
from sightline.service.inspection_records import ANNOTATED, EVIDENCE, ORIGINAL
from sightline.service.inspection_setup import open_walls
from sightline.service.inspections import InspectionService
from sightline.service.new_photo import NewPhoto
from sightline.service.photos import PhotoService
from sightline.settings import Settings
from sightline.storage.blob_records import BlobRecordStore
from sightline.storage.local import LocalBlobStore

CHECK_IN = NewPhoto("check-in")


@pytest.fixture(params=["sqlite", "blobs"])
def inspections(
    request: pytest.FixtureRequest, settings: Settings, photos: PhotoService, blobs: LocalBlobStore
) -> InspectionService:
    """On records with transactions, and on those of a bucket, which has none."""
    if request.param == "blobs":
        photos.records.close()
        photos.records = BlobRecordStore(blobs)
    return open_walls(settings, photos).inspections


@pytest.fixture
def inspection_id(inspections: InspectionService) -> str:
    return inspections.create({"wall": "Bedroom"}).inspection_id


def once_before(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, act: Any) -> None:
    """Let `act` happen just before the next call of a method, and only then."""
    method = getattr(owner, name)

    def patched(*arguments: Any, **named: Any) -> Any:
        monkeypatch.setattr(owner, name, method)
        act()
        return method(*arguments, **named)

    monkeypatch.setattr(owner, name, patched)


def test_a_photo_that_is_sent_again_while_it_is_removed_keeps_its_files(
    inspections: InspectionService,
    inspection_id: str,
    blobs: LocalBlobStore,
    cracked_jpeg: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def add() -> str:
        return inspections.add_photo(inspection_id, CHECK_IN, lambda: cracked_jpeg).photo.photo_id

    photo_id = add()
    once_before(monkeypatch, inspections.store, "sweep_photo", add)
    inspections.delete_photo(inspection_id, photo_id)

    (kept,) = inspections.store.photos(inspection_id)
    expected = {kept.key(name) for name in (ORIGINAL, ANNOTATED, EVIDENCE)}
    assert {blob.key for blob in blobs.list("inspection/")} == expected
    inspections.delete_photo(inspection_id, photo_id)
    assert blobs.list("inspection/") == ()


def test_a_photo_that_was_on_its_way_when_it_was_removed_stays_removed(
    inspections: InspectionService,
    inspection_id: str,
    blobs: LocalBlobStore,
    cracked_jpeg: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def added_and_removed() -> None:
        added = inspections.add_photo(inspection_id, CHECK_IN, lambda: cracked_jpeg)
        inspections.delete_photo(inspection_id, added.photo.photo_id)

    once_before(monkeypatch, inspections, "_examine", added_and_removed)
    with pytest.raises(GoneError):
        inspections.add_photo(inspection_id, CHECK_IN, lambda: cracked_jpeg)

    assert blobs.list("inspection/") == ()
    assert inspections.store.photos(inspection_id) == ()


def test_a_photo_whose_record_cannot_be_trusted_is_taken_back_whole(
    inspections: InspectionService,
    inspection_id: str,
    blobs: LocalBlobStore,
    cracked_jpeg: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unreachable() -> None:
        raise UnavailableError("The store for files cannot be reached now.")

    once_before(
        monkeypatch,
        inspections.store,
        "add",
        lambda: once_before(monkeypatch, inspections.store, "get", unreachable),
    )
    with pytest.raises(UnavailableError):
        inspections.add_photo(inspection_id, CHECK_IN, lambda: cracked_jpeg)

    assert blobs.list("inspection/") == ()
    assert inspections.store.photos(inspection_id) == ()
    assert inspections.add_photo(inspection_id, CHECK_IN, lambda: cracked_jpeg).is_new


def test_of_two_removals_the_first_one_s_tombstone_stays(
    inspections: InspectionService, inspection_id: str, cracked_jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspections.add_photo(inspection_id, CHECK_IN, lambda: cracked_jpeg)
    once_before(monkeypatch, inspections.store, "bury", lambda: inspections.delete(inspection_id))
    with pytest.raises(GoneError) as caught:
        inspections.delete(inspection_id)

    assert caught.value.tombstone["photo_count"] == 1


def test_digests_of_a_report_are_not_kept_for_an_inspection_that_is_gone(
    inspections: InspectionService, inspection_id: str, blobs: LocalBlobStore
) -> None:
    inspections.delete(inspection_id)
    with pytest.raises(GoneError):
        inspections.store.note_manifests(inspection_id, {"pdf": "0" * 64})

    assert blobs.list("inspection/") == ()
