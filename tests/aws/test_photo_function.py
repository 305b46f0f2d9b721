"""The crack function in this process, with an engine that needs no trained model."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import pytest
from PIL import Image

from sightline.aws import photo_function as module
from sightline.aws.photo_function import PhotoFunction
from sightline.crack.engine import CrackEngine
from sightline.errors import BadInputError, MissingExtraError, NotReadyError
from sightline.service import setup
from sightline.service.photos import PhotoService
from sightline.settings import Settings
from tests.aws.lambda_events import body_of, event, form, function_url, json_of, rest_api
from tests.clouds.ministack import Ministack
from tests.conftest import PATIENCE_S, FakeEngine, encoded, wall

CONTRACT = {"status": "healthy", "message": "AI server is running", "model_loaded": True}
URL_HOST = event("function_url_health")["headers"]["host"]
API_HOST = event("rest_api_health")["headers"]["Host"]


@pytest.fixture
def lambda_settings(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"save_dir": tmp_path / "result"})


@pytest.fixture(autouse=True)
def fake_engine(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    monkeypatch.setattr(setup, "load_crack_engine", lambda _: engine)
    return engine


@pytest.fixture
def function(lambda_settings: Settings) -> Iterator[PhotoFunction]:
    function = PhotoFunction(lambda: lambda_settings)
    yield function
    function.close()


def detected(function: PhotoFunction, photo: bytes) -> dict[str, Any]:
    answer = function(function_url("POST", "/detect-crack", form(photo)), None)
    assert answer["statusCode"] == 200, answer
    found: dict[str, Any] = json_of(answer)
    return found


@pytest.mark.parametrize(
    "name",
    [
        "function_url_health",
        "rest_api_health",
        "rest_api_root",
        "rest_api_own_domain",
        "http_api_v1_named_stage",
        "http_api_v2_default_stage",
        "http_api_v2_named_stage",
        "http_api_v2_proxy_route",
        "console_health",
    ],
)
def test_health_in_every_form_of_event(function: PhotoFunction, name: str) -> None:
    answer = function(event(name), None)

    assert answer["statusCode"] == 200
    assert json_of(answer).items() >= CONTRACT.items()
    json.dumps(answer)


@pytest.mark.parametrize("field", ["file", "image"])
def test_a_photo_through_a_function_url(function: PhotoFunction, cracked_jpeg: bytes, field: str) -> None:
    found = json_of(function(function_url("POST", "/detect-crack", form(cracked_jpeg, field)), None))

    assert found["has_crack"] is True
    assert found["result_url"] == f"https://{URL_HOST}/result/{found['file_id']}"
    assert found["image_url"] == f"/result/{found['file_id']}"


def test_a_photo_through_a_stage_gets_addresses_in_that_stage(function: PhotoFunction, cracked_jpeg: bytes) -> None:
    found = json_of(function(rest_api("POST", "/detect-crack", form(cracked_jpeg)), None))

    assert found["result_url"] == f"https://{API_HOST}/dev/result/{found['file_id']}"
    assert found["image_url"] == f"/dev/result/{found['file_id']}"
    picture = function(rest_api("GET", f"/result/{found['file_id']}"), None)
    assert (picture["statusCode"], picture["headers"]["content-type"]) == (200, "image/jpeg")


def test_pictures_come_back_as_base64(function: PhotoFunction, cracked_jpeg: bytes) -> None:
    file_id = detected(function, cracked_jpeg)["file_id"]
    picture = function(function_url("GET", f"/result/{file_id}"), None)
    mask = function(function_url("GET", f"/result/{file_id}/mask.png"), None)
    report = function(function_url("GET", f"/result/{file_id}/report.json"), None)

    assert (picture["isBase64Encoded"], mask["isBase64Encoded"], report["isBase64Encoded"]) == (True, True, False)
    assert Image.open(BytesIO(body_of(picture))).format == "JPEG"
    assert Image.open(BytesIO(body_of(mask))).size == (320, 240)
    assert json_of(report)["file_id"] == file_id


def test_head_and_delete(function: PhotoFunction, cracked_jpeg: bytes) -> None:
    path = f"/result/{detected(function, cracked_jpeg)['file_id']}"
    head = function(function_url("HEAD", path), None)

    assert (head["statusCode"], head["body"], head["headers"]["content-type"]) == (200, "", "image/jpeg")
    assert function(function_url("DELETE", path), None)["statusCode"] == 204
    assert function(function_url("GET", path), None)["statusCode"] == 404


@pytest.mark.parametrize("body", [b"", form(b""), form(b"no picture"), b"--x\r\n", b"a" * 1000])
def test_bad_bodies(function: PhotoFunction, body: bytes) -> None:
    answer = function(function_url("POST", "/detect-crack", body), None)

    assert (answer["statusCode"], json_of(answer)["code"]) == (400, "bad_input")
    assert json_of(answer)["error"]


def test_the_limit_of_a_photo_is_lambdas(function: PhotoFunction) -> None:
    answer = function(function_url("POST", "/detect-crack", form(bytes(4_700_001))), None)

    assert (answer["statusCode"], json_of(answer)["code"]) == (413, "too_large")
    assert "4.7 MB" in json_of(answer)["error"]


def test_a_smaller_limit_of_the_settings_holds(lambda_settings: Settings) -> None:
    function = PhotoFunction(lambda: lambda_settings.model_copy(update={"max_upload_bytes": 1000}))
    answer = function(function_url("POST", "/detect-crack", form(bytes(1001))), None)
    function.close()

    assert answer["statusCode"] == 413
    assert "1000 bytes" in answer["body"]


def test_cors_is_the_function_urls(function: PhotoFunction) -> None:
    through_url = function(function_url("GET", "/health", origin="https://app.example"), None)
    through_api = function(rest_api("GET", "/health", Origin="https://app.example"), None)

    assert not any(name.startswith("access-control-") for name in through_url["headers"])
    assert through_api["headers"]["access-control-allow-origin"] == "*"


def test_cors_is_the_functions_where_the_setting_says_for_whom(tmp_path: Path) -> None:
    function = PhotoFunction(lambda: Settings(save_dir=tmp_path, cors_origins=("https://app.example",)))
    made = event("function_url_preflight")
    preflight = function(made, None)
    function.close()

    assert preflight["statusCode"] == 200
    assert preflight["headers"]["access-control-allow-origin"] == "https://app.example"
    assert "POST" in preflight["headers"]["access-control-allow-methods"]


@pytest.mark.parametrize("made", [{}, [], None, "text", event("scheduled")])
def test_other_events_get_a_clear_answer(function: PhotoFunction, made: object) -> None:
    answer = function(made, None)

    assert (answer["statusCode"], json_of(answer)["code"]) == (400, "bad_input")
    assert "Function URL" in json_of(answer)["error"]


def test_messages_of_a_queue_are_not_taken_for_done(function: PhotoFunction) -> None:
    with pytest.raises(BadInputError, match="no HTTP request"):
        function(event("sqs"), None)


def test_metrics_tell_routes_and_codes_and_no_ids(
    function: PhotoFunction, cracked_jpeg: bytes, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    file_id = detected(function, cracked_jpeg)["file_id"]
    function(function_url("GET", f"/result/{file_id}"), None)
    function(function_url("GET", f"/result/{file_id}x"), None)
    function(function_url("GET", "/wp-login.php"), None)
    out = capsys.readouterr().out
    lines = [json.loads(line) for line in out.splitlines()]

    assert [(line["action"], line.get("error_code")) for line in lines] == [
        ("detect_crack", None),
        ("result", None),
        ("result", "not_found"),
        ("unknown", "not_found"),
    ]
    assert lines[0]["model_version"] == "0"
    assert {"decode_s", "detect_s", "store_s", "duration_s"} <= lines[0].keys()
    assert file_id not in out
    assert file_id not in caplog.text


def test_lambdas_request_id_is_the_answers(function: PhotoFunction) -> None:
    class Context:
        aws_request_id = "8cf93fe2-a75a-40a8-bd19-e7f94938c02f"

    assert function(event("console_health"), Context())["headers"]["x-request-id"] == Context.aws_request_id


def test_a_file_too_large_for_an_answer_says_how_to_get_it(
    lambda_settings: Settings, cracked_jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 100)
    function = PhotoFunction(lambda: lambda_settings)
    file_id = detected(function, cracked_jpeg)["file_id"]
    answer = function(function_url("GET", f"/result/{file_id}"), None)
    function.close()

    assert (answer["statusCode"], json_of(answer)["code"]) == (413, "too_large")
    assert "RESULT_BUCKET" in json_of(answer)["error"]


def test_a_file_too_large_for_an_answer_is_fetched_from_the_bucket(
    cloud_environment: Ministack, settings: Settings, cracked_jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 1000)
    cloud_environment.make_bucket("sightline-results")
    function = PhotoFunction(lambda: settings.model_copy(update={"result_bucket": "sightline-results"}))
    file_id = detected(function, cracked_jpeg)["file_id"]
    answer = function(function_url("GET", f"/result/{file_id}"), None)
    small = function(function_url("GET", f"/result/{file_id}/mask.png"), None)
    function.close()
    fetched = httpx2.get(answer["headers"]["location"], trust_env=False, timeout=PATIENCE_S)

    assert (answer["statusCode"], answer["headers"]["cache-control"]) == (307, "no-store")
    assert (fetched.status_code, fetched.headers["content-type"]) == (200, "image/jpeg")
    assert Image.open(BytesIO(fetched.content)).format == "JPEG"
    assert small["statusCode"] == 200


def test_tmp_holds_the_newest_results_only(
    function: PhotoFunction, lambda_settings: Settings, cracked_jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RESULTS_IN_TMP", 2)
    ids = [detected(function, cracked_jpeg)["file_id"] for _ in range(4)]
    kept = sorted(path.name for path in (lambda_settings.results_dir / "files" / "crack").iterdir())

    assert kept == sorted(ids[-2:])
    assert function(function_url("GET", f"/result/{ids[0]}"), None)["statusCode"] == 404
    assert function(function_url("GET", f"/result/{ids[3]}"), None)["statusCode"] == 200


def test_an_answer_is_not_lost_with_what_comes_after_it(
    function: PhotoFunction, cracked_jpeg: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(_photos: PhotoService, _count: int) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(PhotoService, "keep_newest", full)

    assert detected(function, cracked_jpeg)["has_crack"]
    assert "tmp_not_emptied" in caplog.text


@pytest.mark.parametrize("error", [MissingExtraError("Install sightline[yolo]."), NotReadyError("a broken model")])
def test_a_failed_load_is_told_and_results_stay_to_be_fetched(
    lambda_settings: Settings, cracked_jpeg: bytes, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    working = PhotoFunction(lambda: lambda_settings)
    file_id = detected(working, cracked_jpeg)["file_id"]
    working.close()

    def load(_: Settings) -> CrackEngine:
        raise error

    monkeypatch.setattr(setup, "load_crack_engine", load)
    function = PhotoFunction(lambda: lambda_settings)
    health = function(event("console_health"), None)
    detect = function(function_url("POST", "/detect-crack", form(cracked_jpeg)), None)
    result = function(function_url("GET", f"/result/{file_id}"), None)
    function.close()

    assert (health["statusCode"], json_of(health)["status"], json_of(health)["message"]) == (
        503,
        "unhealthy",
        str(error),
    )
    assert (detect["statusCode"], json_of(detect)["error"]) == (503, str(error))
    assert result["statusCode"] == 200


def test_a_model_that_is_slow_to_load_is_waited_for_by_photos_only(
    lambda_settings: Settings, engine: FakeEngine, cracked_jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()

    def load(_: Settings) -> CrackEngine:
        go.wait()
        return engine

    monkeypatch.setattr(setup, "load_crack_engine", load)
    monkeypatch.setattr(module, "_INIT_WAIT_S", 0.01)
    function = PhotoFunction(lambda: lambda_settings)
    health = function(event("console_health"), None)
    go.set()
    assert detected(function, cracked_jpeg)["has_crack"] is True
    function.close()

    assert (health["statusCode"], json_of(health)["status"]) == (503, "starting")


def test_settings_that_cannot_be_used_are_told_in_every_answer(cracked_jpeg: bytes) -> None:
    def read() -> Settings:
        raise BadInputError("SIGHTLINE_WORKERS is 'x': should be a number")

    function = PhotoFunction(read)
    health = function(event("console_health"), None)
    detect = function(function_url("POST", "/detect-crack", form(cracked_jpeg)), None)
    function.close()

    assert (health["statusCode"], json_of(health)["model_loaded"]) == (503, False)
    assert "SIGHTLINE_WORKERS" in json_of(health)["message"]
    assert "SIGHTLINE_WORKERS" in json_of(detect)["error"]


def test_a_folder_that_cannot_be_written_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    function = PhotoFunction(lambda: Settings(save_dir=tmp_path / "file" / "folder"))
    health = function(event("console_health"), None)
    function.close()

    assert health["statusCode"] == 503
    assert "cannot be written" in json_of(health)["message"]


def test_requests_share_one_event_loop(function: PhotoFunction, cracked_jpeg: bytes) -> None:
    loop = asyncio.get_event_loop()
    for _ in range(3):
        detected(function, cracked_jpeg)
    assert asyncio.get_event_loop() is loop
    assert not loop.is_closed()


def test_the_rehearsal_looks_at_one_picture_of_nothing(function: PhotoFunction, fake_engine: FakeEngine) -> None:
    assert fake_engine.calls == 1
    assert detected(function, encoded(wall(cracks=0)))["has_crack"] is False
