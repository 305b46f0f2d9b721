"""POST /compare: two photos in one call."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image
from starlette.testclient import TestClient

from sightline.settings import Settings
from sightline.web.app import create_app
from tests.conftest import FakeEngine

pytestmark = pytest.mark.usefixtures("quick_comparison")


def test_two_photos_are_compared(client: TestClient, clean_jpeg: bytes, cracked_jpeg: bytes) -> None:
    files = {"before": ("a.jpg", clean_jpeg), "after": ("b.jpg", cracked_jpeg)}
    response = client.post("/compare", files=files)
    answer = response.json()
    picture, report = client.get(answer["picture_url"]), client.get(answer["report_url"])

    assert response.status_code == 200
    assert answer["picture_url"] == f"http://testserver/compare/{answer['comparison_id']}/picture.jpg"
    assert (answer["comparable"], answer["refusal"]["code"]) == (False, "other_wall")
    assert (answer["before"]["has_crack"], answer["after"]["has_crack"]) == (False, True)
    assert Image.open(BytesIO(picture.content)).format == "JPEG"
    assert report.json()["comparison_id"] == answer["comparison_id"]
    assert report.json()["evidence"]["signature"] is not None


def test_its_picture_is_in_the_language_that_it_was_asked_in(client: TestClient, cracked_jpeg: bytes) -> None:
    def picture(address: str, **headers: str) -> bytes:
        answer = client.post(address, files={"before": cracked_jpeg, "after": cracked_jpeg}, headers=headers).json()
        return client.get(answer["picture_url"]).content

    assert picture("/compare?lang=ko") == picture("/compare", **{"Accept-Language": "ko"})
    assert picture("/compare?lang=ko") != picture("/compare") == picture("/compare?lang=en")


def test_a_removed_comparison_is_gone(client: TestClient, cracked_jpeg: bytes) -> None:
    files = {"before": ("a.jpg", cracked_jpeg), "after": ("b.jpg", cracked_jpeg)}
    answer = client.post("/compare", files=files).json()
    address = f"/compare/{answer['comparison_id']}"

    assert client.delete(address).status_code == 204
    assert client.delete(address).status_code == 404
    for name in ("picture.jpg", "report.json"):
        assert client.get(f"{address}/{name}").status_code == 404
        assert client.get(f"/compare/{uuid4()}/{name}").status_code == 404
        assert client.get(f"/compare/..%2F..%2Fetc/{name}").status_code == 404


@pytest.mark.parametrize(
    ("photos", "words"),
    [
        ({}, "No photo 'before'"),
        ({"before": b"good"}, "No photo 'after'"),
        ({"before": b"good", "after": b""}, "The photo 'after' is empty"),
        ({"before": b"no picture", "after": b"good"}, "The photo 'before': these bytes are no picture"),
    ],
)
def test_what_is_missing_is_named(
    client: TestClient, cracked_jpeg: bytes, photos: dict[str, bytes], words: str
) -> None:
    files = {field: ("a.jpg", cracked_jpeg if data == b"good" else data) for field, data in photos.items()}
    response = client.post("/compare", files=files or {"other": ("a.jpg", b"x")})

    assert (response.status_code, response.json()["code"]) == (400, "bad_input")
    assert words in response.json()["error"]


def test_limits_for_each_photo_and_for_both(settings: Settings, cracked_jpeg: bytes) -> None:
    size = len(cracked_jpeg)
    files = {"before": ("a.jpg", cracked_jpeg), "after": ("b.jpg", cracked_jpeg)}
    with TestClient(create_app(settings.model_copy(update={"max_upload_bytes": size}), FakeEngine())) as client:
        assert client.post("/compare", files=files).status_code == 200
        longer = files | {"after": ("b.jpg", cracked_jpeg + b"x")}
        assert client.post("/compare", files=longer).status_code == 413
        huge = client.post("/compare", files=files | {"after": ("b.jpg", bytes(200_000))})
    assert huge.status_code == 413
    assert "Both photos together" in huge.json()["error"]


POINTS = '{"points": [[10, 10], [60, 10]], "distance_mm": 25}'


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reference": "coin"}, "reference is 'coin'"),
        ({"reference_after": '{"points": []}'}, "reference_after is"),
        ({"reference": POINTS}, "they belong to one photo, so send 'reference_before' or 'reference_after'"),
        ({"reference_before": "card"}, "The photo 'before': no card"),
    ],
)
def test_a_wrong_reference_is_refused(
    client: TestClient, cracked_jpeg: bytes, fields: dict[str, str], words: str
) -> None:
    files = {"before": ("a.jpg", cracked_jpeg), "after": ("b.jpg", cracked_jpeg)}
    response = client.post("/compare", files=files, data=fields)

    assert response.status_code == 400
    assert words in response.json()["error"]


def test_two_points_give_the_scale_of_their_photo(client: TestClient, cracked_jpeg: bytes) -> None:
    files = {"before": ("a.jpg", cracked_jpeg), "after": ("b.jpg", cracked_jpeg)}
    answer = client.post("/compare", files=files, data={"reference_before": POINTS, "reference": "none"}).json()

    assert answer["before"]["scale"]["mm_per_px"] == pytest.approx(0.5)
    assert answer["after"]["scale"] is None
