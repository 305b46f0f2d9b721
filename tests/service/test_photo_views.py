"""Photos as screens show them."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from sightline.errors import GoneError, NotFoundError
from sightline.service.inspection_setup import WallServices
from sightline.service.new_photo import NewPhoto
from sightline.service.view_sizes import MEDIUM_PX, ViewSize, reduction, view_of
from sightline.storage.local import LocalBlobStore
from tests.conftest import encoded, wall
from tests.media.samples import encode


@pytest.fixture
def inspection_id(walls: WallServices) -> str:
    return walls.inspections.create({"wall": "Bedroom"}).inspection_id


def added(walls: WallServices, inspection_id: str, data: bytes) -> str:
    return walls.inspections.add_photo(inspection_id, NewPhoto("check-in"), lambda: data).photo.photo_id


def opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    assert picture.format == "JPEG"
    return picture


@pytest.mark.parametrize(("size", "expected"), [("small", (320, 160)), ("medium", (1600, 800)), ("full", (2000, 1000))])
def test_sides_are_as_long_as_asked_for(size: ViewSize, expected: tuple[int, int]) -> None:
    assert opened(view_of(wall(2000, 1000), size)).size == expected


def test_a_small_photo_does_not_grow() -> None:
    assert opened(view_of(wall(200, 100), "medium")).size == (200, 100)
    assert reduction((200, 100), MEDIUM_PX) == 1


def test_a_view_is_made_once(walls: WallServices, inspection_id: str, blobs: LocalBlobStore) -> None:
    photo_id = added(walls, inspection_id, encoded(wall(640, 480)))
    first = walls.views.view(inspection_id, photo_id, "small")
    for file in blobs.list(f"inspection/{inspection_id}/photos/"):
        if file.key.endswith("/original"):
            blobs.delete(file.key)

    assert opened(first).size == (320, 240)
    assert walls.views.view(inspection_id, photo_id, "small") == first
    assert opened(walls.views.view(inspection_id, photo_id, "medium")).size == (640, 480)


def test_heic_is_shown_too(walls: WallServices, inspection_id: str) -> None:
    photo_id = added(walls, inspection_id, encode(wall(640, 480), "HEIF"))

    assert opened(walls.views.view(inspection_id, photo_id, "full")).size == (640, 480)


def test_views_go_with_their_photo(walls: WallServices, inspection_id: str, blobs: LocalBlobStore) -> None:
    photo_id = added(walls, inspection_id, encoded(wall()))
    walls.views.view(inspection_id, photo_id, "medium")
    walls.inspections.delete_photo(inspection_id, photo_id)

    assert not [file.key for file in blobs.list(f"inspection/{inspection_id}/") if "view-" in file.key]
    with pytest.raises(GoneError):
        walls.views.view(inspection_id, photo_id, "medium")
    with pytest.raises(NotFoundError):
        walls.views.view(inspection_id, inspection_id, "medium")
