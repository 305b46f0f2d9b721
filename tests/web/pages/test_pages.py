"""Pages as answers: headers, languages, what stands in for a page that cannot be shown."""

from __future__ import annotations

import subprocess
import sys

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from sightline.errors import BadInputError, BusyError, GoneError, SightlineError, TooLargeError, UnavailableError

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def reader(faces: TestClient) -> TestClient:
    """A browser that goes to pages."""
    faces.headers.update(BROWSER)
    return faces


@pytest.mark.parametrize("path", ["/app", "/app/docs", "/app/nothing", "/app/assets/x/y", "/app/language"])
def test_the_headers_stand_on_everything_below_app(reader: TestClient, path: str) -> None:
    headers = reader.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["permissions-policy"].startswith("camera=(self)")


@pytest.mark.parametrize("path", ["/app", "/app/nothing", "/app/assets/x/y", "/app/language"])
def test_no_other_origin_reads_what_is_below_app(reader: TestClient, path: str) -> None:
    headers = {"Origin": "https://example.com"}
    asked = headers | {"Access-Control-Request-Method": "POST"}
    for answer in (reader.get(path, headers=headers), reader.options(path, headers=asked)):
        assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert reader.get("/health", headers=headers).headers["access-control-allow-origin"] == "*"


def test_the_api_stays_as_it_was(faces: TestClient) -> None:
    assert "content-security-policy" not in faces.get("/health").headers
    assert faces.get("/nothing", headers=BROWSER).json()["code"] == "not_found"
    assert not [path for path in faces.get("/openapi.json").json()["paths"] if path.startswith(("/app", "/docs"))]


@pytest.mark.parametrize(
    ("path", "accept", "cookie", "language"),
    [
        ("/app", "en", None, "en"),
        ("/app", "ko-KR,ko;q=0.9,en;q=0.5", None, "ko"),
        ("/app", "fr", None, "en"),
        ("/app", "en", "ko", "ko"),
        ("/app", "ko", "xx", "ko"),
        ("/app?lang=en", "ko", "ko", "en"),
        ("/app?lang=xx", "ko", None, "ko"),
        ("/app/nothing", "ko", None, "ko"),
    ],
)
def test_the_language(reader: TestClient, path: str, accept: str, cookie: str | None, language: str) -> None:
    headers = {"Accept-Language": accept} | ({"Cookie": f"lang={cookie}"} if cookie else {})
    answer = reader.get(path, headers=headers)
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["vary"].split(", "))


