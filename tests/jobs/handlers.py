"""Handlers for tests: each job's payload says what becomes of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from sightline.errors import BadInputError, NotReadyError
from sightline.jobs.attempt import Attempt, AttemptFailedError
from sightline.jobs.queue import Job
from tests.conftest import PATIENCE_S

ERRORS: dict[str, Exception] = {
    "bad": BadInputError("It is no video."),
    "not_ready": NotReadyError("The model is not there."),
    "crash": AttemptFailedError("The analysis crashed."),
    "bug": ZeroDivisionError("secret detail"),
}


class FakeHandler:
    """Does what the payload's `do` says; while `hold` is clear, it works on and says so all the time."""

    def __init__(self) -> None:
        self.hold = threading.Event()
        self.hold.set()
        self.ran: list[str] = []
        self.forgotten: list[str] = []

    def run(self, job: Job, attempt: Attempt) -> Mapping[str, Any]:
        self.ran.append(job.id)
        deadline = time.monotonic() + PATIENCE_S
        done = 0
        while not self.hold.wait(0.005):
            done += 1
            attempt.progress(done, 1_000_000)
            assert time.monotonic() < deadline, "nobody let the handler go"
        what = job.payload.get("do")
        if what in ERRORS:
            raise ERRORS[what]
        return {"said": what}

    def forget(self, job: Job) -> None:
        self.forgotten.append(job.id)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)
