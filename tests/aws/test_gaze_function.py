"""The gaze function in AWS's emulator, before an emulated S3, DynamoDB and SQS: every action, in every envelope."""

from __future__ import annotations

import base64
import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import sightline
from sightline.service.eye_tracking import ACTIONS
from tests.aws import gaze_samples as samples
from tests.aws.conftest import FACE_FRAMES
from tests.aws.gaze_world import BUCKET, Answer, GazeWorld, fetched, metrics, upload
from tests.clouds.emulator import LambdaEmulator, needs_emulator
from tests.service.faces import CSV_HEAD

pytestmark = needs_emulator

Ask = Callable[[LambdaEmulator, Answer], tuple[int, Answer]]


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def direct(function: LambdaEmulator, request: Answer) -> tuple[int, Answer]:
    answer = function.invoke(request)
    return answer.get("statusCode", 200), answer


def over_http(sample: Callable[..., Answer], *, is_base64: bool) -> Ask:
    def ask(function: LambdaEmulator, request: Answer) -> tuple[int, Answer]:
        answer = function.invoke(sample("POST", request, is_base64=is_base64))
        assert answer["headers"]["Content-Type"] == "application/json"
        assert answer["headers"]["Access-Control-Allow-Origin"] == "*"
        return answer["statusCode"], json.loads(answer["body"])

    return ask


WAYS: dict[str, Ask] = {
    "direct": direct,
    "REST API": over_http(samples.rest_api, is_base64=False),
    "REST API, base64": over_http(samples.rest_api, is_base64=True),
    "HTTP API": over_http(samples.http_api, is_base64=False),
    "Function URL": over_http(samples.function_url, is_base64=True),
}


