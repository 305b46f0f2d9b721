"""Walls over time through the crack function: the same routes, on a bucket and within Lambda's limits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr

from sightline.aws import photo_function as module
from sightline.aws.photo_function import PhotoFunction
from sightline.evidence.keys import make_key
from sightline.service import setup
from sightline.settings import Settings
from tests.aws.lambda_events import BOUNDARY, form, function_url, json_of, rest_api
from tests.clouds.ministack import Ministack
from tests.conftest import PATIENCE_S, FakeEngine

BUCKET = "sightline-results"
pytestmark = pytest.mark.usefixtures("quick_comparison")


@pytest.fixture(autouse=True)
def fake_engine(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    monkeypatch.setattr(setup, "load_crack_engine", lambda _: engine)
    return engine


@pytest.fixture
def in_a_bucket(cloud_environment: Ministack, settings: Settings) -> Settings:
    cloud_environment.make_bucket(BUCKET)
    return settings.model_copy(update={"result_bucket": BUCKET})


@pytest.fixture
def function(in_a_bucket: Settings) -> Iterator[PhotoFunction]:
    function = PhotoFunction(lambda: in_a_bucket)
    yield function
    function.close()


@pytest.fixture
def in_tmp(settings: Settings) -> Iterator[PhotoFunction]:
    """A function without a bucket."""
    function = PhotoFunction(lambda: settings)
    yield function
    function.close()


def begun(function: PhotoFunction) -> str:
    """The path of a new inspection."""
    answer = function(function_url("POST", "/inspections", b'{"wall": "Bedroom"}'), None)
    assert answer["statusCode"] == 201, answer
    return f"/inspections/{json_of(answer)['inspection_id']}"


def sent(function: PhotoFunction, path: str, photo: bytes, stage: str) -> dict[str, Any]:
    event = function_url("POST", f"{path}/photos", form(photo)) | {"rawQueryString": f"stage={stage}"}
    answer = function(event, None)
    assert answer["statusCode"] == 201, answer
    found: dict[str, Any] = json_of(answer)
    return found


def pair_form(before: bytes, after: bytes) -> bytes:
    """A multipart form with two photos."""
    one, other = form(before, "before"), form(after, "after")
    return one.removesuffix(f"--{BOUNDARY}--\r\n".encode()) + other


def test_another_instance_finds_an_inspection_and_reports_on_it(
    function: PhotoFunction, in_a_bucket: Settings, cracked_jpeg: bytes, clean_jpeg: bytes
) -> None:
    path = begun(function)
    sent(function, path, clean_jpeg, "check-in")
    sent(function, path, cracked_jpeg, "check-out")
    other = PhotoFunction(lambda: in_a_bucket)
    found = json_of(other(function_url("GET", path), None))
    report = json_of(other(function_url("GET", f"{path}/report.json"), None))
    removed = other(function_url("DELETE", path), None)["statusCode"]
    gone = other(function_url("GET", path), None)["statusCode"]
    other.close()

    assert [photo["stage"] for photo in found["photos"]] == ["check-in", "check-out"]
    assert len(found["comparisons"]) == 1
    assert report["evidence"]["signature"] is None  # no key was set, and a bucket keeps none
    assert (removed, gone) == (204, 410)


def test_without_a_key_there_is_none_to_fetch(function: PhotoFunction) -> None:
    answer = function(function_url("GET", "/signing-key.pem"), None)

    assert (answer["statusCode"], json_of(answer)["code"]) == (404, "not_found")


def test_reports_are_signed_with_the_key_of_the_settings(in_a_bucket: Settings, cracked_jpeg: bytes) -> None:
    key = make_key()
    one_line = key.to_pem().replace("\n", "\\n")
    function = PhotoFunction(lambda: in_a_bucket.model_copy(update={"signing_key": SecretStr(one_line)}))
    path = begun(function)
    sent(function, path, cracked_jpeg, "check-in")
    evidence = json_of(function(function_url("GET", f"{path}/report.json"), None))["evidence"]
    function.close()

    assert evidence["manifest"]["signed_by"] == key.fingerprint


def test_a_key_that_cannot_be_used_is_told_by_health(in_a_bucket: Settings) -> None:
    function = PhotoFunction(lambda: in_a_bucket.model_copy(update={"signing_key": SecretStr("no key")}))
    health = function(function_url("GET", "/health"), None)
    function.close()

    assert health["statusCode"] == 503
    assert "SIGHTLINE_SIGNING_KEY" in json_of(health)["message"]


@pytest.mark.parametrize("below", ["", "/report.pdf", "/report.json"])
def test_what_is_too_large_for_an_answer_is_fetched_from_the_bucket(
    in_a_bucket: Settings, cracked_jpeg: bytes, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 500)
    function = PhotoFunction(lambda: in_a_bucket)
    path = begun(function)
    sent(function, path, cracked_jpeg, "check-in")
    answer = function(function_url("GET", f"{path}{below}"), None)
    function.close()
    fetched = httpx2.get(answer["headers"]["location"], trust_env=False, timeout=PATIENCE_S)

    assert (answer["statusCode"], fetched.status_code) == (307, 200)
    if below.endswith("pdf"):
        assert fetched.content.startswith(b"%PDF-")
    else:
        assert len(json.loads(fetched.content)["photos"]) == 1


def test_two_photos_in_one_call_share_lambdas_limit(function: PhotoFunction, cracked_jpeg: bytes) -> None:
    compared = function(rest_api("POST", "/compare", pair_form(cracked_jpeg, cracked_jpeg)), None)
    refused = function(function_url("POST", "/compare", pair_form(cracked_jpeg, bytes(4_700_000))), None)

    assert compared["statusCode"] == 200
    assert json_of(compared)["picture_url"].endswith("/picture.jpg")
    assert "/dev/compare/" in json_of(compared)["picture_url"]
    assert (refused["statusCode"], json_of(refused)["code"]) == (413, "too_large")
    assert "Both photos together are over the limit of 4.7 MB" in json_of(refused)["error"]


def test_without_a_bucket_no_inspection_is_begun(in_tmp: PhotoFunction) -> None:
    answer = in_tmp(function_url("POST", "/inspections", b'{"wall": "Bedroom"}'), None)

    assert (answer["statusCode"], json_of(answer)["code"]) == (503, "not_ready")
    assert "RESULT_BUCKET" in json_of(answer)["error"]


def test_tmp_holds_the_newest_comparisons_only(
    in_tmp: PhotoFunction, settings: Settings, cracked_jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "COMPARISONS_IN_TMP", 1)
    event = function_url("POST", "/compare", pair_form(cracked_jpeg, cracked_jpeg))
    ids = [json_of(in_tmp(event, None))["comparison_id"] for _ in range(2)]
    statuses = [in_tmp(function_url("GET", f"/compare/{each}/report.json"), None)["statusCode"] for each in ids]

    assert statuses == [404, 200]
    assert not (settings.results_dir / "signing-key.pem").exists()  # it would be another one in every instance
