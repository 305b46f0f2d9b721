"""What photos say together: worked out once for each state of an inspection, and gone with its photos."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sightline.crack.compare.compared import ComparisonReport
from sightline.crack.report import ModelInfo
from sightline.documents.language import LANGUAGES, Language
from sightline.errors import GoneError, NotFoundError, UnavailableError
from sightline.service import gallery
from sightline.service import outcomes as module
from sightline.service.gallery import picture_name
from sightline.service.inspection_records import StoredPhoto
from sightline.service.inspection_setup import WallServices
from sightline.service.new_photo import NewPhoto
from sightline.service.photos import PhotoService
from sightline.service.wall import SeenPhoto, compare_pair
from sightline.storage.local import LocalBlobStore
from tests.conftest import FakeEngine, encoded, wall
from tests.service import walls as made_up


@pytest.fixture
def inspection_id(walls: WallServices) -> str:
    return walls.inspections.create({"wall": "Bedroom"}).inspection_id


def add(walls: WallServices, inspection_id: str, stage: str, data: bytes) -> StoredPhoto:
    return walls.inspections.add_photo(inspection_id, NewPhoto(stage), lambda: data).photo


def about(photo: StoredPhoto, blobs: LocalBlobStore) -> list[str]:
    """The keys of all files that came with an upload, or were made of it alone or with others."""
    upload = photo.folder.rpartition("/")[2]
    return [blob.key for blob in blobs.list() if upload in blob.key or "/all-" in blob.key]


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
    picture = blobs.get(walls.outcomes.picture(inspection_id, before, after, picture_name("en"))[0])
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
        patched.setattr(gallery, "compare_pair", lambda *_: pytest.fail("again"))
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

    assert not about(first, blobs)
    assert about(second, blobs)


@pytest.mark.usefixtures("quick_comparison")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_that_is_gone_is_made_again(
    walls: WallServices, inspection_id: str, blobs: LocalBlobStore, language: Language
) -> None:
    name = picture_name(language)
    first, second = (add(walls, inspection_id, stage, encoded(wall())) for stage in ("a", "b"))
    key, is_due = walls.outcomes.picture(inspection_id, first, second, name)
    assert is_due
    walls.outcomes.work_out(inspection_id)
    assert walls.outcomes.picture(inspection_id, first, second, name) == (key, False)
    assert walls.outcomes.picture(inspection_id, second, first, name)[1] is False
    blobs.delete(key)

    assert walls.outcomes.picture(inspection_id, first, second, name) == (key, True)
    walls.outcomes.work_out(inspection_id)
    assert blobs.head(key).size_bytes > 0


@pytest.mark.usefixtures("quick_comparison")
@pytest.mark.parametrize("what", ["photo", "inspection"])
def test_what_is_removed_meanwhile_leaves_nothing(
    walls: WallServices, inspection_id: str, blobs: LocalBlobStore, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    first, _ = (add(walls, inspection_id, stage, encoded(wall())) for stage in ("a", "b"))

    def removed_meanwhile(*pair: SeenPhoto) -> ComparisonReport:
        if what == "photo":
            walls.inspections.delete_photo(inspection_id, first.photo_id)
        else:
            walls.inspections.delete(inspection_id)
        return compare_pair(*pair)

    monkeypatch.setattr(gallery, "compare_pair", removed_meanwhile)
    if what == "photo":
        walls.outcomes.work_out(inspection_id)
        assert not about(first, blobs)
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
        walls.outcomes.wall_of(inspection_id, [replace(photo, folder="inspection/none")])
    with pytest.raises(NotFoundError):
        walls.inspections.store.photo(inspection_id, "none")


def arrive(walls: WallServices, inspection_id: str, stage: str, data: bytes) -> StoredPhoto:
    """A photo that comes through a door."""
    added = walls.inspections.add_photo(inspection_id, NewPhoto(stage), lambda: data)
    assert added.seen is not None
    walls.outcomes.arrived(inspection_id, added.photo, added.seen)
    return added.photo


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pairs are compared, one 1 for each."""
    counted: list[int] = []

    def counting(*pair: SeenPhoto) -> ComparisonReport:
        counted.append(1)
        return compare_pair(*pair)

    monkeypatch.setattr(gallery, "compare_pair", counting)
    return counted


