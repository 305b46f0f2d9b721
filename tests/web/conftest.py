"""The application in this process, and a real server of it on a port of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from sightline.service.gaze_setup import GazeService, open_gaze_service
from sightline.settings import Settings
from sightline.web.app import create_app
from tests.conftest import PATIENCE_S, FakeEngine
from tests.service.faces import FakeVideoAnalysis, fake_picture_analysis

Serve = Callable[[FastAPI], AbstractContextManager[str]]


@pytest.fixture
def client(settings: Settings, engine: FakeEngine) -> Iterator[TestClient]:
    with TestClient(create_app(settings, engine)) as client:
        _until_loaded(client)
        yield client


@pytest.fixture
def analysis() -> Iterator[FakeVideoAnalysis]:
    analysis = FakeVideoAnalysis()
    yield analysis
    analysis.hold.set()


def fake_gaze(settings: Settings, analysis: FakeVideoAnalysis, clock: Callable[[], float] = time.time) -> GazeService:
    """The service for faces without a model."""
    return open_gaze_service(settings, analyse_video=analysis, analyse_picture=fake_picture_analysis, clock=clock)


@pytest.fixture
def gaze_app(settings: Settings, engine: FakeEngine, analysis: FakeVideoAnalysis) -> FastAPI:
    """The application with both sides of it fake; its lifespan closes it."""
    return create_app(settings, engine, fake_gaze(settings, analysis))


@pytest.fixture
def faces(gaze_app: FastAPI) -> Iterator[TestClient]:
    """A client of the application with a fake analysis of faces."""
    with TestClient(gaze_app) as client:
        yield client


@pytest.fixture
def serve() -> Serve:
    """Runs an app in a real server for the length of a `with`; gives its address."""
    return _served


@contextmanager
def _served(app: FastAPI) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)


def _until_loaded(client: TestClient) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    app.state.services.photos.model.wait(PATIENCE_S)
