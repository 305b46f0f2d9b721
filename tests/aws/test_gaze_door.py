"""The door in this process, before a real queue and table, with an analysis that does as the test says."""

from __future__ import annotations

import base64
import errno
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sightline.aws import scratch
from sightline.aws.gaze_door import GazeDoor
from sightline.aws.gaze_function import GazeFunction, Loading
from sightline.gaze.face.nets import ModelInfo
from sightline.service.gaze_setup import open_gaze_service, open_queue
from sightline.settings import get_settings
from tests.aws import gaze_samples as samples
from tests.aws.gaze_world import Answer, GazeWorld
from tests.clouds.fixtures import in_cloud
from tests.service.faces import VIDEO, FakeVideoAnalysis, fake_picture_analysis


class DirectedAnalysis(FakeVideoAnalysis):
    """An `InProcessAnalysis` that says how far it is as often as `units`, then does what the test wants."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Callable[[], None] = lambda: None
        self.deadline: Any = None

    def begin(self, deadline: Any) -> None:
        self.deadline = deadline

    def figures(self) -> dict[str, float]:
        return {}

    def __call__(self, *arguments: Any, **named: Any) -> None:
        self.before()
        if self.deadline is not None:
            self.deadline.check(40, 100)
        super().__call__(*arguments, **named)


class Clock:
    """A Lambda context whose time the test sets."""

    aws_request_id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"

    def __init__(self) -> None:
        self.left_s = 300.0

    def get_remaining_time_in_millis(self) -> int:
        return int(self.left_s * 1000)


@pytest.fixture
def analysis() -> DirectedAnalysis:
    return DirectedAnalysis()


@pytest.fixture
def door(
    world: GazeWorld, analysis: DirectedAnalysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[GazeDoor]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(scratch, "_root", tmp_path)
    for name, value in world.environment.items():
        monkeypatch.setenv(name, value)
    with in_cloud(world.cloud):
        settings = get_settings()
        queue = open_queue(settings)
        service = open_gaze_service(
            settings, analyse_video=analysis, analyse_picture=fake_picture_analysis, queue=queue, figures=False
        )
        model = ModelInfo("fake", "0", "0" * 64)
        function = GazeFunction(settings, service, queue, analysis, model)  # type: ignore[arg-type]
        monkeypatch.setattr(GazeFunction, "open", lambda: function)
        yield GazeDoor(Loading())
        service.close()


def submitted(door: GazeDoor, world: GazeWorld, name: str = "a") -> str:
    """A job for a stored video of u1."""
    key = f"users/u1/in/{name}.mp4"
    world.put(key, VIDEO)
    answer = door.answer({"action": "submit", "s3_key": key}, None)
    job_id: str = answer["job_id"]
    return job_id


def state(door: GazeDoor, job_id: str) -> Answer:
    return door.answer({"action": "get_status", "user_id": "u1", "analysis_id": job_id}, None)


def test_a_bug_is_an_answer_that_tells_nothing(
    door: GazeDoor, analysis: DirectedAnalysis, caplog: pytest.LogCaptureFixture
) -> None:
    request = {"action": "analyze_video", "file_data": base64.b64encode(VIDEO).decode()}
    analysis.errors = [KeyError("users/u1/secret"), KeyError("users/u1/secret")]
    direct = door.answer(request, Clock())
    http = door.answer(samples.rest_api("POST", request), Clock())

    assert (direct["statusCode"], direct["code"], direct["status"]) == (500, "internal", "error")
    assert (http["statusCode"], json.loads(http["body"])["code"]) == (500, "internal")
    assert http["headers"]["X-Request-ID"] == Clock.aws_request_id
    assert "secret" not in str([direct, http])
    assert "KeyError" in caplog.text


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_and_the_job_is_tried_again(
    door: GazeDoor, world: GazeWorld, analysis: DirectedAnalysis, tmp_path: Path
) -> None:
    def fill() -> None:
        with Path("/dev/full").open("wb", buffering=0) as full:
            full.write(b"1")

    analysis.before = fill
    video = base64.b64encode(VIDEO).decode()
    answer = door.answer({"action": "analyze_video", "file_data": video}, Clock())
    assert (answer["statusCode"], answer["code"]) == (503, "unavailable")
    assert f"no room left for the video and its results, in {tmp_path}" in answer["error"]
    assert world.stored() == set()

    job_id = submitted(door, world)
    batch = world.deliver(lambda event: door.answer(event, Clock()))
    assert len(batch["batchItemFailures"]) == 1
    assert (state(door, job_id)["state"], state(door, job_id)["attempts"]) == ("queued", 1)


def test_what_is_no_full_disk_stays_a_bug(door: GazeDoor, analysis: DirectedAnalysis) -> None:
    analysis.errors = [OSError(errno.EIO, "I/O error")]
    video = base64.b64encode(VIDEO).decode()
    assert door.answer({"action": "analyze_video", "file_data": video}, Clock())["code"] == "internal"


def test_one_bad_message_takes_no_other_with_it(door: GazeDoor, world: GazeWorld, analysis: DirectedAnalysis) -> None:
    jobs = [submitted(door, world, name) for name in "ab"]
    analysis.errors = [KeyError("a bug")]
    world.send("no JSON")
    while not any(state(door, job_id)["state"] == "done" for job_id in jobs):
        world.deliver(lambda event: door.answer(event, Clock()))

    states = sorted((state(door, job_id)["state"], state(door, job_id)["attempts"]) for job_id in jobs)
    assert states == [("done", 1), ("queued", 1)]
    assert [message["Body"] for message in world.receive(world.dead_letter_url)] == ["no JSON"]


def test_a_job_that_got_only_what_another_left_of_the_time_is_given_back(
    door: GazeDoor, world: GazeWorld, analysis: DirectedAnalysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = SimpleNamespace(s=1000.0)
    monkeypatch.setattr("sightline.aws.deadline.Deadline.__init__.__kwdefaults__", {"clock": lambda: now.s})
    jobs = [submitted(door, world, name) for name in "ab"]
    clock = Clock()

    def take() -> None:
        now.s += 200 if clock.left_s > 200 else 150
        clock.left_s -= 200 if clock.left_s > 200 else 50

    analysis.before = take
    received = world.receive()
    while len(received) < 2:
        received += world.receive()
    receipts = tuple(message["ReceiptHandle"] for message in received)
    answer = door.answer(samples.messages(*(message["Body"] for message in received), receipts=receipts), clock)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-1"}]}
    states = sorted((state(door, job_id)["state"], state(door, job_id)["attempts"]) for job_id in jobs)
    assert states == [("done", 1), ("queued", 0)]


def test_a_message_of_a_job_that_is_gone_or_done_is_dropped(door: GazeDoor, world: GazeWorld) -> None:
    done, gone = (submitted(door, world, name) for name in "ab")
    door.answer({"action": "delete_analysis", "user_id": "u1", "analysis_id": gone}, None)
    for _ in range(2):
        for job_id in (done, gone):
            answer = door.answer(samples.messages({"job_id": job_id}), Clock())
            assert answer == {"batchItemFailures": []}
    assert (state(door, done)["state"], state(door, done)["attempts"]) == ("done", 1)
