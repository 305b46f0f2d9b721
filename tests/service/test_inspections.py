"""Inspections: photos kept bit for bit, each once, in order of time, and all of it removed when somebody asks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from sightline.errors import BadInputError, GoneError, NotFoundError, NotReadyError, TooLargeError, UnavailableError
from sightline.service import room as module
from sightline.service.inspection_records import ANNOTATED, EVIDENCE, ORIGINAL
from sightline.service.inspection_setup import WallServices, open_walls
from sightline.service.inspections import InspectionService
from sightline.service.new_photo import NewPhoto
from sightline.service.photos import PhotoService
from sightline.service.setup import open_photo_service
from sightline.settings import Settings
from sightline.storage.local import LocalBlobStore
from tests.clouds.ministack import Ministack
from tests.conftest import OTHER_ID, FakeEngine, encoded, wall

CHECK_IN, CHECK_OUT = NewPhoto("check-in", name="벽.jpg"), NewPhoto("check-out")


@pytest.fixture
def inspections(walls: WallServices) -> InspectionService:
    return walls.inspections


@pytest.fixture
def inspection_id(inspections: InspectionService) -> str:
    return inspections.create({"wall": "Bedroom"}).inspection_id


def added(inspections: InspectionService, inspection_id: str, new: NewPhoto, data: bytes) -> str:
    return inspections.add_photo(inspection_id, new, lambda: data).photo.photo_id


def test_an_inspection_is_what_was_asked_for(inspections: InspectionService) -> None:
    asked = {"wall": " 침실 북쪽 벽 ", "remarks": "Booking 1042", "reference": "marker"}
    kept = inspections.store.get(inspections.create(asked).inspection_id)

    assert (kept.wall, kept.remarks, kept.reference) == ("침실 북쪽 벽", "Booking 1042", {"kind": "marker"})


@pytest.mark.parametrize(
    "asked",
    [
        None,
        [],
        {},
        {"wall": ""},
        {"wall": "a", "walls": 1},
        {"wall": "a", "reference": "coin"},
        {"wall": "a", "reference": {"points": [[1, 2], [3, 4]], "distance_mm": 5}},
    ],
)
def test_what_is_no_inspection_is_refused(inspections: InspectionService, asked: object) -> None:
    with pytest.raises(BadInputError):
        inspections.create(asked)


def test_no_inspection_is_begun_where_it_would_not_last(settings: Settings, photos: PhotoService) -> None:
    with pytest.raises(NotReadyError, match="RESULT_BUCKET"):
        open_walls(settings, photos, durable=False).inspections.create({"wall": "a"})


def test_a_photo_is_kept_bit_for_bit_with_what_was_found(
    inspections: InspectionService, inspection_id: str, blobs: LocalBlobStore, cracked_jpeg: bytes
) -> None:
    before = datetime.now(UTC)
    photo = inspections.add_photo(inspection_id, CHECK_IN, lambda: cracked_jpeg).photo
    kept = inspections.store.photo(inspection_id, photo.photo_id)

    assert kept == photo
    assert blobs.get(photo.key(ORIGINAL)) == cracked_jpeg
    assert blobs.get(photo.key(ANNOTATED)).startswith(b"\xff\xd8\xff")
    assert blobs.head(photo.key(EVIDENCE)).size_bytes > 0
    assert (photo.stage, photo.name, photo.media_type) == ("check-in", "벽.jpg", "image/jpeg")
    assert (photo.size_bytes, photo.findings["has_crack"]) == (len(cracked_jpeg), True)
    assert before <= photo.received_at <= datetime.now(UTC)


def test_the_same_bytes_at_the_same_stage_are_the_same_photo(
    inspections: InspectionService, inspection_id: str, engine: FakeEngine, cracked_jpeg: bytes, clean_jpeg: bytes
) -> None:
    first = inspections.add_photo(inspection_id, CHECK_IN, lambda: cracked_jpeg)
    again = inspections.add_photo(inspection_id, CHECK_IN, lambda: cracked_jpeg)
    calls = engine.calls
    other = [
        added(inspections, inspection_id, new, data)
        for new, data in ((CHECK_OUT, cracked_jpeg), (CHECK_IN, clean_jpeg))
    ]

    assert (first.is_new, again.is_new) == (True, False)
    assert again.photo == first.photo
    assert calls == 1
    assert len({first.photo.photo_id, *other}) == 3


def test_photos_that_arrive_at_the_same_time_are_all_there(
    inspections: InspectionService, inspection_id: str, blobs: LocalBlobStore
) -> None:
    files = [encoded(wall(cracks=count)) for count in (0, 1, 2, 3)] * 3
    with ThreadPoolExecutor(6) as senders:
        ids = set(senders.map(lambda data: added(inspections, inspection_id, CHECK_IN, data), files))

    assert len(ids) == 4
    assert {photo.photo_id for photo in inspections.store.photos(inspection_id)} == ids
    assert len(blobs.list(f"inspection/{inspection_id}/")) == 4 * 3


def test_photos_are_in_order_of_time(inspections: InspectionService, inspection_id: str) -> None:
    times = [None, datetime(2026, 3, 1, tzinfo=UTC), datetime(2025, 1, 1), None]
    ids = [
        added(inspections, inspection_id, NewPhoto("check-in", taken_at=time), encoded(wall(cracks=place)))
        for place, time in enumerate(times)
    ]

    assert [photo.photo_id for photo in inspections.store.photos(inspection_id)] == [ids[2], ids[1], ids[0], ids[3]]


def test_the_sender_s_time_goes_before_the_photo_s_own(inspections: InspectionService, inspection_id: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2026:02:01 10:00:00"
    file = BytesIO()
    Image.fromarray(wall()).save(file, "JPEG", exif=exif)
    stated = datetime(2026, 2, 3, tzinfo=UTC)
    own, told = (
        inspections.add_photo(inspection_id, new, file.getvalue).photo
        for new in (CHECK_IN, NewPhoto("check-out", taken_at=stated))
    )

    assert (own.taken_at_from, str(own.taken_at)) == ("exif", "2026-02-01 10:00:00")
    assert (told.taken_at_from, told.taken_at) == ("sender", stated)


def test_what_is_no_photo_is_refused_and_leaves_nothing(
    inspections: InspectionService, inspection_id: str, blobs: LocalBlobStore
) -> None:
    for data in (b"", b"no picture", b"\xff\xd8\xff\xe0 cut off"):
        with pytest.raises(BadInputError):
            added(inspections, inspection_id, CHECK_IN, data)
    assert blobs.list() == ()
    assert inspections.store.photos(inspection_id) == ()


def test_limits(
    inspections: InspectionService,
    inspection_id: str,
    cracked_jpeg: bytes,
    clean_jpeg: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    added(inspections, inspection_id, CHECK_IN, cracked_jpeg)
    for limit, value, message in (
        ("MAX_PHOTOS", 1, "1 photos: at most 1"),
        ("MAX_TOTAL_PIXELS", 100_000, "153600 pixels together"),
    ):
        with monkeypatch.context() as limits:
            limits.setattr(module, limit, value)
            with pytest.raises(TooLargeError, match=message):
                added(inspections, inspection_id, CHECK_IN, clean_jpeg)
    assert not inspections.add_photo(inspection_id, CHECK_IN, lambda: cracked_jpeg).is_new


@pytest.mark.parametrize("broken", ["blobs", "records"])
def test_a_photo_that_cannot_be_stored_whole_is_not_stored(
    inspections: InspectionService,
    inspection_id: str,
    photos: PhotoService,
    blobs: LocalBlobStore,
    cracked_jpeg: bytes,
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
) -> None:
    def disk_full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if broken == "blobs":
        put = photos.blobs.put
        fails = lambda key, *rest: disk_full() if key.endswith(EVIDENCE) else put(key, *rest)  # noqa: E731
        monkeypatch.setattr(photos.blobs, "put", fails)
    else:
        monkeypatch.setattr(photos.records, "put_new", disk_full)
    with pytest.raises(OSError, match="No space left"):
        added(inspections, inspection_id, CHECK_IN, cracked_jpeg)

    assert blobs.list() == ()
    assert inspections.store.photos(inspection_id) == ()


def test_a_removed_photo_leaves_a_tombstone_and_may_be_sent_again(
    inspections: InspectionService, inspection_id: str, blobs: LocalBlobStore, cracked_jpeg: bytes
) -> None:
    photo_id = added(inspections, inspection_id, CHECK_IN, cracked_jpeg)
    inspections.delete_photo(inspection_id, photo_id)

    assert blobs.list() == ()
    assert inspections.store.photos(inspection_id) == ()
    for call in (inspections.store.photo, inspections.delete_photo):
        with pytest.raises(GoneError) as caught:
            call(inspection_id, photo_id)
        assert set(caught.value.tombstone) == {"photo_id", "removed_at"}
    assert inspections.add_photo(inspection_id, CHECK_IN, lambda: cracked_jpeg).is_new
    assert [photo.photo_id for photo in inspections.store.photos(inspection_id)] == [photo_id]


def test_a_removed_inspection_leaves_a_tombstone_without_names(
    inspections: InspectionService,
    inspection_id: str,
    settings: Settings,
    blobs: LocalBlobStore,
    cracked_jpeg: bytes,
) -> None:
    added(inspections, inspection_id, CHECK_IN, cracked_jpeg)
    inspections.delete(inspection_id)

    assert blobs.list() == ()
    with pytest.raises(GoneError) as caught:
        inspections.store.get(inspection_id)
    tombstone = dict(caught.value.tombstone)
    removed_at = datetime.fromisoformat(tombstone.pop("removed_at"))
    assert datetime.now(UTC) - removed_at < timedelta(hours=1)
    assert tombstone == {"inspection_id": inspection_id, "photo_count": 1, "last_manifest_sha256": None}
    for call in (inspections.delete, lambda gone: added(inspections, gone, CHECK_IN, cracked_jpeg)):
        with pytest.raises(GoneError):
            call(inspection_id)
    later = open_photo_service(settings)
    with pytest.raises(GoneError):
        open_walls(settings, later).inspections.store.get(inspection_id)
    later.close()


def test_what_was_removed_is_in_no_file_of_the_data_folder(
    settings: Settings, engine: FakeEngine, cracked_jpeg: bytes
) -> None:
    service = open_photo_service(settings, engine)
    inspections = open_walls(settings, service).inspections
    inspection_id = inspections.create({"wall": "Secret bedroom", "remarks": "Secret booking"}).inspection_id
    added(inspections, inspection_id, NewPhoto("check-in", name="Secret file.jpg"), cracked_jpeg)
    inspections.delete(inspection_id)
    service.close()

    files = [path for path in settings.results_dir.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"Secret" in path.read_bytes()]


@pytest.mark.parametrize("what", ["photo", "inspection"])
def test_a_removal_that_broke_off_can_be_made_again(
    inspections: InspectionService,
    inspection_id: str,
    photos: PhotoService,
    blobs: LocalBlobStore,
    cracked_jpeg: bytes,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    def refuse(_: str) -> None:
        raise UnavailableError("The store for files cannot be reached now.")

    photo_id = added(inspections, inspection_id, CHECK_IN, cracked_jpeg)
    arguments = (inspection_id, photo_id) if what == "photo" else (inspection_id,)
    delete = inspections.delete_photo if what == "photo" else inspections.delete
    with monkeypatch.context() as storage:
        storage.setattr(photos.blobs, "delete", refuse)
        with pytest.raises(UnavailableError):
            delete(*arguments)
    delete(*arguments)

    assert blobs.list() == ()
    with pytest.raises(GoneError):
        delete(*arguments)


def test_a_photo_that_arrives_while_its_inspection_is_removed_is_removed_too(
    inspections: InspectionService,
    inspection_id: str,
    engine: FakeEngine,
    blobs: LocalBlobStore,
    photos: PhotoService,
    cracked_jpeg: bytes,
) -> None:
    def removed_meanwhile() -> bytes:
        inspections.delete(inspection_id)
        return cracked_jpeg

    with pytest.raises(GoneError):
        inspections.add_photo(inspection_id, CHECK_IN, removed_meanwhile)
    assert blobs.list() == ()
    assert photos.records.list(f"inspection.{inspection_id}") == ()


@pytest.mark.parametrize("wrong", ["", "..", "missing", "{id}/", "{ID}", OTHER_ID])
def test_other_ids_find_nothing(
    inspections: InspectionService, inspection_id: str, cracked_jpeg: bytes, wrong: str
) -> None:
    photo_id = added(inspections, inspection_id, CHECK_IN, cracked_jpeg)
    for call in (inspections.store.get, inspections.delete):
        with pytest.raises(NotFoundError):
            call(wrong.format(id=inspection_id, ID=inspection_id.upper()))
    for photo_call in (inspections.store.photo, inspections.delete_photo):
        with pytest.raises(NotFoundError, match="There is no photo with this id"):
            photo_call(inspection_id, wrong.format(id=photo_id, ID=photo_id.upper()))
    assert len(inspections.store.photos(inspection_id)) == 1


@pytest.fixture
def in_a_bucket(cloud_environment: Ministack, settings: Settings, engine: FakeEngine) -> Iterator[InspectionService]:
    cloud_environment.make_bucket("sightline-results")
    inside = settings.model_copy(update={"result_bucket": "sightline-results"})
    service = open_photo_service(inside, engine)
    yield open_walls(inside, service).inspections
    service.close()


def test_a_bucket_keeps_all_of_it_too(in_a_bucket: InspectionService, cracked_jpeg: bytes, clean_jpeg: bytes) -> None:
    inspection_id = in_a_bucket.create({"wall": "Bedroom"}).inspection_id
    files = [cracked_jpeg, clean_jpeg, cracked_jpeg]
    with ThreadPoolExecutor(3) as senders:
        ids = set(senders.map(lambda data: added(in_a_bucket, inspection_id, CHECK_IN, data), files))
    kept = in_a_bucket.store.photos(inspection_id)
    assert {photo.photo_id for photo in kept} == ids
    assert {in_a_bucket.store.blobs.get(photo.key(ORIGINAL)) for photo in kept} == {cracked_jpeg, clean_jpeg}

    in_a_bucket.delete(inspection_id)
    (left,) = in_a_bucket.store.blobs.list()
    assert left.key == f"records/inspection/{inspection_id}.json"
    assert "Bedroom" not in json.dumps(json.loads(in_a_bucket.store.blobs.get(left.key)))
    with pytest.raises(GoneError):
        in_a_bucket.store.get(inspection_id)
