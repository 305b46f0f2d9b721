"""A queue in a cloud that refuses for a while, and workers that die, with the real clock and real visibility."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from sightline.errors import UnavailableError
from sightline.jobs.attempt import Attempt, carry_out
from sightline.jobs.queue import Job, Lease, Progress, RetryPolicy
from sightline.jobs.sqs import Settled, SqsJobQueue
from sightline.jobs.worker import Worker
from tests.clouds.faults import FaultyCloud
from tests.clouds.fixtures import in_cloud
from tests.clouds.ministack import Ministack
from tests.conftest import PATIENCE_S
from tests.jobs.contract import FAILURE, KIND, claimed
from tests.jobs.handlers import FakeHandler, until
from tests.jobs.steered_sqs import Post, SteeringClock

AT_ONCE = RetryPolicy(first_pause_s=0)


@pytest.fixture
def cloud(ministack: Ministack, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyCloud]:
    """A cloud that can refuse; ours give up at the first refusal, or the tests would wait for them."""
    monkeypatch.setattr("sightline.cloud.clients._ATTEMPTS", 1)
    with FaultyCloud(ministack) as cloud, in_cloud(cloud):
        yield cloud


def test_a_submission_that_could_not_be_stored_is_refused_and_the_next_one_is_carried_out(
    queue: SqsJobQueue, cloud: FaultyCloud
) -> None:
    cloud.refuse("dynamodb")
    with pytest.raises(UnavailableError, match="jobs"):
        queue.submit("one", KIND, {}, once_key="u/1")
    cloud.serve("dynamodb")
    assert queue.find("u/1") is None

    assert queue.submit("one", KIND, {}, once_key="u/1").state == "queued"
    assert queue.complete(claimed(queue), {})
    assert queue.claim([KIND]) is None


def test_a_submission_that_could_not_be_announced_is_kept_and_announced_by_the_next_one(
    queue: SqsJobQueue, cloud: FaultyCloud
) -> None:
    cloud.refuse("sqs")
    with pytest.raises(UnavailableError):
        queue.submit("one", KIND, {}, once_key="u/1")
    cloud.serve("sqs")

    assert queue.claim([KIND]) is None
    assert queue.submit("two", KIND, {}, once_key="u/1").id == "one"
    assert queue.complete(claimed(queue), {})


def test_a_job_can_be_asked_for_while_it_cannot_be_announced(
    queue: SqsJobQueue, cloud: FaultyCloud, clock: SteeringClock
) -> None:
    queue._table.add("one", KIND, {}, None)
    clock.pass_s(300)
    cloud.refuse("sqs")
    assert queue.get("one").state == "queued"
    cloud.serve("sqs")
    clock.pass_s(300)

    assert queue.get("one").state == "queued"
    assert claimed(queue).job.id == "one"


def test_a_message_that_cannot_be_worked_on_now_comes_back_soon(
    queue: SqsJobQueue, cloud: FaultyCloud, clock: SteeringClock
) -> None:
    queue.submit("one", KIND, {})
    post = Post(queue)
    cloud.refuse("dynamodb", status=400, code="ThrottlingException")
    with pytest.raises(UnavailableError):
        queue.adopt(*post.next())
    assert post.all() == []
    cloud.serve("dynamodb")
    clock.pass_s(queue.lease_s)

    lease = queue.adopt(*post.next())
    assert isinstance(lease, Lease)
    assert lease.job.attempts == 1


def test_a_claim_that_finds_nobody_there(queue: SqsJobQueue, cloud: FaultyCloud, clock: SteeringClock) -> None:
    queue.submit("one", KIND, {})
    for service in ("sqs", "dynamodb"):
        cloud.refuse(service)
        with pytest.raises(UnavailableError):
            queue.claim([KIND])
        cloud.serve(service)
    clock.pass_s(queue.lease_s)

    assert claimed(queue).job.attempts == 1


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (lambda queue, lease: queue.complete(lease, {}), "done"),
        (lambda queue, lease: queue.fail(lease, FAILURE, retry=False), "failed"),
        (lambda queue, lease: queue.release(lease), "queued"),
    ],
)
def test_an_end_whose_answer_is_lost_is_an_end_all_the_same(
    queue: SqsJobQueue,
    cloud: FaultyCloud,
    monkeypatch: pytest.MonkeyPatch,
    end: Callable[[SqsJobQueue, Lease], bool],
    state: str,
) -> None:
    """The client sends the write again, whose condition does not hold any more."""
    monkeypatch.setattr("sightline.cloud.clients._ATTEMPTS", 2)
    queue.submit("one", KIND, {})
    lease = claimed(queue)
    cloud.cut(10)
    assert end(queue, lease)

    post = Post(queue)
    assert queue.get("one").state == state
    assert post.is_empty() == (state != "queued")
    assert [attributes["code"] for _, attributes in post.dead()] == ([FAILURE.code] if state == "failed" else [])
    assert not end(queue, lease)


def test_a_result_that_cannot_be_stored_is_worked_out_again(
    queue: SqsJobQueue, cloud: FaultyCloud, clock: SteeringClock
) -> None:
    queue.submit("one", KIND, {})
    lease = claimed(queue)
    cloud.refuse("dynamodb")
    with pytest.raises(UnavailableError):
        queue.complete(lease, {"n": 1})
    cloud.serve("dynamodb")
    clock.pass_s(queue.lease_s + 1)
    assert queue.claim([KIND]) is None
    clock.pass_s(5)

    assert queue.complete(claimed(queue), {"n": 2})
    assert queue.get("one").result == {"n": 2}


def test_the_messages_can_refuse_as_long_as_the_table_answers(
    queue: SqsJobQueue, cloud: FaultyCloud, clock: SteeringClock
) -> None:
    queue.submit("one", KIND, {})
    queue.submit("two", KIND, {})
    first, second = claimed(queue), claimed(queue)
    queue._messages._sqs = queue._messages._sqs._sqs  # not steered: nothing is hidden or deleted but by the real SQS
    cloud.refuse("sqs")
    assert queue.extend(first)
    assert queue.report(first, Progress(1, 2))
    assert queue.complete(first, {})
    assert queue.release(second)
    assert cloud.refused == 3

    assert (queue.get("one").state, queue.get("two").state) == ("done", "queued")


def test_a_dead_letter_that_could_not_be_written_is_written_when_the_message_comes_back(
    queue: SqsJobQueue, cloud: FaultyCloud, clock: SteeringClock
) -> None:
    queue.submit("one", KIND, {})
    lease, post = claimed(queue), Post(queue)
    cloud.refuse("sqs", times=1)
    with pytest.raises(UnavailableError):
        queue.fail(lease, FAILURE, retry=False)
    assert queue.get("one").state == "failed"
    clock.pass_s(queue.lease_s)

    assert queue.claim([KIND]) is None
    ((_, attributes),) = post.dead()
    assert attributes["code"] == "internal"
    assert post.is_empty()


class Interrupting(FakeHandler):
    """Works through a time in which the table refuses."""

    def __init__(self, cloud: FaultyCloud) -> None:
        super().__init__()
        self._cloud = cloud

    def run(self, job: Job, attempt: Attempt) -> Mapping[str, Any]:
        self._cloud.refuse("dynamodb")
        attempt.progress(1, 1)
        self._cloud.serve("dynamodb")
        attempt.progress(2, 2)
        return super().run(job, attempt)


def test_an_attempt_whose_progress_cannot_be_told_goes_on(queue: SqsJobQueue, cloud: FaultyCloud) -> None:
    queue.submit("one", KIND, {})
    carry_out(queue, claimed(queue), Interrupting(cloud), threading.Event())

    job = queue.get("one")
    assert (job.state, job.attempts, job.progress.done) == ("done", 1, 2)
    assert cloud.refused


def test_a_long_job_keeps_its_lease_and_its_message_while_the_table_refuses_for_a_while(
    places: dict[str, Any], cloud: FaultyCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Extended three times, though not at the first beat, it outlives its lease and its message's visibility. A beat
    may be late by two seconds on a machine that is busy.
    """
    queue = SqsJobQueue(**places, lease_s=6, wait_s=0)
    beats: list[bool] = []
    extend = queue.extend

    def counted(lease: Lease) -> bool:
        if not beats:
            cloud.refuse("dynamodb", times=1)
        beats.append(False)
        beats[-1] = extend(lease)
        return beats[-1]

    monkeypatch.setattr(queue, "extend", counted)
    queue.submit("one", KIND, {})
    handler = FakeHandler()
    handler.hold.clear()
    thread = threading.Thread(target=carry_out, args=(queue, claimed(queue), handler, threading.Event()))
    thread.start()
    until(lambda: beats.count(True) > 2)
    assert queue.claim([KIND]) is None
    assert queue.get("one").attempts == 1
    handler.hold.set()
    thread.join()

    assert beats[0] is False
    assert (queue.get("one").state, queue.get("one").attempts) == ("done", 1)
    assert Post(queue).is_empty()


