"""GET / and GET /health tell the truth about the model, at once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from sightline.crack.engine import CrackEngine
from sightline.errors import MissingExtraError
from sightline.service import setup
from sightline.settings import Settings
from sightline.web.app import create_app
from tests.conftest import PATIENCE_S, FakeEngine

ADDRESSES = ("/", "/health")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_service_with_a_model_is_healthy(client: TestClient, address: str) -> None:
    response = client.get(address)
    contract = {"status": "healthy", "message": "AI server is running", "model_loaded": True}

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json().items() >= contract.items()
    assert response.json()["model"]["name"] == "fake"
    assert client.head(address).status_code == 200


def test_while_the_model_loads_health_answers_and_photos_wait_for_it(
    settings: Settings, engine: FakeEngine, cracked_jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()

    def load(_: Settings) -> CrackEngine:
        assert go.wait(PATIENCE_S)
        return engine

    monkeypatch.setattr(setup, "load_crack_engine", load)
    with TestClient(create_app(settings)) as client:
        response = client.get("/health")
        assert response.status_code == 503
        assert (response.json()["status"], response.json()["model_loaded"]) == ("starting", False)

        answers: list[int] = []
        photo = {"file": ("a.jpg", cracked_jpeg)}
        thread = threading.Thread(target=lambda: answers.append(client.post("/detect-crack", files=photo).status_code))
        thread.start()
        assert client.get("/health").status_code == 503
        go.set()
        thread.join(PATIENCE_S)
        assert answers == [200]
        assert client.get("/health").status_code == 200


def unhealthy(app: FastAPI, photo: bytes) -> str:
    """The reason that health gives, after checking that photos get the same."""
    with TestClient(app) as client:
        detect = client.post("/detect-crack", files={"file": ("a.jpg", photo)})
        health = client.get("/health")
        root = client.get("/")
    assert (detect.status_code, health.status_code, root.status_code) == (503, 503, 503)
    assert health.json() == root.json()
    assert (health.json()["status"], health.json()["model_loaded"]) == ("unhealthy", False)
    assert detect.json()["error"] == health.json()["message"]
    reason: str = health.json()["message"]
    return reason


def test_a_missing_model_file(settings: Settings, cracked_jpeg: bytes) -> None:
    app = create_app(settings.model_copy(update={"model_path": "no/such/best.onnx"}))

    assert "best.onnx" in unhealthy(app, cracked_jpeg)


@pytest.mark.parametrize("content", [b"", b"no model", b"\x08\x0a" * 100])
def test_a_corrupt_model_file(settings: Settings, cracked_jpeg: bytes, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "best.onnx"
    path.write_bytes(content)

    assert "best.onnx" in unhealthy(create_app(settings.model_copy(update={"model_path": str(path)})), cracked_jpeg)


@pytest.mark.parametrize("error", [MissingExtraError("Install sightline[yolo]."), RuntimeError("a bug")])
def test_whatever_keeps_the_model_from_loading(
    settings: Settings, cracked_jpeg: bytes, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def load(_: Settings) -> CrackEngine:
        raise error

    monkeypatch.setattr(setup, "load_crack_engine", load)
    assert str(error) in unhealthy(create_app(settings), cracked_jpeg)
