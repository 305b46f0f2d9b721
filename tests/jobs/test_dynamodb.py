"""How jobs lie in their table."""

from __future__ import annotations

import json
import threading
from collections import Counter
from typing import Any

import pytest

from sightline.cloud.clients import client, close_clients
from sightline.errors import NotFoundError, NotReadyError, TooLargeError
from sightline.jobs.attempt import carry_out
from sightline.jobs.dynamodb_items import MAX_PAYLOAD_BYTES, MAX_RESULT_BYTES
from sightline.jobs.queue import Lease, Progress
from sightline.jobs.sqs import Settled, SqsJobQueue
from sightline.storage.dynamodb import DynamoRecordStore
from tests.clouds.cloud import Cloud
from tests.clouds.ministack import Ministack
from tests.jobs.contract import FAILURE, KIND, claimed
from tests.jobs.handlers import FakeHandler
from tests.jobs.steered_sqs import Post, SteeringClock, steer

DAY_S = 86_400


def items(cloud: Cloud) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cloud.client("dynamodb").scan(TableName="jobs")["Items"]
    return found


def test_records_and_jobs_share_a_table_and_not_its_index(queue: SqsJobQueue, cloud: Cloud) -> None:
    queue.submit("one", KIND, {}, once_key="u/1")

    assert {item["testType"]["S"] for item in items(cloud)} == {"job", "once"}
    records = DynamoRecordStore("jobs")
    for kind in ("job", "once"):
        assert records.list(kind) == ()


def test_a_once_key_which_may_name_a_person_is_not_in_the_table(queue: SqsJobQueue, cloud: Cloud) -> None:
    queue.submit("one", KIND, {}, once_key="someone@example.com/1")

    assert "someone" not in json.dumps(items(cloud))


def test_nothing_of_a_deleted_job_is_left(queue: SqsJobQueue, cloud: Cloud) -> None:
    queue.submit("one", KIND, {}, once_key="u/1")
    queue.delete("one")

    assert items(cloud) == []


def test_a_key_whose_deletion_broke_off_is_taken_over(queue: SqsJobQueue, cloud: Cloud) -> None:
    queue.submit("one", KIND, {}, once_key="u/1")
    key = {"analysisId": {"S": "one"}, "testType": {"S": "job"}}
    cloud.client("dynamodb").delete_item(TableName="jobs", Key=key)

    assert queue.find("u/1") is None
    assert queue.submit("two", KIND, {}, once_key="u/1").id == "two"
    assert queue.submit("three", KIND, {}, once_key="u/1").id == "two"


def test_a_deletion_leaves_a_key_that_is_another_jobs_by_now(queue: SqsJobQueue, cloud: Cloud) -> None:
    queue.submit("one", KIND, {}, once_key="u/1")
    (once,) = (item for item in items(cloud) if item["testType"]["S"] == "once")
    cloud.client("dynamodb").put_item(TableName="jobs", Item=once | {"jobId": {"S": "two"}})
    queue.delete("one")

    assert items(cloud) == [once | {"jobId": {"S": "two"}}]


@pytest.mark.parametrize("job_id", ["", "x" * 2049, "\ud800"])
def test_ids_that_no_table_holds(queue: SqsJobQueue, job_id: str) -> None:
    with pytest.raises(NotFoundError):
        queue.get(job_id)
    queue.delete(job_id)


def test_a_payload_that_is_too_large_is_refused_and_nothing_is_stored(queue: SqsJobQueue, cloud: Cloud) -> None:
    with pytest.raises(TooLargeError, match=r"payload has 100008 bytes; at most 100000 bytes"):
        queue.submit("one", KIND, {"a": "x" * MAX_PAYLOAD_BYTES}, once_key="u/1")
    assert items(cloud) == []
    assert queue.claim([KIND]) is None


def test_a_result_that_is_too_large_fails_the_job_with_its_size(queue: SqsJobQueue, post: Post) -> None:
    class Talkative(FakeHandler):
        def run(self, *_: object) -> dict[str, str]:
            return {"text": "눈" * MAX_RESULT_BYTES}

    queue.submit("one", KIND, {})
    carry_out(queue, claimed(queue), Talkative(), threading.Event())

    job = queue.get("one")
    assert (job.state, job.attempts) == ("failed", 1)
    assert job.failure is not None
    assert job.failure.code == "too_large"
    assert "750011 bytes; at most 250000 bytes" in job.failure.reason
    assert post.is_empty()


def test_the_largest_job_fits_into_an_item(queue: SqsJobQueue) -> None:
    payload = {"a": "x" * (MAX_PAYLOAD_BYTES - len('{"a":""}'))}
    result = {"a": "x" * (MAX_RESULT_BYTES - len('{"a":""}'))}
    queue.submit("one", KIND, payload, once_key="u" * 10_000)
    lease = claimed(queue)

    assert queue.complete(lease, result)
    job = queue.get("one")
    assert (job.payload, job.result) == (payload, result)


