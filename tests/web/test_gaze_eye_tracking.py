"""The contract's JSON actions at /eye-tracking, as deployed clients send them."""

from __future__ import annotations

import base64
import json
import threading
from typing import Any

import pytest
from starlette.testclient import TestClient

from sightline.errors import NotReadyError
from sightline.service.eye_tracking import ACTIONS
from sightline.service.isolation import CrashError
from sightline.settings import Settings
from sightline.storage.local import LocalBlobStore
from sightline.web.app import create_app
from tests.conftest import FakeEngine
from tests.jobs.handlers import until
from tests.service.faces import PICTURE, PICTURE_RESULT, SUMMARY, VIDEO, FakeVideoAnalysis
from tests.web.conftest import fake_gaze

VIDEO_TEXT = base64.b64encode(VIDEO).decode()
REQUEST: dict[str, Any] = {
    "action": "analyze_video",
    "file_data": VIDEO_TEXT,
    "user_id": "user_identifier",
    "file_name": "video.mp4",
    "parameters": {"step": 1, "vpp_thresh": 0.06, "blink_thresh": 0.18, "max_frames": 12000, "blink_min_frames": 2},
}


def test_analyze_video(faces: TestClient) -> None:
    response = faces.post("/eye-tracking", json=REQUEST)
    answer = response.json()
    folder = f"s3://sightline/users/user_identifier/eye/{answer['analysis_id']}"

    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert set(answer) >= {"analysis_id", "summary", "video_path", "csv_path", "status"}
    assert (answer["status"], answer["summary"]) == ("success", SUMMARY)
    assert (answer["video_path"], answer["csv_path"]) == (f"{folder}/raw_video.mp4", f"{folder}/analysis_results.csv")


def test_analyze_image(faces: TestClient) -> None:
    request = {"action": "analyze_image", "file_data": base64.b64encode(PICTURE).decode()}
    answer = faces.post("/eye-tracking", json=request).json()

    assert (answer["status"], answer["result"]) == ("success", PICTURE_RESULT)


def test_process_s3_file(faces: TestClient, settings: Settings) -> None:
    key = "users/user_identifier/uploads/video.mp4"
    LocalBlobStore(settings.results_dir / "files").put(key, VIDEO, "video/mp4")
    request = {"action": "process_s3_file", "s3_key": key, "file_name": "video.mp4", "user_id": "user_identifier"}
    answer = faces.post("/eye-tracking", json=request).json()

    assert (answer["status"], answer["video_path"]) == ("success", f"s3://sightline/{key}")


def test_an_upload_over_http(faces: TestClient) -> None:
    def ask(action: str, **fields: Any) -> Any:
        return faces.post("/eye-tracking", json={"action": action, "user_id": "u1"} | fields)

    created = ask("create_upload", size_bytes=len(VIDEO), file_name="me.mov")
    upload, named = created.json()["upload"], {"analysis_id": created.json()["analysis_id"]}
    assert (created.status_code, upload["url"].startswith("http://testserver/files/")) == (200, True)
    early = ask("submit", **named)
    assert (early.status_code, early.json()["code"]) == (409, "not_uploaded")
    assert faces.put(upload["url"], content=VIDEO, headers=upload["headers"]).status_code == 200

    accepted = ask("submit", **named)
    assert (accepted.status_code, accepted.json()["status"]) == (202, "accepted")
    until(lambda: ask("get_status", **named).json()["state"] == "done")
    result = ask("get_status", **named).json()["result"]
    assert result["summary"] == SUMMARY
    assert faces.get(result["downloads"]["csv"]).text.startswith("frame_idx,time_sec")
    assert ask("get_status", **named, user_id="u2").status_code == 404
    assert ask("delete_analysis", **named).json()["status"] == "deleted"
    assert ask("get_status", **named).status_code == 404
    assert faces.get(result["downloads"]["csv"]).status_code == 404


def test_a_question_does_not_wait_for_somebody_s_video(faces: TestClient, analysis: FakeVideoAnalysis) -> None:
    """As many videos as are analysed at a time keep the gate busy."""
    analysis.hold.clear()
    threads = [threading.Thread(target=faces.post, args=("/eye-tracking",), kwargs={"json": REQUEST}) for _ in range(2)]
    for thread in threads:
        thread.start()
    until(lambda: analysis.calls == 2)

    answer = faces.post("/eye-tracking", json={"action": "create_upload", "size_bytes": 9})
    assert answer.json()["status"] == "awaiting_upload"
    analysis.hold.set()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("content_type", ["application/json", "text/plain;charset=UTF-8", ""])
