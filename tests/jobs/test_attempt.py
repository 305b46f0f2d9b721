from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sightline.jobs.attempt import Attempt, InterruptedAttemptError, carry_out
from sightline.jobs.queue import Job, Lease, Progress, RetryPolicy
from sightline.jobs.sqlite import SqliteJobQueue
from sightline.telemetry import request_id
from tests.jobs.contract import KIND, claimed
from tests.jobs.handlers import FakeHandler, until


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[SqliteJobQueue]:
    queue = SqliteJobQueue(tmp_path / "j.sqlite3", lease_s=1.0, retry=RetryPolicy(first_pause_s=0))
    yield queue
    queue.close()


@pytest.fixture
def handler() -> FakeHandler:
    return FakeHandler()


def attempt_at(queue: SqliteJobQueue, handler: FakeHandler, **payload: Any) -> Job:
    queue.submit("one", KIND, payload)
    carry_out(queue, claimed(queue), handler, threading.Event())
    return queue.get("one")


def test_a_result(queue: SqliteJobQueue, handler: FakeHandler) -> None:
    job = attempt_at(queue, handler, do="work")

    assert (job.state, job.result, handler.forgotten) == ("done", {"said": "work"}, [])


def test_the_handler_s_log_names_the_request_that_the_job_comes_from(queue: SqliteJobQueue) -> None:
    class Asking(FakeHandler):
        def run(self, job: Job, attempt: Attempt) -> Mapping[str, Any]:
            return {"request_id": request_id.get()}

    assert attempt_at(queue, Asking(), request_id="abc-1").result == {"request_id": "abc-1"}
    assert request_id.get() is None


def test_bad_input_is_not_tried_again(queue: SqliteJobQueue, handler: FakeHandler) -> None:
    job = attempt_at(queue, handler, do="bad")

    assert job.failure is not None
    assert (job.state, job.failure.code, job.failure.reason) == ("failed", "bad_input", "It is no video.")


