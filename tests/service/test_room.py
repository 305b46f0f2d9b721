"""The limits of an inspection, with photos that arrive at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from sightline.errors import SightlineError, TooLargeError, UnavailableError
from sightline.service import room as module
from sightline.service.inspection_records import arrivals_of
from sightline.service.inspection_setup import open_walls
from sightline.service.inspections import InspectionService
from sightline.service.new_photo import NewPhoto
from sightline.service.setup import open_photo_service
from sightline.settings import Settings
from sightline.storage.blob_records import BlobRecordStore
from sightline.storage.local import LocalBlobStore
from sightline.storage.records import Record
from tests.clouds.ministack import Ministack
from tests.conftest import PATIENCE_S, FakeEngine, encoded, wall

PIXELS = 320 * 240
BUCKET = "sightline-results"


@pytest.fixture(params=["sqlite", "blobs", "bucket"])
def inspections(
    request: pytest.FixtureRequest, settings: Settings, engine: FakeEngine, blobs: LocalBlobStore
) -> Iterator[InspectionService]:
    """On each storage that keeps inspections, and on records in files of a disk."""
    if request.param == "bucket":
        cloud: Ministack = request.getfixturevalue("cloud_environment")
        cloud.make_bucket(BUCKET)
        settings = settings.model_copy(update={"result_bucket": BUCKET})
    photos = open_photo_service(settings, engine)
    if request.param == "blobs":
        photos.records.close()
        photos.records = BlobRecordStore(blobs)
    yield open_walls(settings, photos).inspections
    photos.close()


@pytest.fixture
def inspection_id(inspections: InspectionService) -> str:
    return inspections.create({"wall": "Bedroom"}).inspection_id


def sender(inspections: InspectionService, inspection_id: str) -> Callable[[int], SightlineError | None]:
    """Sends the photo with so many cracks; gives back why it was refused."""

    def send(cracks: int) -> SightlineError | None:
        data = encoded(wall(cracks=cracks))
        try:
            inspections.add_photo(inspection_id, NewPhoto("check-in"), lambda: data)
        except SightlineError as error:
            return error
        return None

    return send


@pytest.mark.parametrize(("limit", "value", "room"), [("MAX_PHOTOS", 3, 3), ("MAX_TOTAL_PIXELS", 2 * PIXELS + 9, 2)])
def test_no_limit_is_passed_by_photos_that_arrive_together(
    inspections: InspectionService,
    inspection_id: str,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    value: int,
    room: int,
) -> None:
    monkeypatch.setattr(module, limit, value)
    together = threading.Barrier(6)
    looked = inspections._room._arriving

    def all_at_once(mine: Record) -> dict[str, int]:
        """Let nobody look before all have said that they come, the first time."""
        with suppress(threading.BrokenBarrierError):
            together.wait(PATIENCE_S)
            together.abort()
        return looked(mine)

    monkeypatch.setattr(inspections._room, "_arriving", all_at_once)
    send = sender(inspections, inspection_id)
    with ThreadPoolExecutor(6) as senders:
        errors = list(senders.map(send, range(6)))
    kept = inspections.store.photos(inspection_id)

    assert len(kept) == errors.count(None) <= room
    assert all(error is None or isinstance(error, TooLargeError | UnavailableError) for error in errors)
    again = [send(cracks) for cracks, error in enumerate(errors) if error is not None]
    assert len(inspections.store.photos(inspection_id)) == room
    assert all(error is None or isinstance(error, TooLargeError) for error in again)
    assert inspections.store.records.list(arrivals_of(inspection_id)) == ()


def test_a_photo_on_its_way_is_waited_for(
    inspections: InspectionService, inspection_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_PHOTOS", 1)
    monkeypatch.setattr(module, "PATIENCE_S", 0.0)
    send, other = sender(inspections, inspection_id), "0" * 8
    with inspections._room.taken(inspection_id, other, PIXELS):
        refused = send(1)
        assert isinstance(refused, UnavailableError)
        assert "are arriving" in refused.message
    assert send(1) is None
    full = send(2)
    assert isinstance(full, TooLargeError)
    assert full.reason_code == "inspection_full"
    assert "1 photos: at most 1" in full.message


def test_what_a_process_left_that_ended_is_forgotten(
    inspections: InspectionService, inspection_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_PHOTOS", 1)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    left = Record(arrivals_of(inspection_id), "left", long_ago, {"photo_id": "0", "pixels": PIXELS})
    inspections.store.records.put(left)

    assert sender(inspections, inspection_id)(1) is None
    assert inspections.store.records.list(arrivals_of(inspection_id)) == ()


def test_a_removed_inspection_takes_what_was_left_with_it(inspections: InspectionService, inspection_id: str) -> None:
    left = Record(arrivals_of(inspection_id), "left", datetime.now(UTC), {"photo_id": "0", "pixels": PIXELS})
    inspections.store.records.put(left)
    inspections.delete(inspection_id)

    assert inspections.store.records.list(arrivals_of(inspection_id)) == ()
