"""The crack function as it is deployed, with its real model, on AWS's own runtime: every route of the contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from wall_photos import make_wall_photo

from sightline.aws.web_answer import MAX_PHOTO_BYTES
from tests.aws.lambda_events import body_of, event, form, function_url, json_of, rest_api
from tests.clouds.emulator import FunctionError, LambdaEmulator, needs_emulator
from tests.clouds.ministack import Ministack

pytestmark = needs_emulator
HANDLER = "lambda_handler.handler"
BUCKET = "sightline-results"
SIZE = (640, 480)
REQUEST_LIMIT = 6 * 1024 * 1024
EMULATOR_TAKES_MORE = 100
"""Bytes; it allows a request what Lambda allows an answer."""


@pytest.fixture(scope="module")
def cracked(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A photo in which the packaged model sees a crack."""
    return make_wall_photo(tmp_path_factory.mktemp("photos") / "wall.jpg", SIZE).read_bytes()


@pytest.fixture(scope="module")
def tmp_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tmp")


@pytest.fixture(scope="module")
def function(tmp_folder: Path) -> Iterator[LambdaEmulator]:
    """One warm instance that keeps its results in its own /tmp."""
    environment = {"SAVE_DIR": str(tmp_folder / "result"), "TMPDIR": str(tmp_folder)}
    with LambdaEmulator(HANDLER, environment=environment) as emulator:
        yield emulator


def in_bucket(cloud: Ministack) -> dict[str, str]:
    return cloud.environment | {"RESULT_BUCKET": BUCKET}


def detect(emulator: LambdaEmulator, photo: bytes) -> dict[str, Any]:
    answer = emulator.invoke(function_url("POST", "/detect-crack", form(photo)))
    assert answer["statusCode"] == 200, answer
    found: dict[str, Any] = json_of(answer)
    return found


def get(emulator: LambdaEmulator, path: str) -> dict[str, Any]:
    answer: dict[str, Any] = emulator.invoke(function_url("GET", path))
    return answer


def test_the_guides_test_event(function: LambdaEmulator) -> None:
    answer = function.invoke(event("console_health"))

    assert answer["statusCode"] == 200
    assert answer["body"].startswith('{"status":"healthy"')
    assert json_of(answer)["model_loaded"] is True
    assert json_of(answer)["model"]["name"] == "sightline-crack"


def test_a_photo_and_all_that_is_kept_of_it(function: LambdaEmulator, cracked: bytes) -> None:
    found = detect(function, cracked)
    boxes = found["bounding_boxes"]
    path = f"/result/{found['file_id']}"

    assert found["has_crack"] is True
    assert 0.5 < found["confidence"] <= 1
    assert found["crack_count"] == len(boxes) == len(found["instances"]) > 0
    assert all(isinstance(box[side], int) for box in boxes for side in ("x", "y", "width", "height"))
    assert all(box["x"] + box["width"] <= SIZE[0] and box["y"] + box["height"] <= SIZE[1] for box in boxes)
    assert found["result_url"] == f"https://{event('function_url_health')['headers']['host']}{path}"
    picture, mask, report = get(function, path), get(function, f"{path}/mask.png"), get(function, f"{path}/report.json")
    assert picture["headers"]["content-type"] == "image/jpeg"
    assert Image.open(BytesIO(body_of(picture))).format == "JPEG"
    assert Image.open(BytesIO(body_of(mask))).size == SIZE
    assert json_of(report)["confidence"] == found["confidence"]
    head = function.invoke(function_url("HEAD", path))
    assert (head["statusCode"], head["body"], head["headers"]["content-type"]) == (200, "", "image/jpeg")
    assert function.invoke(function_url("DELETE", path))["statusCode"] == 204
    assert (get(function, path)["statusCode"], json_of(get(function, path))["code"]) == (404, "not_found")


def test_a_wall_without_a_crack(function: LambdaEmulator, clean_jpeg: bytes) -> None:
    found = detect(function, clean_jpeg)

    assert (found["has_crack"], found["confidence"], found["bounding_boxes"]) == (False, 0.0, [])


def test_the_same_through_a_rest_api(function: LambdaEmulator, cracked: bytes) -> None:
    answer = function.invoke(rest_api("POST", "/detect-crack", form(cracked, "image")))

    assert answer["statusCode"] == 200
    assert "/dev/result/" in json_of(answer)["result_url"]


@pytest.mark.parametrize("body", [b"", form(b""), form(b"\xff\xd8\xff no picture"), b"not a form"])
def test_bad_bodies(function: LambdaEmulator, body: bytes) -> None:
    answer = function.invoke(function_url("POST", "/detect-crack", body))

    assert (answer["statusCode"], json_of(answer)["code"]) == (400, "bad_input")


def test_other_addresses_methods_and_events(function: LambdaEmulator) -> None:
    assert json_of(get(function, "/nothing"))["code"] == "not_found"
    assert function.invoke(function_url("PUT", "/detect-crack"))["statusCode"] == 405
    assert function.invoke({})["statusCode"] == 400
    assert function.invoke([])["statusCode"] == 400
    with pytest.raises(FunctionError, match="no HTTP request"):
        function.invoke(event("sqs"))
    assert get(function, "/health")["statusCode"] == 200