@pytest.fixture
def forgetful(places: dict[str, Any], clock: SteeringClock) -> SqsJobQueue:
    return steer(SqsJobQueue(**places, clock=clock, wait_s=0, keep_days=30), clock)


def test_jobs_are_forgotten_after_their_days(forgetful: SqsJobQueue, clock: SteeringClock, cloud: Cloud) -> None:
    forgetful.submit("one", KIND, {}, once_key="u/1")
    assert {item["expiresAt"]["N"] for item in items(cloud)} == {f"{clock.now_s + 30 * DAY_S:.0f}"}
    message = Post(forgetful).next()
    clock.pass_s(30 * DAY_S)
    assert len(items(cloud)) == 2  # DynamoDB takes two more days over it

    assert forgetful.find("u/1") is None
    with pytest.raises(NotFoundError):
        forgetful.get("one")
    assert forgetful.adopt(*message) is Settled.DONE
    assert forgetful.submit("one", KIND, {"new": True}, once_key="u/1").payload == {"new": True}
    assert claimed(forgetful).job.payload == {"new": True}


def test_what_a_job_costs(places: dict[str, Any]) -> None:
    """A call of DynamoDB that writes up to 1 KB is the unit that is paid for, in a transaction two of each part."""
    queue, calls = SqsJobQueue(**places, wait_s=0), Counter[str]()
    for service in (client("dynamodb"), client("sqs")):
        service.meta.events.register("before-call", lambda model, **_: calls.update([model.name]))

    def made() -> dict[str, int]:
        found = dict(calls)
        calls.clear()
        return found

    queue.submit("one", KIND, {})
    assert made() == {"PutItem": 1, "SendMessage": 1}
    queue.submit("two", KIND, {}, once_key="u/2")
    assert made() == {"TransactWriteItems": 1, "SendMessage": 1}
    lease = claimed(queue)
    assert made() == {"ReceiveMessage": 1, "UpdateItem": 1}
    assert queue.extend(lease)
    assert made() == {"UpdateItem": 1, "ChangeMessageVisibility": 1}
    assert queue.report(lease, Progress(1, 2))
    assert made() == {"UpdateItem": 1}
    assert queue.complete(lease, {})
    assert made() == {"UpdateItem": 1, "DeleteMessage": 1}
    assert queue.get(lease.job.id).state == "done"
    assert made() == {"GetItem": 1}
    adopted = queue.adopt(*Post(queue).next())
    assert isinstance(adopted, Lease)
    assert made() == {"ReceiveMessage": 1, "UpdateItem": 1, "ChangeMessageVisibility": 1}
    assert queue.fail(adopted, FAILURE, retry=False)
    assert made() == {"UpdateItem": 2, "SendMessage": 1, "DeleteMessage": 1}


def test_progress_is_told_every_three_seconds(queue: SqsJobQueue) -> None:
    assert queue.report_every_s == 3


RIGHTS = {
    "table/jobs": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
    "jobs": [
        "sqs:SendMessage",
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
    ],
    "dead": ["sqs:SendMessage"],
}
"""All that a queue may need to do, by what with."""


def use_rights(cloud: Ministack, monkeypatch: pytest.MonkeyPatch, without: tuple[str, str] | None = None) -> None:
    """Let this process be somebody with `RIGHTS`, but for one of them."""
    statements = [
        {
            "Effect": "Allow",
            "Action": [action for action in actions if (resource, action) != without] or ["sqs:ListQueues"],
            "Resource": f"arn:aws:{'dynamodb' if resource.startswith('table') else 'sqs'}:*:*:{resource}",
        }
        for resource, actions in RIGHTS.items()
    ]
    for name, value in cloud.make_user("worker", *statements).items():
        monkeypatch.setenv(name, value)
    close_clients()


def live(queue: SqsJobQueue) -> None:
    """Do everything that a queue can do."""
    for name in ("done", "failed", "deleted"):
        queue.submit(name, KIND, {}, once_key=f"u/{name}")
    queue.submit("plain", KIND, {})
    assert queue.find("u/done") is not None
    assert queue.waiting() == 4
    lease = claimed(queue)
    assert queue.extend(lease)
    assert queue.report(lease, Progress(1, 2))
    assert queue.complete(lease, {})
    assert queue.fail(claimed(queue), FAILURE, retry=True)
    assert queue.fail(claimed(queue), FAILURE, retry=False)
    queue.delete("deleted")


def test_what_a_queue_must_be_allowed_to_do(
    ministack: Ministack, places: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    use_rights(ministack, monkeypatch)
    live(SqsJobQueue(**places, wait_s=0))


@pytest.mark.parametrize("right", [(resource, action) for resource, actions in RIGHTS.items() for action in actions])
def test_a_right_that_is_missing_is_named(
    ministack: Ministack, places: dict[str, Any], monkeypatch: pytest.MonkeyPatch, right: tuple[str, str]
) -> None:
    use_rights(ministack, monkeypatch, without=right)
    with pytest.raises(NotReadyError, match=r"refuses.*permissions"):
        live(SqsJobQueue(**places, wait_s=0))
