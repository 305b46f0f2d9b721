"""Reports of inspections: sealed, made once, and made anew when the inspection or the key is another one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from sightline.errors import GoneError, NotFoundError, NotReadyError
from sightline.evidence.canonical import digest
from sightline.evidence.carriers import carrier_of
from sightline.evidence.envelope import Envelope
from sightline.evidence.keys import KEY_FILE, load_key, make_key
from sightline.evidence.verify import verify
from sightline.service.inspection_records import ORIGINAL
from sightline.service.inspection_setup import WallServices, open_walls
from sightline.service.new_photo import NewPhoto
from sightline.service.photos import PhotoService
from sightline.service.wall_reports import FORMATS, Format
from sightline.settings import Settings
from tests.conftest import encoded, wall

pytestmark = pytest.mark.usefixtures("quick_comparison")


@pytest.fixture
def inspection_id(walls: WallServices, cracked_jpeg: bytes) -> str:
    """An inspection with two photos."""
    inspection_id = walls.inspections.create({"wall": "침실 벽", "remarks": "Booking 1042"}).inspection_id
    for stage, cracks in (("check-in", 0), ("check-out", 1)):
        data = encoded(wall(cracks=cracks))
        walls.inspections.add_photo(inspection_id, NewPhoto(stage, name=f"{stage}.jpg"), lambda: data)  # noqa: B023
    return inspection_id


def report(walls: WallServices, inspection_id: str, report_format: Format = "json", language: str = "en") -> bytes:
    key = walls.reports.make(inspection_id, "ko" if language == "ko" else "en", report_format)
    return walls.inspections.store.blobs.get(key)


def test_all_formats_are_sealed_and_hold(
    walls: WallServices, inspection_id: str, settings: Settings, tmp_path: Path
) -> None:
    store, originals = walls.inspections.store, []
    for photo in store.photos(inspection_id):
        originals.append(tmp_path / f"{photo.stage}.jpg")
        originals[-1].write_bytes(store.blobs.get(photo.key(ORIGINAL)))
    for name in FORMATS:
        path = tmp_path / f"report.{name}"
        path.write_bytes(report(walls, inspection_id, name))
        found = verify(path, originals=originals, key=load_key(settings.results_dir / KEY_FILE).public)
        assert found.holds, found.to_dict()
        assert (found.trusted, found.format) == (True, name)
    originals[0].write_bytes(b"another photo")
    assert not verify(tmp_path / "report.pdf", originals=originals).holds


def test_the_json_says_it_all(walls: WallServices, inspection_id: str) -> None:
    document = json.loads(report(walls, inspection_id))

    assert (document["wall"], document["remarks"]) == ("침실 벽", "Booking 1042")
    assert [photo["stage"] for photo in document["photos"]] == ["check-in", "check-out"]
    assert [photo["has_crack"] for photo in document["photos"]] == [False, True]
    (comparison,) = document["comparisons"]
    assert (comparison["before"], comparison["after"], comparison["comparable"]) == (0, 1, False)
    manifest = document["evidence"]["manifest"]
    assert [original["role"] for original in manifest["originals"]] == ["check-in", "check-out"]
    assert [original["name"] for original in manifest["originals"]] == ["check-in.jpg", "check-out.jpg"]
    assert manifest["kind"] == "crack-inspection"
    assert manifest["subject"] == inspection_id
    assert manifest["model"]["name"] == "fake"


def test_it_is_made_once_for_each_state_language_and_key(
    walls: WallServices, inspection_id: str, settings: Settings, photos: PhotoService, clean_jpeg: bytes
) -> None:
    assert walls.reports.key(inspection_id, "en", "pdf") is None
    english = report(walls, inspection_id)
    assert walls.reports.key(inspection_id, "en", "pdf") is not None
    assert report(walls, inspection_id) == english
    assert walls.reports.key(inspection_id, "ko", "json") is None
    other_key = settings.model_copy(update={"signing_key": SecretStr(make_key().to_pem())})
    assert open_walls(other_key, photos).reports.key(inspection_id, "en", "json") is None
    walls.inspections.add_photo(inspection_id, NewPhoto("later"), lambda: clean_jpeg)
    assert walls.reports.key(inspection_id, "en", "json") is None
    assert len(json.loads(report(walls, inspection_id))["photos"]) == 3


def test_the_tombstone_names_the_last_manifests(walls: WallServices, inspection_id: str) -> None:
    made = {name: report(walls, inspection_id, name) for name in FORMATS}
    walls.inspections.delete(inspection_id)
    with pytest.raises(GoneError) as caught:
        walls.reports.key(inspection_id, "en", "pdf")

    digests = {}
    for name, data in made.items():
        extracted = carrier_of(name).extract(data)
        assert extracted is not None
        digests[name] = digest(Envelope.from_bytes(extracted.payload).manifest)
    assert caught.value.tombstone["last_manifest_sha256"] == digests
    assert len(set(digests.values())) == 3


def test_without_photos_there_is_nothing_to_report(walls: WallServices) -> None:
    inspection_id = walls.inspections.create({"wall": "Bedroom"}).inspection_id
    with pytest.raises(NotFoundError, match="no photos yet"):
        walls.reports.make(inspection_id, "en", "pdf")


def test_without_a_key_the_report_says_that_it_is_unsigned(
    settings: Settings, photos: PhotoService, inspection_id: str
) -> None:
    unsigned = open_walls(settings, photos, durable=False)
    evidence = json.loads(report(unsigned, inspection_id))["evidence"]

    assert evidence["signature"] is None
    assert evidence["manifest"]["signed_by"] is None


def test_a_name_that_was_not_sent_is_made_up(walls: WallServices, cracked_jpeg: bytes) -> None:
    inspection_id = walls.inspections.create({"wall": "Bedroom"}).inspection_id
    walls.inspections.add_photo(inspection_id, NewPhoto("check-in"), lambda: cracked_jpeg)
    document = json.loads(report(walls, inspection_id))

    assert document["photos"][0]["name"] == "photo 1"
    assert document["comparisons"] == []


def test_no_report_vouches_for_a_photo_that_the_storage_changed(
    walls: WallServices, inspection_id: str, cracked_jpeg: bytes
) -> None:
    store = walls.inspections.store
    photo = store.photos(inspection_id)[0]
    store.blobs.put(photo.key(ORIGINAL), cracked_jpeg, "image/jpeg")
    with pytest.raises(NotReadyError, match="not the one that was received"):
        report(walls, inspection_id)


def test_a_report_of_what_goes_at_that_moment_says_so(
    walls: WallServices, inspection_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = walls.inspections.store
    photos = store.photos

    def removed_meanwhile(asked: str) -> object:
        monkeypatch.undo()
        walls.inspections.delete(asked)
        return photos(asked)

    monkeypatch.setattr(store, "photos", removed_meanwhile)
    with pytest.raises(GoneError):
        walls.reports.key(inspection_id, "en", "pdf")
