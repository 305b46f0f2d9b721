"""Two photos in one call."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from sightline.errors import BadInputError, NotFoundError
from sightline.evidence.verify import verify
from sightline.service.comparisons import PICTURE, REPORT, ComparedPhoto, ComparisonService
from sightline.service.inspection_setup import WallServices
from sightline.service.references import AUTO
from sightline.storage.local import LocalBlobStore
from tests.conftest import encoded, wall
from tests.service import walls as made_up


@pytest.fixture
def comparisons(walls: WallServices) -> ComparisonService:
    return walls.comparisons


def sent(data: bytes, name: str = "") -> ComparedPhoto:
    return ComparedPhoto(lambda: data, name, AUTO)


def test_a_healed_crack_is_told_shown_and_sealed(comparisons: ComparisonService, tmp_path: Path) -> None:
    before, after = made_up.photo(cracks=1), made_up.photo(cracks=0, shift=12)
    found = comparisons.compare(sent(before, "a.jpg"), sent(after))
    report = comparisons.results.file(found.comparison_id, REPORT)
    document = json.loads(report)
    (tmp_path / "report.json").write_bytes(report)
    (tmp_path / "before.jpg").write_bytes(before)

    assert found.document["counts"]["healed"] == 1
    assert document | {"evidence": None} == found.document | {"evidence": None}
    originals = document["evidence"]["manifest"]["originals"]
    assert [(each["name"], each["role"]) for each in originals] == [("a.jpg", "before"), ("after", "after")]
    assert not verify(tmp_path / "report.json", originals=[tmp_path / "before.jpg"]).changed
    assert Image.open(BytesIO(comparisons.results.file(found.comparison_id, PICTURE))).format == "JPEG"


@pytest.mark.usefixtures("quick_comparison")
def test_photos_of_different_walls_are_an_answer_too(comparisons: ComparisonService) -> None:
    found = comparisons.compare(sent(encoded(wall())), sent(encoded(wall(cracks=0))))

    assert found.document["comparable"] is False
    assert found.document["refusal"]["code"] == "other_wall"
    assert comparisons.results.file(found.comparison_id, PICTURE)


@pytest.mark.parametrize("role", ["before", "after"])
def test_the_photo_that_cannot_be_read_is_named(
    comparisons: ComparisonService, blobs: LocalBlobStore, cracked_jpeg: bytes, role: str
) -> None:
    photos = {"before": sent(cracked_jpeg), "after": sent(cracked_jpeg)} | {role: sent(b"no picture")}
    with pytest.raises(BadInputError, match=f"The photo '{role}': these bytes are no picture"):
        comparisons.compare(photos["before"], photos["after"])
    assert blobs.list() == ()


@pytest.mark.usefixtures("quick_comparison")
def test_removed_and_old_comparisons_are_gone(comparisons: ComparisonService, cracked_jpeg: bytes) -> None:
    ids = [comparisons.compare(sent(cracked_jpeg), sent(cracked_jpeg)).comparison_id for _ in range(3)]
    comparisons.results.delete(ids[1])
    comparisons.results.keep_newest(1)

    assert comparisons.results.file(ids[2], REPORT)
    for gone in (*ids[:2], "missing", ids[2].upper()):
        with pytest.raises(NotFoundError):
            comparisons.results.file(gone, REPORT)
