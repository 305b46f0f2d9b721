"""GET and DELETE /result/{id}, and finding results again."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image
from starlette.testclient import TestClient

from sightline.settings import Settings
from sightline.web.app import create_app
from tests.conftest import OTHER_ID, FakeEngine

FILES = {"": "image/jpeg", "/mask.png": "image/png", "/report.json": "application/json"}


def analysed(client: TestClient, photo: bytes) -> str:
    file_id: str = client.post("/detect-crack", files={"file": ("a.jpg", photo)}).json()["file_id"]
    return file_id


def test_the_annotated_picture_and_the_mask(client: TestClient, cracked_jpeg: bytes) -> None:
    file_id = analysed(client, cracked_jpeg)
    picture = client.get(f"/result/{file_id}")
    mask = client.get(f"/result/{file_id}/mask.png")

    assert picture.headers["content-type"] == "image/jpeg"
    assert Image.open(BytesIO(picture.content)).format == "JPEG"
    assert mask.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(mask.content)).size == (320, 240)
    assert Image.open(BytesIO(mask.content)).mode == "1"


@pytest.mark.parametrize(("name", "content_type"), FILES.items())
def test_head_says_what_get_would(client: TestClient, cracked_jpeg: bytes, name: str, content_type: str) -> None:
    address = f"/result/{analysed(client, cracked_jpeg)}{name}"
    got, head = client.get(address), client.head(address)

    assert head.status_code == got.status_code == 200
    assert head.headers["content-type"] == content_type
    assert head.headers["content-length"] == str(len(got.content))
    assert head.content == b""
    assert client.head(f"/result/{uuid4()}{name}").status_code == 404


def test_no_shared_cache_may_keep_a_result(client: TestClient, cracked_jpeg: bytes) -> None:
    response = client.get(f"/result/{analysed(client, cracked_jpeg)}")

    assert "private" in response.headers["cache-control"]
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "file_id",
    [
        "missing",
        OTHER_ID,
        "%2e%2e",
        "..%2F..%2F..%2Fetc%2Fpasswd",
        "../../../../etc/passwd",
        "..%5c..%5cwindows%5cwin.ini",
        "%00",
        "records.sqlite3",
        "a" * 5000,
        "{id}%00",
        "{id}.jpg",
        "{id}/annotated.jpg",
        "{id}/../{id}/files",
        "{ID}",
    ],
)
def test_other_ids_find_nothing(client: TestClient, cracked_jpeg: bytes, file_id: str) -> None:
    real = analysed(client, cracked_jpeg)
    for name in FILES:
        response = client.get(f"/result/{file_id.format(id=real, ID=real.upper())}{name}")
        assert response.status_code == 404
        assert response.json()["code"] == "not_found"
        assert response.json()["error"]
    assert client.get(f"/result/{real}").status_code == 200


def test_results_are_found_again_after_a_restart(settings: Settings, cracked_jpeg: bytes) -> None:
    with TestClient(create_app(settings, FakeEngine())) as client:
        file_id = analysed(client, cracked_jpeg)
        before = [client.get(f"/result/{file_id}{name}").content for name in FILES]
    with TestClient(create_app(settings, FakeEngine())) as client:
        assert [client.get(f"/result/{file_id}{name}").content for name in FILES] == before


def test_results_are_found_without_a_model(settings: Settings, cracked_jpeg: bytes) -> None:
    with TestClient(create_app(settings, FakeEngine())) as client:
        file_id = analysed(client, cracked_jpeg)
    with TestClient(create_app(settings.model_copy(update={"model_path": "missing.onnx"}))) as client:
        assert client.get(f"/result/{file_id}").status_code == 200


def test_another_instance_on_the_same_data_finds_them_too(settings: Settings, cracked_jpeg: bytes) -> None:
    with TestClient(create_app(settings, FakeEngine())) as one, TestClient(create_app(settings, FakeEngine())) as other:
        assert other.get(f"/result/{analysed(one, cracked_jpeg)}").status_code == 200


def test_a_deleted_result_is_gone(client: TestClient, cracked_jpeg: bytes) -> None:
    file_id = analysed(client, cracked_jpeg)
    response = client.delete(f"/result/{file_id}")

    assert (response.status_code, response.content) == (204, b"")
    assert [client.get(f"/result/{file_id}{name}").status_code for name in FILES] == [404, 404, 404]
    assert client.delete(f"/result/{file_id}").status_code == 404
