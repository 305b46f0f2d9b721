"""Request ids, the access log, CORS."""

from __future__ import annotations

import asyncio
import logging
import re
from contextvars import Context, copy_context
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from sightline.crack.engine import Evidence
from sightline.settings import Settings
from sightline.telemetry import request_id
from sightline.web.app import create_app
from sightline.web.middleware import RequestContext
from tests.conftest import FakeEngine


@pytest.mark.parametrize(
    "given", ["abc-123", "7b6f0b1e-3c9e-4f3e-9f62-0d6a0c1d2e3f", "Root=1-67891233-abcdef", "a" * 128]
)
def test_a_well_formed_id_is_kept(client: TestClient, given: str) -> None:
    assert client.get("/health", headers={"X-Request-ID": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", [None, "", "a" * 129, "-a", "a b", 'a"b', "a{b}", "ä".encode().decode("latin-1")])
def test_another_id_is_replaced(client: TestClient, given: str | None) -> None:
    headers = [] if given is None else [(b"x-request-id", given.encode("latin-1"))]
    one, other = (client.get("/health", headers=headers).headers["x-request-id"] for _ in range(2))

    assert re.fullmatch("[0-9a-f]{32}", one)
    assert one != other


def access_lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [vars(record)["fields"] for record in caplog.records if record.getMessage() == "request"]


def test_one_line_for_each_request_that_says_nothing_about_anybody(
    client: TestClient, cracked_jpeg: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    answer = client.post(
        "/detect-crack?who=somebody",
        files={"file": ("kim-minsu-home.jpg", cracked_jpeg)},
        headers={"User-Agent": "somebody's phone"},
    ).json()
    client.head(answer["image_url"])
    client.get("/nothing/somebody")
    lines = access_lines(caplog)

    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("POST", "/detect-crack", 200),
        ("HEAD", "/result/{file_id}", 200),
        ("GET", None, 404),
    ]
    assert all(line["duration_ms"] >= 0 for line in lines)
    logged = str([vars(record) for record in caplog.records if record.name.startswith("sightline")])
    for secret in ("somebody", "minsu", answer["file_id"], "testclient"):
        assert secret not in logged


def test_the_id_reaches_the_log_of_the_worker_thread(settings: Settings, cracked_jpeg: bytes) -> None:
    seen: list[str | None] = []

    class Watching(FakeEngine):
        def examine(self, image: NDArray[np.uint8]) -> Evidence:
            seen.append(request_id.get())
            return super().examine(image)

    with TestClient(create_app(settings, Watching())) as client:
        client.post("/detect-crack", files={"file": ("a", cracked_jpeg)}, headers={"X-Request-ID": "abc"})
    assert seen == ["abc"]
    assert request_id.get() is None


def test_a_request_on_the_same_connection_has_an_id_of_its_own() -> None:
    """After a large body uvicorn reads what comes next in the context of the request before."""
    contexts: list[Context] = []
    given: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        contexts.append(copy_context())
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Message) -> None:
        given.append(dict(message["headers"])[b"x-request-id"].decode())

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    around = RequestContext(app)
    for _ in range(3):
        context = contexts[-1] if contexts else copy_context()
        context.run(asyncio.run, around({"type": "http", "method": "GET", "headers": []}, nothing, send))
    assert len(set(given)) == 3


def preflight(client: TestClient, origin: str, method: str = "POST") -> Any:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "content-type, x-anything",
    }
    return client.options("/detect-crack", headers=headers)


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_by_default_any_page_may_call(client: TestClient, method: str) -> None:
    response = preflight(client, "https://example.com", method)

    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"
    assert method in response.headers["access-control-allow-methods"]
    assert "x-anything" in response.headers["access-control-allow-headers"]


def test_answers_and_errors_carry_cors_headers(client: TestClient) -> None:
    for response in (
        client.get("/health", headers={"Origin": "null"}),
        client.post("/detect-crack", headers={"Origin": "null"}),
    ):
        assert response.headers["access-control-allow-origin"] == "*"
        assert "Retry-After" in response.headers["access-control-expose-headers"]


def test_configured_origins_only(settings: Settings, engine: FakeEngine) -> None:
    app = create_app(settings.model_copy(update={"cors_origins": ("https://a.example", "https://b.example")}), engine)
    with TestClient(app) as client:
        assert preflight(client, "https://b.example").headers["access-control-allow-origin"] == "https://b.example"
        assert "access-control-allow-origin" not in preflight(client, "https://c.example").headers
        assert "access-control-allow-origin" not in client.get("/", headers={"Origin": "https://c.example"}).headers
