from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import closing

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from sightline.service.setup import open_photo_service
from sightline.settings import Settings
from sightline.storage.local import LocalBlobStore
from sightline.web.app import app_around
from tests.conftest import PATIENCE_S, FakeEngine
from tests.service.faces import FakeVideoAnalysis
from tests.storage.address_contract import AddressContract, Answer, Send, send_to
from tests.web.conftest import Serve, fake_gaze


class TestAddressesOfTheLocalService(AddressContract):
    @pytest.fixture
    def store(self, settings: Settings) -> LocalBlobStore:
        return LocalBlobStore(settings.results_dir / "files")

    @pytest.fixture
    def send(self, gaze_app: FastAPI, serve: Serve) -> Iterator[Send]:
        with serve(gaze_app) as url:

            def send(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
                return send_to(url + path, method, body, headers)

            yield send


@pytest.fixture
def files(settings: Settings) -> LocalBlobStore:
    return LocalBlobStore(settings.results_dir / "files")


def test_a_file_may_not_act_in_the_service_s_name(faces: TestClient, files: LocalBlobStore) -> None:
    files.put("users/u/page.html", b"<script>alert(1)</script>", "text/html")

    answer = faces.get(files.presign_get("users/u/page.html", expires_s=60))
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"].startswith("private")


def test_head_tells_of_a_file_without_it(faces: TestClient, files: LocalBlobStore) -> None:
    files.put("users/u/a.mp4", b"12345", "video/mp4")

    answer = faces.head(files.presign_get("users/u/a.mp4", expires_s=60))
    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "5", b"")


def test_refusals_are_in_the_one_form(faces: TestClient, files: LocalBlobStore) -> None:
    answer = faces.get(files.presign_get("a.mp4", expires_s=60) + "0")
    assert answer.status_code == 403
    assert answer.json()["code"] == "forbidden"
    assert faces.get("/files/a.mp4").status_code == 422
    assert faces.get("/files/a.mp4?expires=soon&signature=x").status_code == 422
    assert faces.get("/files/a.mp4?expires=99999999999&signature=%C3%BC").status_code == 403
    assert faces.get("/files/..%2F..%2Fetc/passwd?expires=99999999999&signature=x").status_code == 403


def test_a_browser_of_another_site_may_send_a_file(faces: TestClient, files: LocalBlobStore) -> None:
    put = files.presign_put("users/u/a.mp4", content_type="video/mp4", size_bytes=5, expires_s=60)
    asked = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type",
    }
    preflight = faces.options(put.url, headers=asked)
    assert preflight.status_code == 200
    assert "PUT" in preflight.headers["access-control-allow-methods"]

    answer = faces.put(put.url, content=b"12345", headers={**put.headers, "Origin": "https://app.example"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")


def test_a_file_without_its_length_is_refused(faces: TestClient, files: LocalBlobStore) -> None:
    put = files.presign_put("users/u/a.mp4", content_type="video/mp4", size_bytes=5, expires_s=60)

    assert faces.put(put.url, content=iter([b"123", b"45"]), headers=dict(put.headers)).status_code == 403
    assert files.list() == ()


def test_a_file_that_breaks_off_is_not_stored(gaze_app: FastAPI, files: LocalBlobStore, serve: Serve) -> None:
    put = files.presign_put("users/u/a.mp4", content_type="video/mp4", size_bytes=4 << 20, expires_s=60)
    with serve(gaze_app) as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as connection:
            head = f"PUT {put.url} HTTP/1.1\r\nHost: x\r\nContent-Type: video/mp4\r\nContent-Length: {4 << 20}\r\n\r\n"
            connection.sendall(head.encode() + bytes(3 << 20))
    assert files.list() == ()


def test_a_file_shorter_than_announced_says_so(faces: TestClient, files: LocalBlobStore) -> None:
    put = files.presign_put("users/u/a.mp4", content_type="video/mp4", size_bytes=5, expires_s=60)

    answer = faces.put(put.url, content=b"123", headers={**put.headers, "Content-Length": "5"})
    assert (answer.status_code, answer.json()["error"]) == (400, "The file broke off after 3 of 5 bytes.")
    answer = faces.put(put.url, content=b"123456", headers={**put.headers, "Content-Length": "5"})
    assert answer.status_code == 413
    assert files.list() == ()


def test_where_files_lie_in_s3_there_are_no_addresses_here(
    settings: Settings, engine: FakeEngine, analysis: FakeVideoAnalysis
) -> None:
    in_cloud = settings.model_copy(update={"dynamodb_table": "parkinson-analysis"})
    with closing(open_photo_service(settings, engine)) as photos, closing(fake_gaze(settings, analysis)) as gaze:
        app = app_around(photos, in_cloud, gaze=gaze)

    assert not any(getattr(route, "path", "").startswith("/files") for route in app.routes)


def test_a_video_that_arrives_after_its_deletion_is_not_kept(faces: TestClient, files: LocalBlobStore) -> None:
    created = faces.post("/eye-tracking", json={"action": "create_upload", "user_id": "u1", "size_bytes": 5}).json()
    faces.post(
        "/eye-tracking", json={"action": "delete_analysis", "user_id": "u1", "analysis_id": created["analysis_id"]}
    )

    upload = created["upload"]
    faces.put(upload["url"], content=b"12345", headers=upload["headers"])
    assert files.list() == ()