@pytest.mark.parametrize(
    ("what", "code", "words"),
    [
        ("not_ready", "not_ready", "The model is not there."),
        ("crash", "internal", "The analysis crashed."),
        ("bug", "internal", "ZeroDivisionError"),
    ],
)
def test_everything_else_is_tried_three_times(
    queue: SqliteJobQueue, handler: FakeHandler, what: str, code: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    job = attempt_at(queue, handler, do=what)
    for _ in range(2):
        assert job.state == "queued"
        carry_out(queue, claimed(queue), handler, threading.Event())
        job = queue.get("one")

    assert (job.state, job.attempts, len(handler.ran)) == ("failed", 3, 3)
    assert job.failure is not None
    assert job.failure.code == code
    assert words in job.failure.reason
    assert "secret" not in job.failure.reason
    if what == "bug":
        assert any(record.exc_info for record in caplog.records)


def test_a_long_job_keeps_its_lease(tmp_path: Path, handler: FakeHandler, monkeypatch: pytest.MonkeyPatch) -> None:
    # Extended three times it outlives its lease; a beat may be late by two seconds on a machine that is busy.
    queue = SqliteJobQueue(tmp_path / "long.sqlite3", lease_s=3.0)
    beats: list[Lease] = []
    extend = queue.extend

    def counted(lease: Lease) -> bool:
        beats.append(lease)
        return extend(lease)

    monkeypatch.setattr(queue, "extend", counted)
    handler.hold.clear()
    queue.submit("one", KIND, {})
    thread = threading.Thread(target=carry_out, args=(queue, claimed(queue), handler, threading.Event()))
    thread.start()
    until(lambda: len(beats) > 3)
    assert queue.claim([KIND]) is None
    handler.hold.set()
    thread.join()

    assert (queue.get("one").state, queue.get("one").attempts) == ("done", 1)
    queue.close()


def test_an_attempt_that_is_told_to_stop_gives_its_job_back(queue: SqliteJobQueue, handler: FakeHandler) -> None:
    handler.hold.clear()
    queue.submit("one", KIND, {})
    stopping = threading.Event()
    thread = threading.Thread(target=carry_out, args=(queue, claimed(queue), handler, stopping))
    thread.start()
    until(lambda: handler.ran == ["one"])
    stopping.set()
    thread.join()

    assert (queue.get("one").state, queue.get("one").attempts) == ("queued", 0)
    assert handler.forgotten == []


def test_a_deleted_job_is_interrupted_and_forgotten(queue: SqliteJobQueue, handler: FakeHandler) -> None:
    handler.hold.clear()
    queue.submit("one", KIND, {})
    thread = threading.Thread(target=carry_out, args=(queue, claimed(queue), handler, threading.Event()))
    thread.start()
    until(lambda: handler.ran == ["one"])
    queue.delete("one")
    thread.join()

    assert handler.forgotten == ["one"]


class Slow:
    """Loses its lease to another worker in the middle of the work, and answers late."""

    def __init__(self, queue: SqliteJobQueue) -> None:
        self.queue = queue
        self.forgotten = 0
        self.other: Lease | None = None

    def run(self, job: Job, attempt: Attempt) -> Mapping[str, Any]:
        with self.queue._writing() as database:
            database.execute("UPDATE jobs SET due_s = 0")
        until(lambda: self.queue.claim([KIND]) is not None)
        assert self.queue.get(job.id).attempts == 2
        return {"late": True}

    def forget(self, job: Job) -> None:
        self.forgotten += 1


def test_a_late_result_is_discarded_and_what_it_stored_stays_the_others(tmp_path: Path) -> None:
    queue = SqliteJobQueue(tmp_path / "k.sqlite3", lease_s=60, retry=RetryPolicy(first_pause_s=0))
    queue.submit("one", KIND, {})
    slow = Slow(queue)
    carry_out(queue, claimed(queue), slow, threading.Event())

    assert (queue.get("one").state, queue.get("one").result, slow.forgotten) == ("running", None, 0)
    queue.close()


class CountingQueue(SqliteJobQueue):
    reports = 0

    def report(self, lease: Lease, progress: Progress) -> bool:
        self.reports += 1
        return super().report(lease, progress)


def test_progress_is_told_twice_a_second_and_at_the_end(tmp_path: Path) -> None:
    queue = CountingQueue(tmp_path / "k.sqlite3")
    queue.submit("one", KIND, {})
    attempt = Attempt(queue, claimed(queue), threading.Event())
    deadline = time.monotonic() + 1.2
    frames = 0
    while time.monotonic() < deadline:
        frames += 1
        attempt.progress(frames, 1_000_000)
        time.sleep(0.001)
    assert 1 <= queue.reports <= 2
    told = queue.get("one").progress
    assert told.per_s is not None
    assert 0 < told.per_s < 1000

    attempt.progress(1_000_000, 1_000_000)
    assert queue.get("one").progress.fraction == 1
    queue.close()


def test_whoever_lost_the_lease_learns_it_from_progress(queue: SqliteJobQueue) -> None:
    queue.submit("one", KIND, {})
    attempt = Attempt(queue, claimed(queue), threading.Event())
    queue.delete("one")

    with pytest.raises(InterruptedAttemptError):
        attempt.progress(5, 5)
    with pytest.raises(InterruptedAttemptError):
        attempt.check()


class ShakyQueue(SqliteJobQueue):
    refusals = 3

    def extend(self, lease: Lease) -> bool:
        if self.refusals:
            self.refusals -= 1
            raise sqlite3.OperationalError("disk I/O error")
        return super().extend(lease)


def test_a_heartbeat_outlives_a_queue_that_cannot_be_reached_for_a_while(
    tmp_path: Path, handler: FakeHandler, caplog: pytest.LogCaptureFixture
) -> None:
    queue = ShakyQueue(tmp_path / "k.sqlite3", lease_s=0.15)
    queue.submit("one", KIND, {})
    handler.hold.clear()
    thread = threading.Thread(target=carry_out, args=(queue, claimed(queue), handler, threading.Event()))
    thread.start()
    until(lambda: queue.refusals == 0)
    handler.hold.set()
    thread.join()

    assert queue.get("one").state == "done"
    assert [record.message for record in caplog.records if record.levelno == logging.ERROR] == ["heartbeat_failed"] * 3
    queue.close()
