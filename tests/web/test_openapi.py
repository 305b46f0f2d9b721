"""The OpenAPI document tells the truth: generated requests, checked answers, the contract's examples."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from starlette.testclient import TestClient

from sightline.service.setup import open_photo_service
from sightline.settings import Settings
from sightline.web.app import app_around
from tests.conftest import PATIENCE_S, FakeEngine

schemathesis = pytest.importorskip("schemathesis")
from schemathesis.checks import not_a_server_error  # noqa: E402
from schemathesis.specs.openapi.checks import (  # noqa: E402
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = (not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance)
few = hypothesis_settings(max_examples=10, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    with closing(open_photo_service(settings, FakeEngine())) as photos:
        photos.model.wait(PATIENCE_S)
        yield app_around(photos, settings)


def test_generated_requests_get_described_answers(app: FastAPI) -> None:
    operations = [found.ok() for found in schemathesis.openapi.from_asgi("/openapi.json", app).get_all_operations()]
    assert {operation.label for operation in operations} >= {
        "GET /health",
        "POST /detect-crack",
        "GET /result/{file_id}",
    }

    for operation in operations:

        @few
        @given(case=operation.as_strategy())
        def check(case: Any) -> None:
            case.call_and_validate(checks=CHECKS)

        check()


def test_a_real_answer_is_described_too(app: FastAPI, cracked_jpeg: bytes) -> None:
    api = schemathesis.openapi.from_asgi("/openapi.json", app)
    with TestClient(app) as client:
        response = client.post("/detect-crack", files={"file": ("a.jpg", cracked_jpeg)})
    assert response.status_code == 200
    api["/detect-crack"]["POST"].validate_response(response)


def test_the_examples_are_the_contract_s(app: FastAPI) -> None:
    schemas = app.openapi()["components"]["schemas"]
    health = schemas["HealthAnswer"]["examples"][0]
    detect = schemas["DetectAnswer"]["examples"][0]

    assert health.items() >= {"status": "healthy", "message": "AI server is running", "model_loaded": True}.items()
    assert detect.items() >= {"has_crack": True, "confidence": 0.85, "crack_count": 1}.items()
    assert detect["bounding_boxes"] == [{"x": 10, "y": 20, "width": 30, "height": 40}]
    assert detect["result_url"].startswith("https://HOST/result/")


def test_both_names_of_the_photo_s_field_are_described(app: FastAPI) -> None:
    form = app.openapi()["paths"]["/detect-crack"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]

    assert list(form["properties"]) == ["file", "image"]