def test_a_video_whichever_way_it_comes(function: LambdaEmulator, world: GazeWorld, face_clip: bytes) -> None:
    request = {
        "action": "analyze_video",
        "file_data": text(face_clip),
        "user_id": "user_identifier",
        "file_name": "video.mp4",
        "parameters": {"step": 2, "vpp_thresh": 0.06, "blink_thresh": 0.18, "max_frames": 12000, "blink_min_frames": 2},
    }
    for way, ask in WAYS.items():
        status, answer = ask(function, request)
        folder = f"users/user_identifier/eye/{answer['analysis_id']}"

        assert (status, answer["status"]) == (200, "success"), way
        assert answer["summary"]["frames_processed"] == FACE_FRAMES // 2
        assert answer["summary"].keys() >= {
            "psp_suspected",
            "blink_count",
            "vertical_peak_to_peak",
            "fps",
            "video_meta",
        }
        assert answer["screening"]["verdict"]
        assert answer["video_path"] == f"s3://{BUCKET}/{folder}/raw_video.mp4"
        assert answer["csv_path"] == f"s3://{BUCKET}/{folder}/analysis_results.csv"
        assert world.get(f"{folder}/raw_video.mp4") == face_clip
        table = list(csv.DictReader(world.get(f"{folder}/analysis_results.csv").decode().splitlines()))
        assert list(table[0])[:12] == CSV_HEAD.split(",")
        assert float(table[0]["eye_open"]) > 0.1
        item = world.item(answer["analysis_id"])
        assert item["userId"] == {"S": "user_identifier"}
        assert item["status"] == {"S": "success"}
        assert int(item["timestamp"]["N"]) == pytest.approx(datetime.now(UTC).timestamp(), abs=3600)
        assert item["results"]["M"]["summary"]["M"]["frames_processed"] == {"N": str(FACE_FRAMES // 2)}
    lines = metrics(function)
    assert [line["action"] for line in lines] == ["analyze_video"] * len(WAYS)
    assert [line["cold_start"] for line in lines] == [1, 0, 0, 0, 0]
    for line in lines:
        assert line.keys() >= {"fetch_s", "analyse_s", "store_s", "duration_s", "frames_per_s", "model_version"}
        assert (line["function"], line["errors"], line["frames"]) == ("gaze", 0, FACE_FRAMES // 2)
    assert "user_identifier" not in function.log()


def test_a_picture_and_stored_files(
    function: LambdaEmulator, world: GazeWorld, face_clip: bytes, face_jpeg: bytes
) -> None:
    _, picture = direct(function, {"action": "analyze_image", "file_data": text(face_jpeg), "user_id": "u1"})
    assert picture["result"]["detected"] is True
    assert len(picture["result"]["landmarks"]) == 478
    assert "landmarks" not in world.item(picture["analysis_id"])["results"]["M"]

    world.put("users/u1/in/face.jpg", face_jpeg)
    world.put("users/u1/in/face.mov", face_clip)
    _, stored = direct(function, {"action": "process_s3_file", "s3_key": "users/u1/in/face.jpg"})
    assert stored["result"]["eye_open"] == picture["result"]["eye_open"]
    _, video = direct(function, {"action": "process_s3_file", "s3_key": "users/u1/in/face.mov", "user_id": "u1"})
    assert video["video_path"] == f"s3://{BUCKET}/users/u1/in/face.mov"
    assert video["summary"]["frames_processed"] == FACE_FRAMES
    status = direct(function, {"action": "get_status", "analysis_id": video["analysis_id"], "user_id": "u1"})[1]
    assert (status["state"], status["result"]["video_path"]) == ("done", video["video_path"])


def test_what_no_request_could_carry(function: LambdaEmulator, world: GazeWorld, face_clip: bytes) -> None:
    ask = WAYS["REST API"]
    wanted = {"user_id": "u1", "file_name": "me.mov", "size_bytes": len(face_clip), "parameters": {"step": 3}}
    status, created = ask(function, {"action": "create_upload"} | wanted)
    named = {"user_id": "u1", "analysis_id": created["analysis_id"]}
    assert (status, created["status"]) == (200, "awaiting_upload")
    assert created["s3_key"] == f"users/u1/eye/{created['analysis_id']}/raw_video.mp4"
    status, answer = ask(function, {"action": "submit"} | named)
    assert (status, answer["code"], "PUT" in answer["error"]) == (409, "not_uploaded", True)

    assert upload(created["upload"], face_clip + b"1") == 403  # another length than the signed one
    assert upload(created["upload"], face_clip) == 200
    assert ask(function, {"action": "get_status"} | named)[1]["state"] == "awaiting_upload"
    for _ in range(2):
        status, answer = ask(function, {"action": "submit"} | named)
        assert (status, answer["status"], answer["job_id"]) == (202, "accepted", created["analysis_id"])
    assert ask(function, {"action": "get_status"} | named)[1]["state"] == "queued"

    while world.deliver(function.invoke)["received"]:
        pass
    status, standing = ask(function, {"action": "get_status"} | named)
    assert (status, standing["state"], standing["progress"], standing["attempts"]) == (200, "done", 1.0, 1)
    result = standing["result"]
    assert (result["status"], result["summary"]["frames_processed"]) == ("success", FACE_FRAMES // 3)
    assert fetched(result["downloads"]["csv"]).decode().startswith(CSV_HEAD)
    assert json.loads(fetched(result["downloads"]["report"]))["summary"] == result["summary"]
    names = {key.rpartition("/")[2] for key in world.stored()}
    assert names == {"raw_video.mp4", "analysis_results.csv", "report.json"}  # no figures: they need matplotlib

    assert ask(function, {"action": "delete_analysis"} | named | {"user_id": "u2"})[0] == 404
    assert ask(function, {"action": "delete_analysis"} | named)[1]["status"] == "deleted"
    assert ask(function, {"action": "get_status"} | named)[0] == 404
    assert (world.stored(), world.items()) == (set(), [])


@pytest.mark.parametrize("way", WAYS)
def test_errors_are_json_with_their_status_and_a_code(function: LambdaEmulator, world: GazeWorld, way: str) -> None:
    video = {"action": "analyze_video", "user_id": "u1"}
    cases: list[tuple[Answer, int, str, str]] = [
        ({}, 400, "bad_input", "action is missing"),
        ({"action": "drop_table"}, 400, "bad_input", "it should be one of analyze_image"),
        (video, 400, "bad_input", "file_data is missing"),
        (video | {"file_data": "no base64!"}, 400, "bad_input", "file_data is no base64"),
        (video | {"file_data": text(b"no video" * 99)}, 400, "bad_input", "no video that can be read"),
        (video | {"file_data": "AAAA", "user_id": "../u2"}, 400, "bad_input", "user_id"),
        ({"action": "process_s3_file", "s3_key": "users/u1/none.mp4"}, 404, "not_found", "no such file"),
        ({"action": "process_s3_file", "s3_key": "users/u1/../../a.mp4"}, 400, "bad_input", "s3_key"),
        ({"action": "create_upload", "size_bytes": 3_000_000_000}, 413, "too_large", "size_bytes"),
        ({"action": "get_status", "analysis_id": "x"}, 404, "not_found", "no analysis"),
    ]
    for request, wanted, code, words in cases:
        status, answer = WAYS[way](function, request)
        assert (status, answer["code"], answer["status"]) == (wanted, code, "error"), request
        assert words in answer["error"]
    assert world.stored() == set()
    assert [line["error_code"] for line in metrics(function)] == [code for _, _, code, _ in cases]


def test_bodies_that_are_no_request(function: LambdaEmulator) -> None:
    for body, is_base64 in (("", False), ("{", False), ("[1]", False), ("!", True)):
        event = samples.rest_api(body="x") | {"body": body, "isBase64Encoded": is_base64}
        answer = function.invoke(event)
        assert answer["statusCode"] == 400
        assert json.loads(answer["body"])["code"] == "bad_input"
    strange: tuple[object, ...] = (None, 7, "x", [], [1])
    for other in strange:
        assert function.invoke(other)["code"] == "bad_input"


@pytest.mark.parametrize("sample", [samples.rest_api, samples.http_api, samples.function_url])
def test_get_is_a_health_check_and_options_answers_cors(
    function: LambdaEmulator, sample: Callable[..., Answer]
) -> None:
    answer = function.invoke(sample("GET"))
    document = json.loads(answer["body"])
    assert (answer["statusCode"], document["status"], document["version"]) == (200, "healthy", sightline.__version__)
    assert document["actions"] == list(ACTIONS)
    assert document["model"]["name"]
    head = function.invoke(sample("HEAD"))
    assert (head["statusCode"], head["body"], head["headers"].keys()) == (200, "", answer["headers"].keys())
    answer = function.invoke(sample("OPTIONS"))
    assert (answer["statusCode"], answer["body"]) == (204, "")
    assert "POST" in answer["headers"]["Access-Control-Allow-Methods"]
    answer = function.invoke(sample("DELETE"))
    assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "GET,HEAD,POST,OPTIONS")


def test_the_guides_test_event_and_a_ping(function: LambdaEmulator) -> None:
    answer = function.invoke({"httpMethod": "GET", "path": "/", "headers": {}, "body": None})
    assert (answer["statusCode"], json.loads(answer["body"])["status"]) == (200, "healthy")
    assert function.invoke(samples.PING)["status"] == "healthy"


def test_only_named_origins_may_read_where_some_are_named(world: GazeWorld, tmp_path: Path) -> None:
    with world.function(tmp_path / "tmp", {"SIGHTLINE_CORS_ORIGINS": "https://app.example"}) as function:
        ours = function.invoke(samples.http_api("OPTIONS"))["headers"]
        foreign = function.invoke(samples.rest_api("OPTIONS"))["headers"]
    assert ours["Access-Control-Allow-Origin"] == "https://app.example"
    assert "Access-Control-Allow-Origin" not in foreign


def test_a_video_that_takes_too_long_names_the_other_way(world: GazeWorld, tmp_path: Path, endless_clip: bytes) -> None:
    with world.function(tmp_path / "tmp") as function:
        request = {"action": "analyze_video", "file_data": text(endless_clip), "user_id": "u1"}
        event = samples.rest_api("POST", request)
        event["requestContext"]["requestTimeEpoch"] -= 26_000  # the gateway waits for 3 s yet
        answer = function.invoke(event)
        document = json.loads(answer["body"])
        assert (answer["statusCode"], document["code"]) == (413, "too_large")
        for word in ("create_upload", "submit", "get_status", "of 12000 frames"):
            assert word in document["error"]
        assert world.stored() == set()
        assert function.invoke(samples.PING)["status"] == "healthy"
