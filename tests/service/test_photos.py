from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID

import numpy as np
import pytest
from PIL import Image

from sightline.errors import BadInputError, NotFoundError, NotReadyError, TooLargeError, UnavailableError
from sightline.service.photos import ANNOTATED, KIND, MASK, REPORT, PhotoService
from sightline.service.setup import open_photo_service
from sightline.settings import Settings
from sightline.storage.blobs import BlobInfo
from sightline.storage.local import LocalBlobStore
from sightline.storage.sqlite import SqliteRecordStore
from tests.conftest import FAKE_MODEL, OTHER_ID, FakeEngine


@pytest.fixture
def photos(settings: Settings, engine: FakeEngine) -> Iterator[PhotoService]:
    service = open_photo_service(settings, engine)
    yield service
    service.close()


def stored(settings: Settings) -> tuple[BlobInfo, ...]:
    files = LocalBlobStore(settings.results_dir / "files")
    return tuple(files.head(blob.key) for blob in files.list())


def test_a_photo_becomes_a_result_with_three_files(
    photos: PhotoService, settings: Settings, cracked_jpeg: bytes
) -> None:
    analysis = photos.analyse(lambda: cracked_jpeg)

    assert analysis.report.has_crack
    assert UUID(analysis.file_id).version == 4
    assert [(blob.key, blob.content_type) for blob in stored(settings)] == [
        (f"crack/{analysis.file_id}/annotated.jpg", "image/jpeg"),
        (f"crack/{analysis.file_id}/mask.png", "image/png"),
        (f"crack/{analysis.file_id}/report.json", "application/json"),
    ]


def test_the_files_show_what_the_report_says(photos: PhotoService, cracked_jpeg: bytes) -> None:
    analysis = photos.analyse(lambda: cracked_jpeg)
    picture = Image.open(BytesIO(photos.artifact(analysis.file_id, ANNOTATED)))
    mask = Image.open(BytesIO(photos.artifact(analysis.file_id, MASK)))
    document = json.loads(photos.artifact(analysis.file_id, REPORT))

    assert picture.format == "JPEG"
    assert picture.width >= 320
    assert picture.height >= 240
    assert (mask.format, mask.mode) == ("PNG", "1")
    assert np.array_equal(np.asarray(mask), analysis.report.mask)
    assert document.items() >= analysis.report.to_dict().items()
    assert document["file_id"] == analysis.file_id
    assert document == analysis.document


def test_a_clean_wall_has_no_crack_and_confidence_zero(photos: PhotoService, clean_jpeg: bytes) -> None:
    report = photos.analyse(lambda: clean_jpeg).report

    assert (report.has_crack, report.confidence, report.instances) == (False, 0.0, ())


def test_a_record_tells_what_was_found_by_which_model(
    photos: PhotoService, settings: Settings, cracked_jpeg: bytes
) -> None:
    before = datetime.now(UTC)
    analysis = photos.analyse(lambda: cracked_jpeg)
    records = SqliteRecordStore(settings.results_dir / "records.sqlite3")
    record = records.get(KIND, analysis.file_id)
    records.close()

    assert before <= record.created_at <= datetime.now(UTC)
    assert record.data["has_crack"] is True
    assert record.data["crack_count"] == len(analysis.report.instances)
    assert record.data["confidence"] == pytest.approx(analysis.report.confidence)
    assert (record.data["model"], record.data["model_version"]) == (FAKE_MODEL.name, FAKE_MODEL.version)


def test_results_are_found_again_by_another_service(
    photos: PhotoService, settings: Settings, cracked_jpeg: bytes
) -> None:
    file_id = photos.analyse(lambda: cracked_jpeg).file_id
    later = open_photo_service(settings, FakeEngine())

    assert later.artifact(file_id, ANNOTATED) == photos.artifact(file_id, ANNOTATED)
    later.close()


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff\xe0 cut off"])
def test_what_is_no_picture_is_refused_and_leaves_nothing(
    photos: PhotoService, settings: Settings, data: bytes
) -> None:
    with pytest.raises(BadInputError):
        photos.analyse(lambda: data)
    assert stored(settings) == ()


def test_limits_on_bytes_and_pixels(settings: Settings, engine: FakeEngine, cracked_jpeg: bytes) -> None:
    for limits in ({"max_upload_bytes": 100}, {"max_pixels": 1000}):
        service = open_photo_service(settings.model_copy(update=limits), engine)
        with pytest.raises(TooLargeError):
            service.analyse(lambda: cracked_jpeg)
        service.close()


def test_without_a_model_the_photo_is_not_even_read(settings: Settings) -> None:
    service = open_photo_service(settings.model_copy(update={"model_path": "no/such/best.onnx"}))

    with pytest.raises(NotReadyError, match=r"best\.onnx"):
        service.analyse(lambda: pytest.fail("read"))
    service.close()


@pytest.mark.parametrize(
    "file_id", ["", "..", "../../etc/passwd", "missing", "{id}/", "{ID}", "urn:uuid:{id}", "{{{id}}}", OTHER_ID]
)
def test_ids_that_were_not_handed_out_find_nothing(photos: PhotoService, cracked_jpeg: bytes, file_id: str) -> None:
    real = photos.analyse(lambda: cracked_jpeg).file_id
    wrong = file_id.format(id=real, ID=real.upper())

    with pytest.raises(NotFoundError):
        photos.artifact(wrong, ANNOTATED)
    with pytest.raises(NotFoundError):
        photos.delete(wrong)
    assert photos.artifact(real, ANNOTATED)


def test_a_deleted_result_is_gone_with_its_files(photos: PhotoService, settings: Settings, cracked_jpeg: bytes) -> None:
    gone, kept = (photos.analyse(lambda: cracked_jpeg).file_id for _ in range(2))
    photos.delete(gone)

    with pytest.raises(NotFoundError):
        photos.artifact(gone, ANNOTATED)
    with pytest.raises(NotFoundError):
        photos.delete(gone)
    assert {blob.key.split("/")[1] for blob in stored(settings)} == {kept}


def test_a_deletion_that_broke_off_can_be_made_again(
    photos: PhotoService, settings: Settings, cracked_jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: str) -> None:
        raise UnavailableError("The store for files cannot be reached now.")

    file_id = photos.analyse(lambda: cracked_jpeg).file_id
    with monkeypatch.context() as storage:
        storage.setattr(photos.blobs, "delete", refuse)
        with pytest.raises(UnavailableError):
            photos.delete(file_id)
    photos.delete(file_id)

    assert stored(settings) == ()
    with pytest.raises(NotFoundError):
        photos.delete(file_id)


@pytest.mark.parametrize("broken", ["blobs", "records"])
def test_a_result_that_cannot_be_stored_whole_is_not_stored(
    photos: PhotoService, settings: Settings, cracked_jpeg: bytes, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def disk_full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if broken == "blobs":
        put = photos.blobs.put
        fails = lambda key, *rest: disk_full() if key.endswith(REPORT) else put(key, *rest)  # noqa: E731
        monkeypatch.setattr(photos.blobs, "put", fails)
    else:
        monkeypatch.setattr(photos.records, "put", disk_full)

    with pytest.raises(OSError, match="No space left"):
        photos.analyse(lambda: cracked_jpeg)
    assert stored(settings) == ()
