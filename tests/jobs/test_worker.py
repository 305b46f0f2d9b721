from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from sightline.jobs.queue import Lease, RetryPolicy
from sightline.jobs.sqlite import SqliteJobQueue
from sightline.jobs.worker import Worker
from tests.jobs.contract import KIND
from tests.jobs.handlers import FakeHandler, until


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[SqliteJobQueue]:
    queue = SqliteJobQueue(tmp_path / "j.sqlite3", retry=RetryPolicy(first_pause_s=0.01, factor=1))
    yield queue
    queue.close()


def test_jobs_from_before_the_start_and_from_after_it_are_done(queue: SqliteJobQueue) -> None:
    handler = FakeHandler()
    worker = Worker(queue, {KIND: handler}, poll_s=60)
    queue.submit("before", KIND, {})
    worker.start()
    worker.start()
    until(lambda: queue.get("before").state == "done")
    queue.submit("after", KIND, {})
    worker.wake()
    until(lambda: queue.get("after").state == "done")
    worker.stop()

    assert handler.ran == ["before", "after"]


def test_jobs_of_other_processes_are_found_too(queue: SqliteJobQueue) -> None:
    worker = Worker(queue, {KIND: FakeHandler()}, poll_s=0.02)
    worker.start()
    time.sleep(0.05)
    queue.submit("one", KIND, {})
    until(lambda: queue.get("one").state == "done")
    worker.stop()


def test_a_job_that_always_crashes_fails_and_the_next_one_is_done(queue: SqliteJobQueue) -> None:
    handler = FakeHandler()
    worker = Worker(queue, {KIND: handler}, poll_s=0.02)
    queue.submit("poison", KIND, {"do": "crash"})
    queue.submit("good", KIND, {})
    worker.start()
    until(lambda: queue.get("poison").state == "failed" and queue.get("good").state == "done")
    worker.stop()

    assert handler.ran.count("poison") == 3


def test_several_threads_work_at_a_time(queue: SqliteJobQueue) -> None:
    handler = FakeHandler()
    handler.hold.clear()
    worker = Worker(queue, {KIND: handler}, threads=3)
    for number in range(4):
        queue.submit(str(number), KIND, {})
    worker.start()
    until(lambda: len(handler.ran) == 3)
    assert queue.waiting() == 1
    handler.hold.set()
    until(lambda: all(queue.get(str(number)).state == "done" for number in range(4)))
    worker.stop()


def test_none_at_a_time_leaves_jobs_to_others(queue: SqliteJobQueue) -> None:
    worker = Worker(queue, {KIND: FakeHandler()}, threads=0)
    worker.start()
    queue.submit("one", KIND, {})
    worker.wake()
    worker.stop()

    assert queue.get("one").state == "queued"


def test_stop_interrupts_at_once_and_the_next_start_begins_again(queue: SqliteJobQueue) -> None:
    handler = FakeHandler()
    handler.hold.clear()
    worker = Worker(queue, {KIND: handler})
    queue.submit("one", KIND, {})
    worker.start()
    until(lambda: handler.ran == ["one"])
    worker.stop()
    assert (queue.get("one").state, queue.get("one").attempts) == ("queued", 0)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("sightline-job")]

    handler.hold.set()
    worker.start()
    until(lambda: queue.get("one").state == "done")
    worker.stop()
    assert handler.ran == ["one", "one"]


class ShakyQueue(SqliteJobQueue):
    refusals = 2

    def claim(self, kinds: Collection[str]) -> Lease | None:
        if self.refusals:
            self.refusals -= 1
            raise OSError(28, "No space left on device")
        return super().claim(kinds)


def test_a_worker_outlives_a_queue_that_cannot_be_reached_for_a_while(tmp_path: Path) -> None:
    queue = ShakyQueue(tmp_path / "k.sqlite3")
    worker = Worker(queue, {KIND: FakeHandler()}, poll_s=0.01)
    queue.submit("one", KIND, {})
    worker.start()
    until(lambda: queue.get("one").state == "done")
    worker.stop()
    queue.close()
