"""Every error has the one form, whoever raised it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from sightline import errors
from sightline.service.statuses import STATUS_OF
from sightline.settings import Settings
from sightline.web.app import create_app
from sightline.web.pages.texts import texts_in
from tests.conftest import FakeEngine, encoded, wall

REASON_CODES = {
    "empty_file",
    "damaged_file",
    "too_many_pixels",
    "marker_not_found",
    "card_not_found",
    "several_cards",
    "inspection_full",
}


def test_every_error_of_the_family_has_a_status() -> None:
    family = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)}

    assert set(STATUS_OF) == family - {errors.SightlineError}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/result", 404, "not_found"),
        ("GET", "/result/a/b/c", 404, "not_found"),
        ("GET", "/detect-crack", 405, "method_not_allowed"),
        ("HEAD", "/detect-crack", 405, "method_not_allowed"),
        ("PUT", "/detect-crack", 405, "method_not_allowed"),
        ("POST", "/health", 405, "method_not_allowed"),
        ("DELETE", "/", 405, "method_not_allowed"),
        ("BREW", "/", 405, "method_not_allowed"),
    ],
)
def test_addresses_and_methods_that_are_not_there(
    client: TestClient, method: str, path: str, status: int, code: str
) -> None:
    response = client.request(method, path)

    assert response.status_code == status
    if method != "HEAD":
        assert response.json()["code"] == code
        assert response.json()["error"]
    if status == 405:
        assert response.headers["allow"]


def test_invalid_values_are_named(settings: Settings, engine: FakeEngine) -> None:
    app = create_app(settings, engine)

    @app.get("/square")
    def square(n: int) -> int:
        return n * n

    with TestClient(app) as client:
        response = client.get("/square?n=x")
    assert response.status_code == 422
    assert response.json()["code"] == "bad_input"
    assert response.json()["error"].startswith("query.n: ")


def test_a_bug_answers_500_without_its_details_and_is_logged_with_them(
    settings: Settings, engine: FakeEngine, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings, engine)

    @app.get("/bug")
    def bug() -> None:
        raise ZeroDivisionError("secret detail")

    with TestClient(app) as client:
        response = client.get("/bug", headers={"Origin": "https://example.com"})
    [logged] = [record for record in caplog.records if record.levelno == logging.ERROR]

    assert response.status_code == 500
    assert response.json()["code"] == "internal"
    assert "secret" not in response.text
    assert response.headers["x-request-id"]
    assert response.headers["access-control-allow-origin"] == "*"
    assert logged.exc_info
    assert "secret detail" in str(logged.exc_info[1])


def test_a_bug_in_an_answer_under_way_is_not_answered_twice(settings: Settings, engine: FakeEngine) -> None:
    from starlette.responses import StreamingResponse

    app = create_app(settings, engine)

    @app.get("/late-bug")
    def late_bug() -> StreamingResponse:
        def body() -> Iterator[bytes]:
            yield b"x"
            raise ZeroDivisionError

        return StreamingResponse(body())

    with TestClient(app) as client, pytest.raises(ZeroDivisionError):
        client.get("/late-bug")


@pytest.mark.parametrize(
    ("photo", "reference", "reason_code"),
    [
        (b"", "auto", "empty_file"),
        (b"no picture", "auto", None),
        (encoded(wall())[:-200], "auto", "damaged_file"),
        (encoded(wall()), "marker", "marker_not_found"),
        (encoded(wall()), "card", "card_not_found"),
        (encoded(wall()), "coin", None),
    ],
)
@pytest.mark.parametrize("path", ["/detect-crack", "/compare"])
def test_what_one_code_covers_is_told_apart(
    client: TestClient, path: str, photo: bytes, reference: str, reason_code: str | None
) -> None:
    files = {"file": photo} if path == "/detect-crack" else {"before": photo, "after": encoded(wall())}
    response = client.post(path, files=files, data={"reference": reference})
    told = {"reason_code": reason_code} if reason_code else {}

    assert response.status_code == 400
    assert response.json() == {"code": "bad_input", "error": response.json()["error"]} | told


def test_the_reasons_that_are_told_are_described(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["components"]["schemas"]["ErrorAnswer"]["properties"]["reason_code"]

    assert set(re.findall(r"[a-z_]+", described["description"])) >= REASON_CODES
    for lang in ("en", "ko"):
        assert {f"walls.failure.{code}" for code in REASON_CODES} <= texts_in(lang).table.keys()


def test_openapi_knows_the_error_form_for_every_route(client: TestClient) -> None:
    document = client.get("/openapi.json").json()

    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            schema = operation["responses"]["default"]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ErrorAnswer"}, (path, method)
