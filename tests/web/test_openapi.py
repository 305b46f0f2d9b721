"""The OpenAPI document tells the truth: generated requests, checked answers, the contract's examples."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
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
from tests.jobs.handlers import until
from tests.service.faces import PICTURE, VIDEO, FakeVideoAnalysis
from tests.web.conftest import fake_gaze

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
    with (
        closing(open_photo_service(settings, FakeEngine())) as photos,
        closing(fake_gaze(settings, FakeVideoAnalysis())) as gaze,
    ):
        photos.model.wait(PATIENCE_S)
        yield app_around(photos, settings, gaze=gaze)


def test_generated_requests_get_described_answers(app: FastAPI) -> None:
    operations = [found.ok() for found in schemathesis.openapi.from_asgi("/openapi.json", app).get_all_operations()]
    assert {operation.label for operation in operations} >= {
        "GET /health",
        "POST /detect-crack",
        "GET /result/{file_id}",
        "POST /inspections",
        "GET /inspections/{inspection_id}",
        "DELETE /inspections/{inspection_id}",
        "POST /inspections/{inspection_id}/photos",
        "GET /inspections/{inspection_id}/photos/{photo_id}",
        "GET /inspections/{inspection_id}/photos/{photo_id}/original",
        "GET /inspections/{inspection_id}/photos/{photo_id}/annotated.jpg",
        "DELETE /inspections/{inspection_id}/photos/{photo_id}",
        "GET /inspections/{inspection_id}/comparisons/{before_id}/{after_id}/picture.jpg",
        "GET /inspections/{inspection_id}/report.{report_format}",
        "POST /compare",
        "GET /compare/{comparison_id}/picture.jpg",
        "GET /compare/{comparison_id}/report.json",
        "DELETE /compare/{comparison_id}",
        "GET /signing-key.pem",
        "GET /eye-tracking",
        "POST /eye-tracking",
        "OPTIONS /eye-tracking",
        "POST /gaze/videos",
        "GET /gaze/jobs/{job_id}",
        "DELETE /gaze/jobs/{job_id}",
        "GET /gaze/jobs/{job_id}/analysis_results.csv",
        "GET /gaze/jobs/{job_id}/report.json",
        "GET /gaze/jobs/{job_id}/figure.png",
        "GET /gaze/jobs/{job_id}/figure.html",
        "GET /gaze/jobs/{job_id}/report.pdf",
        "GET /gaze/jobs/{job_id}/report.html",
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


@pytest.mark.usefixtures("quick_comparison")
def test_real_answers_about_walls_are_described_too(app: FastAPI, cracked_jpeg: bytes, clean_jpeg: bytes) -> None:
    api = schemathesis.openapi.from_asgi("/openapi.json", app)
    with TestClient(app) as client:
        response = client.post("/inspections", json={"wall": "Bedroom"})
        assert response.status_code == 201
        api["/inspections"]["POST"].validate_response(response)
        address = response.headers["location"]
        for photo, status in ((cracked_jpeg, 201), (clean_jpeg, 201), (clean_jpeg, 200)):
            response = client.post(f"{address}/photos?stage=check-in", files={"file": ("a.jpg", photo)})
            assert response.status_code == status
            api["/inspections/{inspection_id}/photos"]["POST"].validate_response(response)
        for _ in range(2):
            api["/inspections/{inspection_id}"]["GET"].validate_response(client.get(address))
        client.delete(address)
        response = client.get(address)
        assert response.status_code == 410
        api["/inspections/{inspection_id}"]["GET"].validate_response(response)
        files = {"before": ("a.jpg", cracked_jpeg), "after": ("b.jpg", clean_jpeg)}
        response = client.post("/compare", files=files)
        assert response.status_code == 200
        api["/compare"]["POST"].validate_response(response)


def test_real_answers_about_faces_are_described_too(app: FastAPI) -> None:
    api = schemathesis.openapi.from_asgi("/openapi.json", app)
    video, picture = (base64.b64encode(data).decode() for data in (VIDEO, PICTURE))
    with TestClient(app) as client:
        for body in (
            {"action": "analyze_video", "file_data": video},
            {"action": "analyze_image", "file_data": picture},
            {"action": "create_upload", "size_bytes": len(VIDEO)},
        ):
            response = client.post("/eye-tracking", json=body)
            assert response.status_code == 200
            api["/eye-tracking"]["POST"].validate_response(response)
        upload, named = response.json()["upload"], {"analysis_id": response.json()["analysis_id"]}
        client.put(upload["url"], content=VIDEO, headers=upload["headers"])
        for action, status in (("submit", 202), ("get_status", 200), ("delete_analysis", 200), ("get_status", 404)):
            response = client.post("/eye-tracking", json={"action": action} | named)
            assert response.status_code == status
            api["/eye-tracking"]["POST"].validate_response(response)
        response = client.post("/gaze/videos", files={"file": ("a.mp4", VIDEO)})
        assert response.status_code == 202
        api["/gaze/videos"]["POST"].validate_response(response)
        address = response.headers["location"]
        until(lambda: client.get(address).json()["state"] == "done")
        response = client.get(address)
        api["/gaze/jobs/{job_id}"]["GET"].validate_response(response)
        for link, url in response.json()["links"].items():
            if link != "self":
                name = url.rpartition("/")[2]
                api[f"/gaze/jobs/{{job_id}}/{name}"]["GET"].validate_response(client.get(url))


def test_without_the_service_for_faces_there_are_no_routes_for_them(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with closing(open_photo_service(settings, FakeEngine())) as photos:
        paths = app_around(photos, settings).openapi()["paths"]
    assert "/detect-crack" in paths
    assert not [path for path in paths if "gaze" in path or "eye" in path]


def test_the_contract_s_request_and_answer_are_the_examples(app: FastAPI) -> None:
    document = app.openapi()
    body = document["paths"]["/eye-tracking"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    answer = document["components"]["schemas"]["EyeTrackingAnswer"]["examples"][0]

    assert body["examples"][0] == {
        "action": "analyze_video",
        "file_data": "BASE64",
        "user_id": "user_identifier",
        "file_name": "video.mp4",
        "parameters": {
            "step": 1,
            "vpp_thresh": 0.06,
            "blink_thresh": 0.18,
            "max_frames": 12000,
            "blink_min_frames": 2,
        },
    }
    assert "$ref" not in json.dumps(body)
    contract = {"frames_processed": 1500, "psp_suspected": False, "blink_count": 45, "vertical_peak_to_peak": 0.12}
    assert answer["summary"].items() >= contract.items()
    assert answer["status"] == "success"
    assert answer["video_path"].startswith("s3://")
    assert answer["csv_path"].startswith("s3://")


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

    assert list(form["properties"]) == ["file", "image", "reference"]