def padded_event(size_bytes: int) -> bytes:
    """The event of a photo, of exactly so many bytes; all of it is needed to read it."""
    made = function_url("POST", "/detect-crack", form(bytes((size_bytes - 20_000) * 3 // 4)))
    return (
        json.dumps(made | {"padding": ""})
        .replace('"padding": "', '"padding": "' + "a" * (size_bytes - len(json.dumps(made | {"padding": ""}))))
        .encode()
    )


def test_a_request_as_large_as_lambda_takes_is_answered(function: LambdaEmulator) -> None:
    status, body = function.post(padded_event(REQUEST_LIMIT))
    answer = json.loads(body)

    assert status == 200
    assert (answer["statusCode"], json_of(answer)["code"]) == (413, "too_large")
    assert f"{MAX_PHOTO_BYTES} bytes" in json_of(answer)["error"]


def test_a_larger_request_never_reaches_the_function(function: LambdaEmulator) -> None:
    """Lambda refuses it with 413 in front of the function. The emulator cuts it off, and what is left is no JSON."""
    invocations = function.log().count("CloudWatchMetrics")
    _, body = function.post(padded_event(REQUEST_LIMIT + EMULATOR_TAKES_MORE + 1))

    assert json.loads(body)["errorType"] == "Runtime.UnmarshalError"
    assert function.log().count("CloudWatchMetrics") == invocations
    assert get(function, "/health")["statusCode"] == 200


def test_the_largest_photo_is_analysed(function: LambdaEmulator, cracked: bytes) -> None:
    assert detect(function, cracked + bytes(MAX_PHOTO_BYTES - len(cracked)))["has_crack"] is True


def test_nothing_is_left_in_tmp_but_results(function: LambdaEmulator, tmp_folder: Path, cracked: bytes) -> None:
    detect(function, cracked + bytes(2_000_000))  # more than a form keeps in memory

    assert [path.name for path in tmp_folder.iterdir()] == ["result"]


def test_the_log_has_no_names_and_no_ids(function: LambdaEmulator, cracked: bytes) -> None:
    file_id = detect(function, cracked)["file_id"]
    get(function, f"/result/{file_id}")

    assert '"action": "detect_crack"' in function.log()
    assert file_id not in function.log()
    assert "벽" not in function.log()
    assert "203.0.113.7" not in function.log()


def test_a_model_that_cannot_be_loaded_is_told(tmp_path: Path, cracked: bytes) -> None:
    environment = {"SAVE_DIR": str(tmp_path), "MODEL_PATH": "best.onnx"}
    with LambdaEmulator(HANDLER, environment=environment) as emulator:
        health = get(emulator, "/health")
        detect = emulator.invoke(function_url("POST", "/detect-crack", form(cracked)))

    assert (health["statusCode"], json_of(health)["status"]) == (503, "unhealthy")
    assert "best.onnx" in json_of(health)["message"]
    assert (detect["statusCode"], json_of(detect)["error"]) == (503, json_of(health)["message"])


def test_any_instance_finds_a_result(ministack: Ministack, cracked: bytes) -> None:
    ministack.make_bucket(BUCKET)
    with (
        LambdaEmulator(HANDLER, environment=in_bucket(ministack)) as other,
        LambdaEmulator(HANDLER, environment=in_bucket(ministack)) as one,
    ):
        path = f"/result/{detect(one, cracked)['file_id']}"
        for name in ("", "/mask.png", "/report.json"):
            assert body_of(get(other, path + name)) == body_of(get(one, path + name))
        assert other.invoke(function_url("DELETE", path))["statusCode"] == 204
        assert get(one, path)["statusCode"] == 404
    assert "Contents" not in ministack.client("s3").list_objects_v2(Bucket=BUCKET)


def test_while_s3_refuses_it_is_said_and_later_it_works(cracked: bytes) -> None:
    with Ministack().start(S3_PERSIST="1", PERSIST_STATE="1") as cloud:
        cloud.make_bucket(BUCKET)
        with LambdaEmulator(HANDLER, environment=in_bucket(cloud)) as emulator:
            path = f"/result/{detect(emulator, cracked)['file_id']}"
            cloud.stop()
            refused = [
                emulator.invoke(function_url("POST", "/detect-crack", form(cracked))),
                get(emulator, path),
                get(emulator, "/health"),
            ]
            cloud.start()
            assert detect(emulator, cracked)["has_crack"] is True
            assert get(emulator, path)["statusCode"] == 200

    assert [answer["statusCode"] for answer in refused] == [503, 503, 200]
    assert [json_of(answer)["code"] for answer in refused[:2]] == ["unavailable", "unavailable"]


def test_a_bucket_that_is_not_there_is_named(ministack: Ministack, cracked: bytes) -> None:
    with LambdaEmulator(HANDLER, environment=in_bucket(ministack)) as emulator:
        answer = emulator.invoke(function_url("POST", "/detect-crack", form(cracked)))

    assert (answer["statusCode"], json_of(answer)["code"]) == (503, "not_ready")
    assert BUCKET in json_of(answer)["error"]
