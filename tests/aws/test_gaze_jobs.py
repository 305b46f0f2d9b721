"""Work that nobody waits for, in AWS's emulator: events of the bucket, batches of the queue, and what goes wrong."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.aws import gaze_samples as samples
from tests.aws.conftest import FACE_FRAMES
from tests.aws.gaze_world import BUCKET, Answer, GazeWorld, metrics, upload
from tests.clouds.emulator import FunctionError, LambdaEmulator, needs_emulator
from tests.clouds.faults import FaultyCloud
from tests.clouds.ministack import Ministack
from tests.jobs.handlers import until

pytestmark = needs_emulator


def sent(function: LambdaEmulator, data: bytes, **fields: object) -> Answer:
    """An upload of user u1 that has arrived."""
    request = {"action": "create_upload", "user_id": "u1", "size_bytes": len(data)} | fields
    created: Answer = function.invoke(request)
    assert upload(created["upload"], data) == 200
    return created


def status(function: LambdaEmulator, created: Answer) -> Answer:
    request = {"action": "get_status", "user_id": "u1", "analysis_id": created["analysis_id"]}
    answer: Answer = function.invoke(request)
    return answer


def submitted(function: LambdaEmulator, data: bytes, **fields: object) -> Answer:
    created = sent(function, data, **fields)
    function.invoke({"action": "submit", "user_id": "u1", "analysis_id": created["analysis_id"]})
    return created


@pytest.mark.parametrize("through", ["the queue", "no queue"])
def test_an_upload_s_event_begins_its_analysis_once(
    function: LambdaEmulator, world: GazeWorld, face_clip: bytes, through: str
) -> None:
    created = sent(function, face_clip)
    event = samples.objects_created(BUCKET, created["s3_key"])
    for _ in range(2):  # S3 delivers at least once
        if through == "the queue":
            world.send(event)
        else:
            assert function.invoke(event) == {"submitted": 1, "refused": 0, "left_alone": 0}
    while world.deliver(function.invoke)["received"]:
        pass

    standing = status(function, created)
    assert (standing["state"], standing["attempts"]) == ("done", 1)
    assert standing["result"]["summary"]["frames_processed"] == FACE_FRAMES
    assert len(world.stored()) == 3  # one analysis
    again = samples.objects_created(BUCKET, *world.stored())  # the events of the results, and the upload's once more
    function.invoke(again)
    while world.deliver(function.invoke)["received"]:
        pass
    assert (len(world.stored()), status(function, created)["attempts"]) == (3, 1)


def test_objects_that_nobody_announced_are_left_alone(
    function: LambdaEmulator, world: GazeWorld, face_clip: bytes
) -> None:
    created = sent(function, face_clip)
    keys = [
        "users/u1/eye/5d1b7c9e-2f3a-4c5d-8e6f-7a8b9c0d1e2f/raw_video.mp4",
        created["s3_key"].replace("u1", "u2"),
        created["s3_key"].replace("raw_video.mp4", "report.json"),
        "users/u1/in/face.mp4",
        "눈.mp4",
        "users/u1/eye/../raw_video.mp4",
    ]
    assert function.invoke(samples.objects_created(BUCKET, *keys))["left_alone"] == len(keys)
    assert function.invoke(samples.objects_created("another-bucket", created["s3_key"]))["left_alone"] == 1
    assert function.invoke(samples.test_event(BUCKET)) == {"submitted": 0, "refused": 0, "left_alone": 0}
    assert status(function, created)["state"] == "awaiting_upload"
    assert world.receive() == []


def test_a_video_that_arrives_after_its_deletion_goes_too(
    function: LambdaEmulator, world: GazeWorld, face_clip: bytes
) -> None:
    created = sent(function, face_clip)
    function.invoke({"action": "delete_analysis", "user_id": "u1", "analysis_id": created["analysis_id"]})
    assert upload(created["upload"], face_clip) == 200  # the address holds for a while yet
    assert function.invoke(samples.objects_created(BUCKET, created["s3_key"]))["left_alone"] == 1

    assert (world.stored(), world.items()) == (set(), [])
    mark = world.item(created["analysis_id"], "eye-tracking-upload")
    assert "u1" not in str(mark)
    assert "expiresAt" in mark


def test_poison_goes_to_the_dead_letters_and_takes_nothing_with_it(
    function: LambdaEmulator, world: GazeWorld, face_clip: bytes
) -> None:
    poison = ["no JSON", "[]", '{"job_id": 7}', '{"Records": [{"eventSource": "aws:sns"}]}']
    for body in poison:
        world.send(body)
    world.send(samples.test_event(BUCKET))
    created = submitted(function, face_clip)
    received = 0
    while (answer := world.deliver(function.invoke))["received"]:
        assert answer["batchItemFailures"] == []
        received += answer["received"]

    assert received == len(poison) + 2
    assert status(function, created)["state"] == "done"
    dead = world.receive(world.dead_letter_url)
    assert sorted(message["Body"] for message in dead) == sorted(poison)
    for message in dead:
        assert message["MessageAttributes"]["code"]["StringValue"] == "bad_input"
        assert "no event of the bucket, and no job" in message["MessageAttributes"]["reason"]["StringValue"]


def test_a_video_that_cannot_be_read_fails_once_with_its_reason(function: LambdaEmulator, world: GazeWorld) -> None:
    created = submitted(function, b"no video" * 100)
    assert world.deliver(function.invoke)["batchItemFailures"] == []

    standing = status(function, created)
    assert (standing["state"], standing["code"], standing["attempts"]) == ("failed", "bad_input", 1)
    assert "no video that can be read" in standing["reason"]
    [letter] = world.receive(world.dead_letter_url)
    assert letter["MessageAttributes"]["job_id"]["StringValue"] == created["analysis_id"]
    assert [line["error_code"] for line in metrics(function) if line["action"] == "job"] == ["bad_input"]


def test_a_job_that_needs_more_time_than_the_function_has_fails_and_says_so(
    world: GazeWorld, tmp_path: Path, endless_clip: bytes
) -> None:
    with world.function(tmp_path / "tmp", timeout_s=10) as function:
        created = submitted(function, endless_clip)
        world.deliver(function.invoke)
        standing = status(function, created)

    assert (standing["state"], standing["code"], standing["attempts"]) == ("failed", "too_large", 1)
    assert "of 12000 frames were done" in standing["reason"]
    assert "longer timeout" in standing["reason"]


def test_a_function_that_is_killed_in_the_middle_is_taken_over_from(
    world: GazeWorld, tmp_path: Path, long_clip: bytes
) -> None:
    tmp = tmp_path / "tmp"
    with world.function(tmp) as function:
        created = submitted(function, long_clip)
        errors: list[FunctionError] = []

        def deliver() -> None:
            try:
                world.deliver(function.invoke)
            except FunctionError as error:
                errors.append(error)

        thread = threading.Thread(target=deliver)
        thread.start()
        until(lambda: world.item(created["analysis_id"], "job")["state"] == {"S": "running"})
        until(lambda: any(tmp.rglob("*.mp4")))
        function.kill_function()
        thread.join()
        assert errors, "the function was not in the middle of it"
        assert any(tmp.rglob("*.mp4"))  # what it left in its /tmp

        world.be_due(created["analysis_id"], "running")
        until(lambda: _delivered(world, function, created))
        standing = status(function, created)

    assert standing["attempts"] == 2
    assert len(world.stored()) == 3
    assert not any(tmp.rglob("*.mp4"))


def test_the_storage_refuses_for_a_while(world: GazeWorld, tmp_path: Path, face_clip: bytes) -> None:
    """The job is tried again, and ends with one result."""
    assert isinstance(world.cloud, Ministack)
    with FaultyCloud(world.cloud) as faulty:
        url = world.queue_url.replace(world.cloud.url, faulty.url)
        environment = {**faulty.environment, "SIGHTLINE_JOB_QUEUE_URL": url}
        with world.function(tmp_path / "tmp", environment) as function:
            created = submitted(function, face_clip)
            faulty.refuse("s3", status=503, code="SlowDown")
            answer = world.deliver(function.invoke)
            assert len(answer["batchItemFailures"]) == 1
            request = {"action": "analyze_video", "file_data": "AAAA", "user_id": "u1"}
            assert function.invoke(request)["code"] == "unavailable"
            faulty.serve("s3")
            faulty.refuse("dynamodb", status=500, code="InternalServerError")
            for action in ("get_status", "submit"):
                request = {"action": action, "user_id": "u1", "analysis_id": created["analysis_id"]}
                assert function.invoke(request)["statusCode"] == 503
            faulty.serve("dynamodb")
            until(lambda: _delivered(world, function, created))
            standing = status(function, created)

    assert standing["attempts"] == 2
    assert len(world.stored()) == 3


def _delivered(world: GazeWorld, function: LambdaEmulator, created: Answer) -> bool:
    world.be_due(created["analysis_id"], "queued")
    world.pass_time()
    world.deliver(function.invoke)
    return bool(status(function, created)["state"] == "done")


def test_a_queue_that_is_not_set_up_refuses_jobs_only(world: GazeWorld, tmp_path: Path, face_clip: bytes) -> None:
    with world.function(tmp_path / "tmp", {"SIGHTLINE_JOB_QUEUE_URL": ""}) as function:
        world.put("users/u1/in/face.mp4", face_clip)
        for request in (
            {"action": "create_upload", "size_bytes": 9},
            {"action": "submit", "s3_key": "users/u1/in/face.mp4"},
        ):
            answer = function.invoke(request)
            assert (answer["statusCode"], answer["code"]) == (503, "not_ready")
            assert "SIGHTLINE_JOB_QUEUE_URL" in answer["error"]
        assert function.invoke({"action": "process_s3_file", "s3_key": "users/u1/in/face.mp4"})["status"] == "success"
        with pytest.raises(FunctionError, match="SIGHTLINE_JOB_QUEUE_URL"):
            function.invoke(samples.messages({"job_id": "x"}))