def test_a_chosen_language_is_remembered(reader: TestClient) -> None:
    answer = reader.post("/app/language", data={"lang": "ko", "back": "/app/docs"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/app/docs")
    assert {"HttpOnly", "SameSite=lax", "Path=/app"} <= set(answer.headers["set-cookie"].split("; "))
    assert reader.get("/app").headers["content-language"] == "ko"


@pytest.mark.parametrize(
    "back", ["https://example.com", "//example.com", "/app/../x\r\nA: b", "/apple", "/\\example.com", "/app/\\x", ""]
)
def test_nobody_is_led_elsewhere(reader: TestClient, back: str) -> None:
    answer = reader.post("/app/language", data={"lang": "ko", "back": back}, follow_redirects=False)
    assert answer.headers["location"] == "/app"


@pytest.mark.parametrize("data", [{}, {"lang": "xx"}])
def test_an_unknown_language_is_not_remembered(reader: TestClient, data: dict[str, str]) -> None:
    answer = reader.post("/app/language", data=data, follow_redirects=False)
    assert answer.status_code == 303
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_a_language_is_chosen_in_a_few_bytes(reader: TestClient, kind: str) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' if "form-data" in kind else b"f="
    answer = reader.post("/app/language", content=head + b"a" * 70_000, headers={"Content-Type": kind})
    assert answer.status_code == 413


def test_a_language_in_a_file_is_none(reader: TestClient) -> None:
    answer = reader.post("/app/language", files={"lang": ("ko", b"ko")}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/app")
    assert "set-cookie" not in answer.headers


def test_what_is_not_there_is_a_page_for_browsers_and_json_for_programs(faces: TestClient) -> None:
    page = faces.get("/app/nothing", headers=BROWSER)
    assert page.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    assert "There is nothing here" in page.text
    for accept in ("application/json", "*/*", "image/avif,image/webp,*/*"):
        assert faces.get("/app/nothing", headers={"Accept": accept}).json()["code"] == "not_found"


def test_a_method_that_is_not_allowed_is_told(reader: TestClient) -> None:
    answer = reader.put("/app")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
    assert "takes no such request" in answer.text


def test_a_bug_is_a_page_with_the_number_of_its_log(gaze_app: FastAPI) -> None:
    @gaze_app.get("/app/bug")
    def bug() -> None:
        raise RuntimeError("secret")

    with TestClient(gaze_app) as client:
        answer = client.get("/app/bug", headers=BROWSER | {"X-Request-ID": "abc-1"})
    assert answer.status_code == 500
    assert "abc-1" in answer.text
    assert "secret" not in answer.text
    assert "content-security-policy" in answer.headers


def test_what_was_removed_says_when(gaze_app: FastAPI) -> None:
    @gaze_app.get("/app/gone")
    def gone() -> None:
        raise GoneError("The wall was removed.", tombstone={"removed_at": "2026-03-02T10:00:00+00:00"})

    with TestClient(gaze_app) as client:
        answer = client.get("/app/gone", headers=BROWSER)
        assert client.get("/app/gone").json()["tombstone"] == {"removed_at": "2026-03-02T10:00:00+00:00"}
    assert answer.status_code == 410
    assert "2 March 2026, 10:00:00 UTC" in answer.text


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (TooLargeError("50 MB"), "That is too large"),
        (BusyError("Full.", retry_after_s=5), "Not right now"),
        (UnavailableError("No network."), "Not right now"),
        (BadInputError("No."), "That could not be understood"),
    ],
)
def test_every_error_has_its_words(gaze_app: FastAPI, error: SightlineError, title: str) -> None:
    @gaze_app.get("/app/error")
    def fail() -> None:
        raise error

    with TestClient(gaze_app) as client:
        answer = client.get("/app/error", headers=BROWSER)
    assert answer.status_code >= 400
    assert f"<h1>{title}</h1>" in answer.text
    assert error.message not in answer.text


def test_head_is_answered_as_get(reader: TestClient) -> None:
    answer = reader.head("/app")
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_pages_have_nothing_inline_and_nothing_from_elsewhere(reader: TestClient) -> None:
    for path in ("/app", "/app/docs", "/app/nothing"):
        text = reader.get(path).text
        assert " style=" not in text
        assert "<style" not in text
        assert " onclick=" not in text
        assert "https://" not in text


def test_the_usual_address_of_docs_leads_to_ours(reader: TestClient) -> None:
    answer = reader.get("/docs")
    assert answer.url.path == "/app/docs"
    assert "/gaze/jobs/{job_id}" in answer.text
    assert "<code>Retry-After</code>" in answer.text
    assert reader.get("/redoc").status_code == 404


@pytest.mark.parametrize("module", ["sightline.web.app", "sightline.aws.photo_function"])
def test_the_crack_function_loads_no_pages(module: str) -> None:
    code = (
        f"import sys, {module}\n"
        "from pathlib import Path\n"
        "from tempfile import mkdtemp\n"
        "from sightline.service.setup import open_photo_service\n"
        "from sightline.settings import Settings\n"
        "from sightline.web.app import app_around\n"
        "settings = Settings(data_dir=Path(mkdtemp()))\n"
        "app = app_around(open_photo_service(settings), settings)\n"
        "print([name for name in sys.modules if name.startswith(('sightline.web.pages', 'jinja2', 'plotly'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