def test_json_is_json_whatever_it_is_called(faces: TestClient, content_type: str) -> None:
    response = faces.post("/eye-tracking", content=json.dumps(REQUEST), headers={"content-type": content_type})

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "no JSON"),
        (b"abc", 400, "no JSON"),
        (b"[" * 100_000, 400, "no JSON"),
        (b"\xff\xfe\xff", 400, "no JSON"),
        (b"null", 400, "JSON object"),
        (b'{"action": "\\ud800"}', 400, "action"),
        (b"{}", 400, "action is missing"),
        (b'{"action": "analyze_video"}', 400, "file_data is missing"),
        (b'{"action": "analyze_video", "file_data": "AAAA", "parameters": {"\\ud800": 1}}', 400, "parameters"),
        (b'{"action": "process_s3_file", "s3_key": "users/u/none.mp4"}', 404, "no such file"),
    ],
)
def test_a_request_that_cannot_be_answered_says_why(faces: TestClient, body: bytes, status: int, words: str) -> None:
    response = faces.post("/eye-tracking", content=body)

    assert response.status_code == status
    assert set(response.json()) == {"error", "code"}
    assert words in response.json()["error"]


def test_a_file_over_the_limit_is_told_the_other_way(
    settings: Settings, engine: FakeEngine, analysis: FakeVideoAnalysis
) -> None:
    settings = settings.model_copy(update={"max_upload_bytes": 100_000})
    with TestClient(create_app(settings, engine, fake_gaze(settings, analysis))) as client:
        exact = base64.encodebytes(VIDEO + bytes(100_000 - len(VIDEO))).decode()
        assert client.post("/eye-tracking", json=REQUEST | {"file_data": exact}).status_code == 200
        for size in (100_001, 1_000_000):
            response = client.post(
                "/eye-tracking", json=REQUEST | {"file_data": base64.b64encode(bytes(size)).decode()}
            )
            assert (response.status_code, response.json()["code"]) == (413, "too_large")
            assert "0.1 MB" in response.json()["error"]


def test_a_crash_of_the_analysis_is_a_server_error_and_the_server_lives(
    faces: TestClient, analysis: FakeVideoAnalysis
) -> None:
    analysis.errors.append(CrashError("The analysis crashed: its process was ended by SIGSEGV."))

    assert faces.post("/eye-tracking", json=REQUEST).status_code == 500
    assert faces.post("/eye-tracking", json=REQUEST).status_code == 200


def test_a_number_that_json_cannot_say_never_leaves(faces: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SUMMARY, "fps", float("nan"))
    response = faces.post("/eye-tracking", json=REQUEST)

    assert response.status_code == 500
    assert "NaN" not in response.text


def test_get_is_a_health_check(faces: TestClient) -> None:
    response = faces.get("/eye-tracking")

    assert response.status_code == 200
    assert response.json()["status"] == "healthy"
    assert response.json()["actions"] == list(ACTIONS)
    assert list(ACTIONS[:3]) == ["analyze_image", "analyze_video", "process_s3_file"]
    assert response.json()["model"]["version"]
    assert faces.head("/eye-tracking").status_code == 200


def test_health_tells_of_a_model_that_is_not_there(faces: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise NotReadyError("the packaged model is not there")

    monkeypatch.setattr("sightline.gaze.face.nets.model_info", missing)
    response = faces.get("/eye-tracking")

    assert (response.status_code, response.json()["status"]) == (503, "unhealthy")
    assert response.json()["message"] == "the packaged model is not there"


def test_options_answers_browsers_and_others(faces: TestClient) -> None:
    preflight = faces.options(
        "/eye-tracking",
        headers={
            "Origin": "https://app.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    plain = faces.options("/eye-tracking", headers={"Origin": "https://app.example"})

    assert preflight.status_code == 200
    assert plain.status_code == 204
    for response in (preflight, plain):
        assert response.headers["access-control-allow-origin"] == "*"
        assert "POST" in response.headers["access-control-allow-methods"]
        assert response.headers["access-control-allow-headers"]
    assert faces.options("/eye-tracking").status_code == 204


def test_answers_to_browsers_are_readable_for_them_errors_too(faces: TestClient) -> None:
    for body in (REQUEST, {}):
        response = faces.post("/eye-tracking", json=body, headers={"Origin": "https://app.example"})
        assert response.headers["access-control-allow-origin"] == "*"
