"""What becomes of messages, and of jobs whose messages come twice, late, or not at all."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sightline.errors import BadInputError, NotFoundError
from sightline.jobs.attempt import Attempt, carry_out
from sightline.jobs.queue import Failure, Job, Lease
from sightline.jobs.sqs import Settled, SqsJobQueue
from tests.jobs.contract import FAILURE, KIND, claimed
from tests.jobs.handlers import FakeHandler
from tests.jobs.steered_sqs import Post, SteeringClock


def adopted(queue: SqsJobQueue, message: tuple[str, str]) -> Lease:
    lease = queue.adopt(*message)
    assert isinstance(lease, Lease)
    return lease


def test_a_message_names_the_job_and_nothing_else(queue: SqsJobQueue, post: Post) -> None:
    queue.submit("one", KIND, {"user_id": "someone"}, once_key="someone/1")

    body = json.loads(post.next()[0])
    assert set(body) == {"job_id", "announcement"}
    assert body["job_id"] == "one"


def test_a_message_starts_its_job_and_goes_with_it(queue: SqsJobQueue, post: Post) -> None:
    queue.submit("one", KIND, {"a": 1})
    lease = adopted(queue, post.next())

    assert lease.job == queue.get("one")
    assert (lease.job.state, lease.job.attempts) == ("running", 1)
    assert queue.complete(lease, {"b": 2})
    assert queue.get("one").result == {"b": 2}
    assert post.is_empty()


@pytest.mark.parametrize("once_key", [None, "u/1"])
def test_what_was_stored_and_not_announced_is_announced_by_the_same_submission(
    queue: SqsJobQueue, post: Post, once_key: str | None
) -> None:
    queue._table.add("one", KIND, {}, once_key)  # and here the process ended
    assert queue.claim([KIND]) is None

    assert queue.submit("one", KIND, {}, once_key=once_key).state == "queued"
    assert adopted(queue, post.next()).job.id == "one"


def test_a_job_that_nobody_cares_for_is_announced_by_whoever_asks_for_it(
    queue: SqsJobQueue, post: Post, clock: SteeringClock
) -> None:
    queue._table.add("one", KIND, {}, "u/1")
    clock.pass_s(299)
    assert queue.get("one").state == "queued"
    assert post.is_empty()

    clock.pass_s(1)
    for _ in range(3):
        assert queue.get("one").state == "queued"
        assert queue.find("u/1") == queue.get("one")
    assert len(post.all()) == 1
    clock.pass_s(300)
    queue.get("one")
    assert len(post.all()) == 1


def test_a_running_job_whose_message_got_lost_is_taken_up_again(
    queue: SqsJobQueue, post: Post, clock: SteeringClock
) -> None:
    queue.submit("one", KIND, {})
    message = post.next()
    adopted(queue, message)
    post.drop(message)
    clock.pass_s(queue.lease_s + 301)

    assert queue.get("one").state == "running"
    message = post.next()
    assert queue.adopt(*message) is Settled.LATER  # the first attempt is over, and its pause begins
    clock.pass_s(5)
    assert adopted(queue, post.next()).job.attempts == 2


def test_messages_that_come_twice_do_the_work_once(queue: SqsJobQueue, post: Post) -> None:
    for _ in range(3):
        queue.submit("one", KIND, {}, once_key="u/1")
    first, *others = post.all()
    assert len(others) == 2
    lease = adopted(queue, first)

    assert queue.adopt(*others[0]) is Settled.DONE  # while it runs: the first message is enough
    assert queue.complete(lease, {})
    assert queue.adopt(*others[1]) is Settled.DONE
    assert queue.get("one").attempts == 1


def test_one_message_that_is_delivered_twice_stays_while_its_job_runs(
    queue: SqsJobQueue, post: Post, clock: SteeringClock
) -> None:
    queue.submit("one", KIND, {})
    message = post.next()
    lease = adopted(queue, message)

    assert queue.adopt(*message) is Settled.LATER
    assert queue.complete(lease, {})
    assert queue.adopt(*message) is Settled.DONE


def test_a_message_without_an_announcement_will_do(queue: SqsJobQueue, post: Post) -> None:
    queue.submit("one", KIND, {})
    _, receipt = post.next()
    adopted(queue, ('{"job_id": "one"}', receipt))

    assert queue.adopt('{"job_id": "one"}', receipt) is Settled.LATER


def test_two_that_adopt_the_same_message_at_the_same_time(queue: SqsJobQueue, post: Post) -> None:
    queue.submit("one", KIND, {})
    message = post.next()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: queue.adopt(*message), range(8)))

    assert found.count(Settled.LATER) == 7
    (lease,) = [each for each in found if isinstance(each, Lease)]
    assert queue.get("one").attempts == 1
    assert queue.complete(lease, {})


def test_a_message_whose_job_is_in_its_pause_comes_when_it_is_over(
    queue: SqsJobQueue, post: Post, clock: SteeringClock
) -> None:
    queue.submit("one", KIND, {})
    message = post.next()
    assert queue.fail(adopted(queue, message), FAILURE, retry=True)

    assert queue.adopt(*message) is Settled.LATER
    clock.pass_s(4)
    assert post.all() == []
    clock.pass_s(1)
    assert adopted(queue, post.next()).job.attempts == 2


def test_a_worker_that_was_killed_leaves_its_message_to_the_next(
    queue: SqsJobQueue, post: Post, clock: SteeringClock
) -> None:
    """The function would be given the message after 30 minutes: adopting it makes that the length of a lease."""
    queue.submit("one", KIND, {})
    adopted(queue, post.next())
    clock.pass_s(queue.lease_s - 1)
    assert post.all() == []
    clock.pass_s(2)

    assert queue.adopt(*post.next()) is Settled.LATER
    assert queue.get("one").state == "queued"
    clock.pass_s(5)
    assert adopted(queue, post.next()).job.attempts == 2


def test_a_lease_that_was_extended_in_between_is_left_alone(
    queue: SqsJobQueue, post: Post, clock: SteeringClock
) -> None:
    queue.submit("one", KIND, {})
    lease = adopted(queue, post.next())
    clock.pass_s(queue.lease_s + 1)
    seen = queue._table.read("one")
    assert seen is not None
    assert queue.extend(lease)

    assert queue._table.end_expired(seen) is None
    assert queue.complete(lease, {})


def test_a_job_that_failed_for_good_is_a_dead_letter_with_its_reason(
    queue: SqsJobQueue, post: Post, clock: SteeringClock
) -> None:
    queue.submit("one", KIND, {"user_id": "someone"})
    for pause_s in (5, 20, 0):
        assert post.dead() == []
        assert queue.fail(adopted(queue, post.next()), FAILURE, retry=True)
        clock.pass_s(pause_s)

    assert queue.get("one").state == "failed"
    ((body, attributes),) = post.dead()
    assert json.loads(body)["job_id"] == "one"
    assert attributes == {
        "code": "internal",
        "reason": "The machine broke down. It was tried 3 times.",
        "job_id": "one",
    }
    assert post.is_empty()


def test_a_job_whose_attempts_all_vanished_has_failed_even_if_nobody_comes_by(
    queue: SqsJobQueue, post: Post, clock: SteeringClock
) -> None:
    queue.submit("one", KIND, {})
    for _ in range(3):
        lease = adopted(queue, post.next())
        clock.pass_s(queue.lease_s + 1)
        if lease.job.attempts < 3:
            assert queue.adopt(*post.next()) is Settled.LATER
            clock.pass_s(20)

    job = queue.get("one")
    assert (job.state, job.attempts, job.finished_at is not None) == ("failed", 3, True)
    assert job.failure is not None
    assert "3 times" in job.failure.reason
    assert not queue.complete(lease, {"late": True})
    assert post.dead() == []
    for _ in range(2):  # its message comes back, and somebody tells
        assert queue.adopt(*post.next()) is Settled.DONE
        clock.pass_s(1800)
    ((_, attributes),) = post.dead()
    assert attributes["job_id"] == "one"
    assert queue.get("one") == job


def test_without_a_queue_for_dead_letters_a_job_fails_all_the_same(queue: SqsJobQueue, post: Post) -> None:
    queue._messages._dead_letter_url = None
    queue.submit("one", KIND, {})
    assert queue.fail(adopted(queue, post.next()), Failure("bad_input", "It is no video."), retry=False)
    queue.reject("poison", "It is poison.")

    assert queue.get("one").state == "failed"
    assert post.is_empty()
    assert post.dead() == []


POISON = ["", "no json", "[]", "{}", '{"job_id": 1}', '{"job_id": ""}', "[" * 50_000, '{"job_id": "\\ud800"}', "null"]


@pytest.mark.parametrize("body", POISON)
def test_a_message_that_announces_no_job(queue: SqsJobQueue, body: str) -> None:
    with pytest.raises(BadInputError, match="job_id"):
        queue.adopt(body, "receipt")


def test_poison_goes_to_the_dead_letters_and_the_next_job_is_done(queue: SqsJobQueue, post: Post) -> None:
    for body in POISON:
        if body:
            post.send(body)
    queue.submit("one", KIND, {})

    assert claimed(queue).job.id == "one"
    assert queue.claim([KIND]) is None
    letters = post.dead()
    assert sorted(body for body, _ in letters) == sorted(body for body in POISON if body)
    assert {attributes["code"] for _, attributes in letters} == {"bad_input"}
    assert all("job_id" in attributes["reason"] for _, attributes in letters)


def test_what_sqs_would_refuse_is_no_hindrance_to_a_dead_letter(queue: SqsJobQueue, post: Post) -> None:
    queue.reject("", "Control\x00\x1f and \ud800, \ufffe. 눈 😀\n" + "x" * 5000)
    queue.reject("😀" * 400_000, "long")

    (empty, told), (long, _) = sorted(post.dead(), key=lambda letter: len(letter[0]))
    assert empty == "(empty)"
    assert told["reason"].startswith("Control?? and ?, ?. 눈 😀\nxxx")
    assert len(told["reason"]) == 1000
    assert len(long) == 60_000


def test_the_message_of_a_deleted_job_is_dropped(queue: SqsJobQueue, post: Post) -> None:
    queue.submit("one", KIND, {}, once_key="u/1")
    queue.submit("two", KIND, {})
    first, second = post.all()
    queue.delete("one")
    queue.delete("two")

    assert queue.adopt(*first) is Settled.DONE
    assert queue.adopt(*second) is Settled.DONE
    with pytest.raises(NotFoundError):
        queue.get("one")


def test_a_job_that_is_deleted_while_it_runs_is_interrupted_and_forgotten(queue: SqsJobQueue, post: Post) -> None:
    class Deleting(FakeHandler):
        def run(self, job: Job, attempt: Attempt) -> Mapping[str, Any]:
            queue.delete(job.id)
            attempt.progress(1, 1)
            pytest.fail("it went on")

    queue.submit("one", KIND, {})
    message = post.next()
    handler = Deleting()
    carry_out(queue, adopted(queue, message), handler, threading.Event())

    assert handler.forgotten == ["one"]
    assert queue.adopt(*message) is Settled.DONE


def test_a_receipt_that_is_no_more_good_does_no_harm(queue: SqsJobQueue, post: Post) -> None:
    """SQS may hand a message out twice; the first receipt is void then."""
    queue.submit("one", KIND, {})
    body, _ = message = post.next()
    lease = adopted(queue, (body, "AQEBvoid"))
    assert queue.extend(lease)
    assert queue.release(lease)
    assert queue.complete(adopted(queue, (body, "AQEBvoid")), {})

    assert queue.adopt(*message) is Settled.DONE
