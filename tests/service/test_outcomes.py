"""What photos say together: worked out once for each state of an inspection, and gone with its photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from sightline.crack.report import ModelInfo
from sightline.errors import GoneError, NotFoundError
from sightline.service import outcomes as module
from sightline.service.inspection_records import StoredPhoto
from sightline.service.inspection_setup import WallServices
from sightline.service.new_photo import NewPhoto
from sightline.service.photos import PhotoService
from sightline.service.wall import SeenPhoto, Wall, compare_wall
from sightline.storage.local import LocalBlobStore
from tests.conftest import FakeEngine, encoded, wall
from tests.service import walls as made_up


@pytest.fixture
def inspection_id(walls: WallServices) -> str:
    return walls.inspections.create({"wall": "Bedroom"}).inspection_id


def add(walls: WallServices, inspection_id: str, stage: str, data: bytes) -> StoredPhoto:
    return walls.inspections.add_photo(inspection_id, NewPhoto(stage), lambda: data).photo


def test_a_new_crack_is_told_and_shown(walls: WallServices, inspection_id: str, blobs: LocalBlobStore) -> None:
    before = add(walls, inspection_id, "check-in", made_up.photo(cracks=1))
    after = add(walls, inspection_id, "check-out", made_up.photo(cracks=2, shift=12))
    photos, outcome = walls.outcomes.work_out(inspection_id)
    (comparison,) = outcome["comparisons"]

    assert photos == (before, after)
    assert comparison["comparable"]
    assert (comparison["counts"]["new"], comparison["counts"]["unchanged"]) == (1, 1)
    assert (comparison["before_photo_id"], comparison["after_photo_id"]) == (before.photo_id, after.photo_id)
    assert comparison["consecutive"] is True
    assert sorted(track["first_seen"] for track in outcome["tracks"]) == [0, 1]
    picture = blobs.get(walls.outcomes.picture_key(inspection_id, before, after))
    assert picture.startswith(b"\xff\xd8\xff")


@pytest.mark.usefixtures("quick_comparison")
def test_each_photo_with_the_one_before_it_and_the_last_with_the_first(walls: WallServices, inspection_id: str) -> None:
    ids = [add(walls, inspection_id, f"day-{day}", encoded(wall(cracks=day))).photo_id for day in range(3)]
    _, outcome = walls.outcomes.work_out(inspection_id)
    pairs = [(each["before_photo_id"], each["after_photo_id"], each["consecutive"]) for each in outcome["comparisons"]]

    assert pairs == [(ids[0], ids[1], True), (ids[1], ids[2], True), (ids[0], ids[2], False)]


@pytest.mark.usefixtures("quick_comparison")
def test_it_is_worked_out_once_for_each_state(
    walls: WallServices, inspection_id: str, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = walls.inspections.store
    assert walls.outcomes.known(inspection_id, ()) == {"comparisons": [], "tracks": [], "findings": {}}
    for stage in ("a", "b"):
        add(walls, inspection_id, stage, encoded(wall()))
    assert walls.outcomes.known(inspection_id, store.photos(inspection_id)) is None
    worked_out = walls.outcomes.work_out(inspection_id)
    calls = engine.calls
    with monkeypatch.context() as patched:
        patched.setattr(module, "compare_wall", lambda _: pytest.fail("again"))
        assert walls.outcomes.work_out(inspection_id) == worked_out
    assert walls.outcomes.known(inspection_id, store.photos(inspection_id)) == worked_out[1]
    assert calls == 2  # what the model said when the photos arrived
    add(walls, inspection_id, "c", encoded(wall()))
    assert walls.outcomes.known(inspection_id, store.photos(inspection_id)) is None


@pytest.mark.usefixtures("quick_comparison")
def test_nothing_of_a_removed_photo_stays(walls: WallServices, inspection_id: str, blobs: LocalBlobStore) -> None:
    first, second = (add(walls, inspection_id, stage, encoded(wall())) for stage in ("a", "b"))
    walls.outcomes.work_out(inspection_id)
    walls.inspections.delete_photo(inspection_id, first.photo_id)

    assert all(blob.key.startswith(second.folder) for blob in blobs.list())


@pytest.mark.usefixtures("quick_comparison")
def test_a_picture_that_went_with_another_photo_is_made_again(
    walls: WallServices, inspection_id: str, blobs: LocalBlobStore
) -> None:
    first, second = (add(walls, inspection_id, stage, encoded(wall())) for stage in ("a", "b"))
    assert walls.outcomes.is_picture_due(inspection_id, first, second)
    walls.outcomes.work_out(inspection_id)
    assert not walls.outcomes.is_picture_due(inspection_id, first, second)
    assert not walls.outcomes.is_picture_due(inspection_id, second, first)
    key = walls.outcomes.picture_key(inspection_id, first, second)
    blobs.delete(key)

    assert walls.outcomes.is_picture_due(inspection_id, first, second)
    walls.outcomes.work_out(inspection_id)
    assert blobs.head(key).size_bytes > 0


@pytest.mark.usefixtures("quick_comparison")
@pytest.mark.parametrize("what", ["photo", "inspection"])
def test_what_is_removed_meanwhile_leaves_nothing(
    walls: WallServices, inspection_id: str, blobs: LocalBlobStore, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    first, second = (add(walls, inspection_id, stage, encoded(wall())) for stage in ("a", "b"))

    def removed_meanwhile(photos: Sequence[SeenPhoto]) -> Wall:
        if what == "photo":
            walls.inspections.delete_photo(inspection_id, first.photo_id)
        else:
            walls.inspections.delete(inspection_id)
        return compare_wall(photos)

    monkeypatch.setattr(module, "compare_wall", removed_meanwhile)
    if what == "photo":
        walls.outcomes.work_out(inspection_id)
        assert all(blob.key.startswith(second.folder) for blob in blobs.list())
    else:
        with pytest.raises(GoneError):
            walls.outcomes.work_out(inspection_id)
        assert blobs.list() == ()


@pytest.mark.usefixtures("quick_comparison")
def test_photos_that_different_models_saw_are_looked_at_again_by_one(
    walls: WallServices, inspection_id: str, engine: FakeEngine, photos: PhotoService
) -> None:
    add(walls, inspection_id, "a", encoded(wall()))
    engine.info = ModelInfo(name="newer", version="1", sha256="1" * 64)
    add(walls, inspection_id, "b", encoded(wall()))
    kept, outcome = walls.outcomes.work_out(inspection_id)
    shown = [module.with_findings(photo, outcome) for photo in kept]

    assert engine.calls == 4
    assert [photo.findings["model"]["name"] for photo in kept] == ["fake", "newer"]
    assert [photo.findings["model"]["name"] for photo in shown] == ["newer", "newer"]


def test_a_photo_whose_files_are_just_going_is_no_bug(walls: WallServices, inspection_id: str) -> None:
    photo = add(walls, inspection_id, "a", encoded(wall()))
    with pytest.raises(Exception, match="being removed"):
        walls.outcomes.wall_of([replace(photo, folder="inspection/none")])
    with pytest.raises(NotFoundError):
        walls.inspections.store.photo(inspection_id, "none")