def test_a_job_of_a_process_that_was_killed_is_taken_over(places: dict[str, Any], cloud: FaultyCloud) -> None:
    queue = SqsJobQueue(**places, lease_s=1, retry=AT_ONCE)
    queue.submit("one", KIND, {})
    claim_and_die = (
        "import os, signal; from sightline.jobs.sqs import SqsJobQueue\n"
        f"queue = SqsJobQueue(**{places!r}, lease_s=1)\n"
        "assert queue.claim(['gaze']); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", claim_and_die], check=False, timeout=PATIENCE_S)
    assert queue.get("one").attempts == 1

    handler = FakeHandler()
    worker = Worker(queue, {KIND: handler}, poll_s=0.02)
    worker.start()
    until(lambda: queue.get("one").state == "done")
    worker.stop()
    assert (queue.get("one").attempts, handler.ran) == (2, ["one"])
    assert Post(queue).is_empty()


def test_a_worker_lives_through_a_time_in_which_nothing_answers(
    places: dict[str, Any], cloud: FaultyCloud, caplog: pytest.LogCaptureFixture
) -> None:
    queue = SqsJobQueue(**places, lease_s=2, retry=AT_ONCE)
    handler = FakeHandler()
    worker = Worker(queue, {KIND: handler}, threads=2, poll_s=0.02)
    queue.submit("before", KIND, {})
    worker.start()
    until(lambda: queue.get("before").state == "done")
    for service in ("sqs", "dynamodb"):
        cloud.refuse(service)
    until(lambda: cloud.refused > 3)
    for service in ("sqs", "dynamodb"):
        cloud.serve(service)
    queue.submit("after", KIND, {})
    queue.submit("poison", KIND, {"do": "bad"})
    until(lambda: queue.get("after").state == "done" and queue.get("poison").state == "failed")
    post = Post(queue)
    until(post.is_empty)
    worker.stop()

    assert handler.ran.count("before") == 1
    assert "queue_unavailable" in caplog.messages
    assert not [record for record in caplog.records if record.exc_info]
    assert [attributes["code"] for _, attributes in post.dead()] == ["bad_input"]


def test_a_cloud_that_was_away_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sightline.cloud.clients._ATTEMPTS", 1)
    with Ministack().start(PERSIST_STATE="1") as cloud, in_cloud(cloud):
        queue = SqsJobQueue(table=cloud.make_table("jobs"), queue_url=cloud.make_queue("jobs"), wait_s=0)
        queue.submit("one", KIND, {}, once_key="u/1")
        lease = claimed(queue)
        cloud.stop()
        for call in (
            lambda: queue.get("one"),
            lambda: queue.submit("two", KIND, {}),
            lambda: queue.claim([KIND]),
            lambda: queue.extend(lease),
            lambda: queue.adopt('{"job_id": "one"}', "receipt"),
        ):
            with pytest.raises(UnavailableError, match="cannot be reached now"):
                call()
        cloud.start()

        assert queue.extend(lease)
        assert queue.complete(lease, {})
        assert queue.submit("two", KIND, {}, once_key="u/1").state == "done"
        assert queue.adopt('{"job_id": "two"}', "receipt") is Settled.DONE
