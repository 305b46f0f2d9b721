"""What goes wrong between the parts of the template's stack: each fault with its clear answer, and nothing lost.

ministack delivers the queue's messages and takes them back as Lambda does. Time is what these tests do not wait for:
how long a message stays hidden, a lease holds and a retry pauses is cut short behind the code's back.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from releases import template

from tests.aws.conftest import FACE_FRAMES
from tests.aws.deployed import CRACK_BUCKET, USER, Deployed, padded
from tests.aws.instances import until
from tests.clouds.emulator import needs_emulator

pytestmark = needs_emulator


def job(stack: Deployed, created: dict[str, Any]) -> tuple[str, int]:
    """State and attempts of a job, without asking the function."""
    item = stack.job(created)
    return (item["state"]["S"], int(item["attempts"]["N"])) if item else ("none", 0)


def has_one_result(stack: Deployed, created: dict[str, Any], *, attempts: int) -> None:
    standing = stack.status(created)
    assert (standing["state"], standing["attempts"]) == ("done", attempts)
    folder = f"users/{USER}/eye/{created['analysis_id']}"
    assert stack.world.stored() == {
        f"{folder}/{name}" for name in ("raw_video.mp4", "analysis_results.csv", "report.json")
    }
    kinds = sorted(item["testType"]["S"] for item in stack.world.items())
    assert kinds == ["eye-tracking", "eye-tracking-upload", "job", "once"]
    assert stack.world.receive(stack.world.dead_letter_url) == []


def begun(stack: Deployed, created: dict[str, Any]) -> bool:
    return job(stack, created)[1] == 1


def hit_in_the_middle(stack: Deployed, clip: bytes, fault: Callable[[], None]) -> dict[str, Any]:
    """An upload whose first attempt was under way when the fault came, and ended by it without a word; a job that was
    faster than the test is forgotten, and begun again."""
    for _ in range(10):
        created = stack.sent(clip)
        until(partial(begun, stack, created))
        fault()
        until(lambda: not stack.gaze.busy)
        if job(stack, created) == ("running", 1):
            return created
        stack.empty()
    raise AssertionError("no job was slow enough")


def test_a_function_killed_in_the_middle_of_a_job(stack: Deployed, long_clip: bytes) -> None:
    created = hit_in_the_middle(stack, long_clip, stack.gaze.kill_busy)
    stack.end_lease(created["analysis_id"])
    stack.until("done", created, meanwhile=stack.wait_no_longer)

    has_one_result(stack, created, attempts=2)
    stack.settle()


def test_a_job_that_always_kills_its_function(stack: Deployed, endless_clip: bytes, face_clip: bytes) -> None:
    created = stack.sent(endless_clip)
    for attempt in (1, 2, 3):

        def under_way(attempt: int = attempt) -> bool:
            stack.wait_no_longer()
            return job(stack, created) == ("running", attempt)

        until(under_way)
        stack.gaze.kill_busy()
        stack.end_lease(created["analysis_id"])
    stack.settle()
    standing = stack.status(created)

    assert (standing["state"], standing["code"], standing["attempts"]) == ("failed", "internal", 3)
    assert "The worker ended in the middle of it" in standing["reason"]
    assert "tried 3 times" in standing["reason"]
    [letter] = stack.world.receive(stack.world.dead_letter_url)
    told = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert told == {"code": "internal", "reason": standing["reason"], "job_id": created["analysis_id"]}
    assert USER not in str(letter)
    assert stack.world.get(created["s3_key"]) == endless_clip  # to be tried again by hand
    other = stack.sent(face_clip)  # and nobody else was harmed
    assert stack.until("done", other)["result"]["summary"]["frames_processed"] == FACE_FRAMES


@pytest.mark.parametrize("killed", [False, True])
def test_an_analysis_deleted_in_the_middle_leaves_nothing(stack: Deployed, long_clip: bytes, killed: bool) -> None:
    created = stack.sent(long_clip)
    until(partial(begun, stack, created))
    if killed:
        stack.gaze.kill_busy()
    assert stack.ask("delete_analysis", analysis_id=created["analysis_id"])[0] == 200
    stack.settle()

    assert (stack.world.stored(), stack.world.items()) == (set(), [])
    assert stack.world.receive(stack.world.dead_letter_url) == []


def test_the_same_event_and_the_same_message_twice(stack: Deployed, long_clip: bytes) -> None:
    """SQS and S3 both deliver at least once: here while another instance is at the job, and after its end."""
    created = stack.sent(long_clip)
    until(lambda: job(stack, created) == ("running", 1))
    bodies = [event["Records"][0]["body"] for event in stack.gaze.events]
    assert len(bodies) == 2
    for body in bodies:
        stack.world.send(body)
    until(lambda: len(stack.gaze.events) >= 2 * len(bodies))
    stack.until("done", created)
    stack.settle()
    for body in bodies:
        stack.world.send(body)
    stack.settle()

    delivered = [event["Records"][0]["body"] for event in stack.gaze.events]
    assert all(delivered.count(body) >= 3 for body in bodies)
    has_one_result(stack, created, attempts=1)


def test_a_result_is_the_same_whichever_instance_is_asked(stack: Deployed, face_clip: bytes) -> None:
    created = stack.sent(face_clip)
    stack.until("done", created)
    before = list(stack.gaze.answered)
    standings = [stack.status(created) for _ in range(4)]

    assert all(now > earlier for now, earlier in zip(stack.gaze.answered, before, strict=True))
    for standing in standings:
        downloads = standing["result"].pop("downloads")
        assert stack.client.get(downloads["csv"]).status_code == 200
    assert all(standing == standings[0] for standing in standings)


def test_poison_in_the_queue(stack: Deployed, face_clip: bytes) -> None:
    """Batches are of one message by the template: poison and jobs never share one, but they share the queue."""
    poison = ["no JSON", '{"job_id": 7}', "눈" * 1000]
    stack.world.send(poison[0])
    created = stack.sent(face_clip)
    for body in poison[1:]:
        stack.world.send(body)
    stack.until("done", created)
    stack.settle()

    letters: list[Any] = []
    while len(letters) < len(poison) and (more := stack.world.receive(stack.world.dead_letter_url)):
        letters += more
    assert sorted(letter["Body"] for letter in letters) == sorted(poison)
    for letter in letters:
        assert letter["MessageAttributes"]["code"]["StringValue"] == "bad_input"
        assert "job" in letter["MessageAttributes"]["reason"]["StringValue"]


Ask = Callable[[Deployed, bytes], tuple[int, dict[str, Any]]]
ASKED: dict[str, Ask] = {
    "analyze_video": lambda stack, clip: stack.ask("analyze_video", file_data=base64.b64encode(clip).decode()),
    "create_upload": lambda stack, clip: stack.ask("create_upload", size_bytes=len(clip)),
    "submit": lambda stack, _: stack.ask("submit", s3_key=f"users/{USER}/in/face.mp4"),
    "get_status": lambda stack, _: stack.ask("get_status", analysis_id="3b6a1b52-5b1c-4f7a-9d3e-0c1d2e3f4a5b"),
}


@pytest.mark.parametrize(
    ("service", "code", "what", "actions"),
    [
        ("s3", "SlowDown", "", ("analyze_video", "submit")),
        ("dynamodb", "ThrottlingException", "records", ("analyze_video", "create_upload")),
        ("dynamodb", "InternalServerError", "jobs", ("submit", "get_status")),
        ("sqs", "ServiceUnavailable", "jobs", ("create_upload", "submit")),
    ],
)
def test_a_service_of_aws_that_refuses_whoever_waits(
    stack: Deployed, face_clip: bytes, service: str, code: str, what: str, actions: tuple[str, ...]
) -> None:
    key = f"users/{USER}/in/face.mp4"
    stack.world.put(key, face_clip)
    for action in actions:
        stack.faulty.refuse(service, status=503 if service == "s3" else 500, code=code)
        status, answer = ASKED[action](stack, face_clip)
        assert (status, answer["code"], answer["status"]) == (503, "unavailable", "error"), (action, answer)
        assert what in answer["error"]
        stack.faulty.serve(service)
    if service == "dynamodb":
        assert stack.world.stored() == {key}  # nothing half done
    assert {item["testType"]["S"] for item in stack.world.items()} <= {"job", "once", "eye-tracking-upload"}
    for action in actions:
        assert ASKED[action](stack, face_clip)[0] in (200, 202, 404)
    stack.settle()


def test_refusals_that_pass_are_not_noticed(stack: Deployed, face_clip: bytes, cracked: bytes) -> None:
    stack.world.put(f"users/{USER}/in/face.mp4", face_clip)
    before = stack.faulty.refused
    stack.faulty.refuse("s3", times=2)
    stack.faulty.refuse("dynamodb", status=400, code="ProvisionedThroughputExceededException", times=2)
    status, answer = stack.ask("process_s3_file", s3_key=f"users/{USER}/in/face.mp4")
    assert (status, answer["status"]) == (200, "success")
    stack.faulty.refuse("s3", times=2)
    answered = stack.client.post(f"{stack.crack_url}/detect-crack", files={"file": ("wall.jpg", cracked)})

    assert answered.status_code == 200
    assert stack.faulty.refused - before == 6
    assert stack.client.get(f"{stack.crack_url}/result/{answered.json()['file_id']}").status_code == 200


def test_s3_refuses_a_job(stack: Deployed, face_clip: bytes) -> None:
    stack.faulty.refuse("s3", method="GET")  # the client's PUT goes through, the function's GET does not
    created = stack.sent(face_clip)
    until(lambda: job(stack, created) == ("queued", 1))
    stack.faulty.serve("s3")
    stack.until("done", created, meanwhile=stack.wait_no_longer)

    has_one_result(stack, created, attempts=2)
    stack.settle()


def test_dynamodb_refuses_while_an_upload_arrives(stack: Deployed, face_clip: bytes) -> None:
    created = stack.announced(face_clip)
    stack.faulty.refuse("dynamodb", status=500, code="InternalServerError")
    assert stack.upload(created, face_clip) == 200
    until(lambda: bool(stack.gaze.events) and not stack.gaze.busy)
    assert job(stack, created) == ("none", 0)
    stack.faulty.serve("dynamodb")
    stack.until("done", created, meanwhile=stack.wait_no_longer)

    has_one_result(stack, created, attempts=1)
    stack.settle()


def test_dynamodb_refuses_the_end_of_a_job(stack: Deployed, long_clip: bytes) -> None:
    created = hit_in_the_middle(
        stack, long_clip, lambda: stack.faulty.refuse("dynamodb", status=500, code="InternalServerError")
    )
    folder, _, _ = created["s3_key"].rpartition("/")
    assert f"{folder}/analysis_results.csv" in stack.world.stored()  # but nobody can say so
    stack.faulty.serve("dynamodb")
    stack.end_lease(created["analysis_id"])
    stack.until("done", created, meanwhile=stack.wait_no_longer)

    has_one_result(stack, created, attempts=2)
    stack.settle()


def test_a_video_over_6_mb_goes_the_way_that_its_refusal_names(stack: Deployed, face_clip: bytes) -> None:
    """AWS answers with the template's own text. ministack has no limit of its own, hands on what the runtime's emulator
    then cuts off, and answers as for a function that failed; the function itself never sees it."""
    large = padded(face_clip, 6_300_000)
    calls = stack.gaze.log().count('"_aws"')
    request = {"action": "analyze_video", "user_id": USER, "file_data": base64.b64encode(large).decode()}
    refused = stack.client.post(f"{stack.api_url}/", json=request)
    assert (refused.status_code, stack.gaze.log().count('"_aws"')) == (502, calls)
    for kind, status in (("REQUEST_TOO_LARGE", 413), ("INTEGRATION_FAILURE", 504)):
        response = template.load()["Resources"]["GazeApi"]["Properties"]["GatewayResponses"][kind]
        assert response["StatusCode"] == status
        assert "create_upload" in response["ResponseTemplates"]["application/json"]
    created = stack.sent(large)

    assert stack.until("done", created)["result"]["summary"]["frames_processed"] == FACE_FRAMES


def test_s3_refuses_the_crack_function(stack: Deployed, cracked: bytes) -> None:
    def detect() -> Any:
        return stack.client.post(f"{stack.crack_url}/detect-crack", files={"file": ("wall.jpg", cracked)})

    kept = detect().json()["file_id"]
    stack.faulty.refuse("s3")
    refused = detect(), stack.client.get(f"{stack.crack_url}/result/{kept}")
    health = stack.client.get(f"{stack.crack_url}/health")
    stack.faulty.serve("s3")

    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert "cannot be reached now" in answer.json()["error"]
    assert health.status_code == 200
    listed = stack.world.cloud.client("s3").list_objects_v2(Bucket=CRACK_BUCKET)["Contents"]
    assert all(kept in entry["Key"] for entry in listed)  # nothing of the photo that was refused
    assert stack.client.get(f"{stack.crack_url}/result/{kept}").status_code == 200
    assert detect().json()["has_crack"] is True