@pytest.mark.usefixtures("quick_comparison")
def test_a_pair_is_compared_once_when_its_later_photo_arrives(
    walls: WallServices, inspection_id: str, compared: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for day in range(5):
        arrive(walls, inspection_id, f"day-{day}", encoded(wall(cracks=day)))
        counts.append(len(compared))
    assert counts == [0, 1, 3, 5, 7]  # with the one before it, and with the first
    with monkeypatch.context() as patched:
        patched.setattr(gallery.Gallery, "seen", lambda *_: pytest.fail("decoded"))
        photos, outcome = walls.outcomes.work_out(inspection_id)
    assert len(outcome["comparisons"]) == len(photos) == 5


@pytest.mark.usefixtures("quick_comparison")
def test_a_report_compares_nothing_again(walls: WallServices, inspection_id: str, compared: list[int]) -> None:
    for day in range(3):
        arrive(walls, inspection_id, f"day-{day}", encoded(wall(cracks=day)))
    before = len(compared)
    walls.reports.make(inspection_id, "en", "json")
    assert len(compared) == before


@pytest.mark.usefixtures("quick_comparison")
def test_only_what_holds_stays(
    walls: WallServices, inspection_id: str, blobs: LocalBlobStore, compared: list[int]
) -> None:
    photos = [arrive(walls, inspection_id, f"day-{day}", encoded(wall(cracks=day))) for day in range(2)]
    walls.reports.make(inspection_id, "en", "pdf")
    photos += [arrive(walls, inspection_id, f"day-{day}", encoded(wall(cracks=day))) for day in range(2, 4)]
    made = [blob.key.split("/")[-2:] for blob in blobs.list(f"inspection/{inspection_id}/derived/")]
    uploads = [photo.folder.rpartition("/")[2] for photo in photos]
    pairs = [f"{uploads[one]}+{uploads[other]}" for one, other in ((0, 1), (1, 2), (2, 3), (0, 3))]
    folders = {folder for folder, _ in made}

    assert len({folder for folder in folders if folder.startswith("all-")}) == 1
    assert folders - {*uploads, *pairs} == {folder for folder in folders if folder.startswith("all-")}
    assert not [name for _, name in made if name.startswith("report.en")]  # it was of two photos
    count = len(compared)
    walls.inspections.delete_photo(inspection_id, photos[2].photo_id)
    walls.outcomes.work_out(inspection_id)
    assert len(compared) == count + 1  # the two that are neighbours now


def test_a_kept_comparison_says_the_same(walls: WallServices, inspection_id: str) -> None:
    for stage, cracks, shift in (("a", 1, 0), ("b", 2, 12)):
        arrive(walls, inspection_id, stage, made_up.photo(cracks=cracks, shift=shift))
    photos, outcome = walls.outcomes.work_out(inspection_id)
    for key in walls.outcomes.files.blobs.list(f"inspection/{inspection_id}/derived/"):
        walls.outcomes.files.blobs.delete(key.key)

    assert walls.outcomes.work_out(inspection_id) == (photos, outcome)


@pytest.mark.usefixtures("quick_comparison")
def test_a_photo_is_kept_where_it_cannot_be_compared_now(
    walls: WallServices, inspection_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> ComparisonReport:
        raise UnavailableError("later")

    monkeypatch.setattr(gallery, "compare_pair", refused)
    for stage in ("a", "b"):
        arrive(walls, inspection_id, stage, encoded(wall()))
    assert len(walls.inspections.store.photos(inspection_id)) == 2
    monkeypatch.setattr(gallery, "compare_pair", compare_pair)
    assert len(walls.outcomes.work_out(inspection_id)[1]["comparisons"]) == 1
