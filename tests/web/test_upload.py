"""The limit on uploads, kept while they stream, and clients that go away."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.types import Message

from sightline.settings import Settings
from sightline.web.app import create_app
from tests.conftest import PATIENCE_S, FakeEngine, encoded, wall
from tests.web.conftest import Serve

LIMIT = 200_000
PREAMBLE = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
MULTIPART = {"content-type": "multipart/form-data; boundary=x"}


@pytest.fixture
def small(settings: Settings, engine: FakeEngine) -> Iterator[FastAPI]:
    """An app that takes photos of at most `LIMIT` bytes; closed here, for not every test runs its lifespan."""
    app = create_app(settings.model_copy(update={"max_upload_bytes": LIMIT}), engine)
    with closing(app.state.services.photos), closing(app.state.gaze.gaze):
        yield app


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def too_large(response: Any) -> bool:
    return (response.status_code, response.json()["code"], "0.2 MB" in response.text) == (413, "too_large", True)


def test_a_photo_of_exactly_the_limit_passes_one_byte_more_does_not(small: FastAPI) -> None:
    photo = encoded(wall(), "PNG")
    padded = photo + b"\0" * (LIMIT - len(photo))
    with TestClient(small) as client:
        assert client.post("/detect-crack", files={"file": ("a.png", padded)}).status_code == 200
        assert too_large(client.post("/detect-crack", files={"file": ("a.png", padded + b"\0")}))


def asgi_post(app: FastAPI, chunks: Iterator[bytes], **headers: str) -> tuple[int, int]:
    """Post a body without a length straight into the app; gives the status and how many bytes the app took."""
    taken = 0
    sent: list[Message] = []

    async def receive() -> Message:
        nonlocal taken
        chunk = next(chunks)
        taken += len(chunk)
        return {"type": "http.request", "body": chunk, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/detect-crack",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in (MULTIPART | headers).items()],
        "server": ("test", 80),
        "scheme": "http",
    }
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], taken


def endless(first: bytes, then: bytes) -> Iterator[bytes]:
    yield first
    while True:
        yield then


def test_an_endless_photo_is_stopped_at_the_limit(small: FastAPI) -> None:
    status, taken = asgi_post(small, endless(PREAMBLE, b"\xff" * 10_000))

    assert status == 413
    assert taken < LIMIT * 1.5


def test_endless_other_parts_are_stopped_too(small: FastAPI) -> None:
    text = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
    for first, then in [(text, b"a" * 10_000), (b"", text + b"\r\n"), (b"preamble", b"\r\n" * 5_000)]:
        status, taken = asgi_post(small, endless(first, then))
        assert status in (400, 413)
        assert taken < LIMIT * 1.5


def test_an_announced_length_over_the_limit_is_refused_unread(small: FastAPI) -> None:
    status, taken = asgi_post(small, endless(PREAMBLE, b"x"), **{"content-length": "10000000000"})

    assert (status, taken) == (413, 0)


def test_a_real_client_gets_to_read_the_refusal(small: FastAPI, serve: Serve) -> None:
    def body() -> Iterator[bytes]:
        yield PREAMBLE
        for _ in range(100):
            yield b"\xff" * 100_000

    with serve(small) as url:
        assert too_large(httpx2.post(f"{url}/detect-crack", content=body(), headers=MULTIPART, timeout=PATIENCE_S))
        assert too_large(
            httpx2.post(f"{url}/detect-crack", files={"file": ("a", b"x" * 10_000_000)}, timeout=PATIENCE_S)
        )
        assert httpx2.get(f"{url}/health", timeout=PATIENCE_S).status_code == 200


def connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    return socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE_S)


def raw_post(photo: bytes) -> bytes:
    body = PREAMBLE + photo + b"\r\n--x--\r\n"
    head = f"POST /detect-crack HTTP/1.1\r\nHost: test\r\nContent-Type: {MULTIPART['content-type']}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def test_who_hangs_up_while_waiting_leaves_the_queue(
    settings: Settings, engine: FakeEngine, serve: Serve, cracked_jpeg: bytes
) -> None:
    app = create_app(settings.model_copy(update={"workers": 1, "queue_limit": 1}), engine)
    gate = app.state.services.gate
    engine.hold.clear()
    with serve(app) as url, connect(url) as first, connect(url) as leaver, connect(url) as third:
        first.sendall(raw_post(cracked_jpeg))
        until(lambda: engine.running == 1)
        leaver.sendall(raw_post(cracked_jpeg))
        until(lambda: gate._waiting == 1)
        assert (
            httpx2.post(f"{url}/detect-crack", files={"file": ("a", cracked_jpeg)}, timeout=PATIENCE_S).status_code
            == 503
        )
        leaver.close()
        until(lambda: gate._waiting == 0)
        third.sendall(raw_post(cracked_jpeg))
        until(lambda: gate._waiting == 1)
        engine.hold.set()
        assert first.recv(15).endswith(b"200 OK")
        assert third.recv(15).endswith(b"200 OK")
    assert engine.calls == 2


def test_who_hangs_up_in_the_middle_of_the_photo_does_no_harm(
    settings: Settings, engine: FakeEngine, serve: Serve, cracked_jpeg: bytes
) -> None:
    app = create_app(settings, engine)
    with serve(app) as url:
        for _ in range(5):
            with connect(url) as client:
                client.sendall(raw_post(cracked_jpeg)[:-1000])
        until(lambda: app.state.services.gate._inside == 0)
        assert (
            httpx2.post(f"{url}/detect-crack", files={"file": ("a", cracked_jpeg)}, timeout=PATIENCE_S).status_code
            == 200
        )
    assert engine.calls == 1


def test_a_raw_path_with_dots_leads_nowhere(settings: Settings, engine: FakeEngine, serve: Serve) -> None:
    with serve(create_app(settings, engine)) as url:
        for path in ("/result/../../../../etc/passwd", "/result/..", "/result/%2e%2e%2frecords.sqlite3"):
            with connect(url) as client:
                client.sendall(f"GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n".encode())
                assert client.recv(15).endswith(b"404 No")
