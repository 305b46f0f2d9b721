"""The platform's limits, met for real: a /tmp that is full, a request of 6 MB and one byte more."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from wall_photos import make_wall_photo

from tests.aws.conftest import FACE_FRAMES
from tests.aws.deployed import padded
from tests.aws.gaze_samples import rest_api
from tests.aws.gaze_world import Answer, GazeWorld
from tests.aws.lambda_events import form, function_url, json_of
from tests.clouds.emulator import LambdaEmulator, needs_emulator
from tests.clouds.ministack import Ministack

pytestmark = needs_emulator
BUCKET = "fairstay-results"
TMP_MB = 96
"""Lambda's is 512 MB at least; this one takes less of this machine's memory."""

LAMBDA_TAKES = 6 * 1024 * 1024
EMULATOR_TAKES_MORE = 100
"""Bytes: the runtime's emulator allows a request what Lambda allows an answer."""


class Tmp:
    """A file system of its own for a function's /tmp."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._filler = path / "of-somebody-else"

    def fill(self, *, but_bytes: int) -> None:
        """Take all room but this much, and give back what was taken before."""
        self.clear()
        room = os.statvfs(self.path)
        with self._filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - but_bytes)

    def clear(self) -> None:
        """Give the room back."""
        self._filler.unlink(missing_ok=True)

    def left(self) -> list[str]:
        """The files in it."""
        return [path.name for path in self.path.rglob("*") if path.is_file()]


@pytest.fixture
def tmp(tmp_path: Path) -> Iterator[Tmp]:
    path = tmp_path / "tmpfs"
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={TMP_MB}m", "tmpfs", str(path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a tmpfs")
    yield Tmp(path)
    subprocess.run(["umount", path], check=True)


def test_gaze_s_tmp_is_full(world: GazeWorld, tmp: Tmp, face_clip: bytes) -> None:
    clip = padded(face_clip, 1_000_000)
    key = "users/u1/in/face.mp4"
    world.put(key, clip)
    with world.function(tmp.path) as function:
        too_large = function.invoke({"action": "create_upload", "size_bytes": TMP_MB * 1_000_000})
        assert (too_large["statusCode"], too_large["code"]) == (413, "too_large")

        tmp.fill(but_bytes=500_000)
        video = base64.b64encode(clip).decode()
        requests: list[Answer] = [
            {"action": "process_s3_file", "s3_key": key},
            {"action": "analyze_video", "file_data": video, "user_id": "u1"},
        ]
        for request in requests:
            answer = function.invoke(request)
            assert (answer["statusCode"], answer["code"]) == (503, "unavailable")
            assert "room" in answer["error"]
        assert (world.stored(), world.items()) == ({key}, [])
        accepted = function.invoke({"action": "submit", "s3_key": key})
        assert len(world.deliver(function.invoke)["batchItemFailures"]) == 1
        ask = {"action": "get_status", "user_id": "u1", "analysis_id": accepted["analysis_id"]}
        assert (function.invoke(ask)["state"], function.invoke(ask)["attempts"]) == ("queued", 1)
        assert tmp.left() == ["of-somebody-else"]

        tmp.clear()
        for request in requests:
            assert function.invoke(request)["status"] == "success"
        while function.invoke(ask)["state"] != "done":
            world.pass_time()
            world.deliver(function.invoke)
        assert function.invoke(ask)["attempts"] == 2
        assert tmp.left() == []


@pytest.mark.parametrize("keeps", ["in the bucket", "in /tmp"])
def test_crack_s_tmp_is_full(ministack: Ministack, tmp: Tmp, tmp_path: Path, keeps: str) -> None:
    photo = make_wall_photo(tmp_path / "wall.jpg", (640, 480)).read_bytes()
    large = photo + bytes(3_000_000)  # a form keeps a file of this size on the disk
    ministack.make_bucket(BUCKET)
    where = {"RESULT_BUCKET": BUCKET} if keeps == "in the bucket" else {"SAVE_DIR": str(tmp.path / "result")}
    environment = ministack.environment | where | {"TMPDIR": str(tmp.path)}
    with LambdaEmulator("lambda_handler.handler", environment=environment) as function:

        def detect(data: bytes) -> Answer:
            answer: Answer = function.invoke(function_url("POST", "/detect-crack", form(data)))
            return answer

        first = json_of(detect(photo))
        tmp.fill(but_bytes=20_000)
        refused = [detect(large)] + ([] if keeps == "in the bucket" else [detect(photo)])
        assert function.invoke(function_url("GET", "/health"))["statusCode"] == 200
        assert function.invoke(function_url("GET", first["image_url"]))["statusCode"] == 200
        tmp.clear()
        assert json_of(detect(large))["has_crack"] is True

    for answer in refused:
        assert (answer["statusCode"], json_of(answer)["code"]) == (503, "unavailable"), answer
        assert "room" in json_of(answer)["error"]


def of_size(event: dict[str, Any], size_bytes: int) -> bytes:
    """The event as JSON of exactly this size."""
    rest = size_bytes - len(json.dumps(event | {"padding": ""}))
    return json.dumps(event | {"padding": "a" * rest}).encode()


def envelopes() -> dict[str, Callable[[Answer], Answer]]:
    return {"direct": lambda request: request, "REST API": lambda request: rest_api("POST", request)}


@pytest.mark.parametrize("envelope", envelopes())
def test_gaze_takes_6_mb_and_no_byte_more(world: GazeWorld, tmp_path: Path, face_clip: bytes, envelope: str) -> None:
    """Lambda refuses a larger request with 413 before the function. The emulator cuts it off, so no JSON is left."""
    clip = padded(face_clip, (LAMBDA_TAKES - 4000) * 3 // 4)
    request = {"action": "analyze_video", "file_data": base64.b64encode(clip).decode(), "user_id": "u1"}
    event = envelopes()[envelope](request)
    with world.function(tmp_path / "tmp") as function:
        status, body = function.post(of_size(event, LAMBDA_TAKES))
        answer = json.loads(body)
        answer = answer if envelope == "direct" else json.loads(answer["body"])
        assert (status, answer["status"], answer["summary"]["frames_processed"]) == (200, "success", FACE_FRAMES)

        before = world.stored()
        calls = function.log().count('"_aws"')
        _, body = function.post(of_size(event, LAMBDA_TAKES + EMULATOR_TAKES_MORE + 1))
        assert json.loads(body)["errorType"] == "Runtime.UnmarshalError"
        assert (world.stored(), function.log().count('"_aws"')) == (before, calls)
        assert function.invoke({"httpMethod": "GET", "path": "/"})["statusCode"] == 200
