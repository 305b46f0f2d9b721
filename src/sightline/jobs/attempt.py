"""One attempt at one job, from its lease to its outcome. The same for a local worker and for a function in a cloud."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Protocol

from sightline.errors import (
    BadInputError,
    MissingExtraError,
    NotFoundError,
    SightlineError,
    TooLargeError,
    UnavailableError,
)
from sightline.jobs.queue import Failure, Job, JobQueue, Lease, Progress
from sightline.telemetry import log_event, request_id

_logger = logging.getLogger(__name__)

HOPELESS: Final = (BadInputError, TooLargeError, NotFoundError, MissingExtraError)
"""Errors that the same input would meet again: no second attempt."""

_BEATS_A_LEASE = 3


class InterruptedAttemptError(Exception):
    """Ends an attempt: its lease is lost, or its worker is told to stop. A handler lets it pass."""


class AttemptFailedError(Exception):
    """What a handler raises when a next attempt may go better; its text is told once there is no next one."""


class Handler(Protocol):
    """Carries out the jobs of one kind. At least once each: an effect of a repeated run must be that of one."""

    def run(self, job: Job, attempt: Attempt) -> Mapping[str, Any]:
        """Do the work, saying `attempt.progress(...)` or asking `attempt.check()` a few times a second.

        Returns:
            the job's result, as JSON can say it.
        """
        ...

    def forget(self, job: Job) -> None:
        """The job was deleted while it ran: remove what the run may have stored."""
        ...


class Attempt:
    """What a handler sees of the attempt that it is.

    Args:
        queue: where the lease is from.
        lease: the job.
        stopping: set when the worker is told to stop.
    """

    def __init__(self, queue: JobQueue, lease: Lease, stopping: threading.Event) -> None:
        self._queue = queue
        self._lease = lease
        self._stopping = stopping
        self._lost = threading.Event()
        self._began_s = self._reported_s = time.monotonic()

    def check(self) -> None:
        """Return if the attempt should go on.

        Raises:
            InterruptedAttemptError: it should not.
        """
        if self._lost.is_set() or self._stopping.is_set():
            raise InterruptedAttemptError

    def progress(self, done: int, total: int) -> None:
        """Say how far it is; told on as often as the queue wants it, and at the end.

        Raises:
            InterruptedAttemptError: the attempt should not go on.
        """
        self.check()
        now_s = time.monotonic()
        if now_s - self._reported_s < self._queue.report_every_s and done != total:
            return
        self._reported_s = now_s
        per_s = round(done / (now_s - self._began_s), 1) if done else None
        try:
            if not self._queue.report(self._lease, Progress(done, total, per_s)):
                self._lost.set()
                self.check()
        except UnavailableError:  # a bar that stands still is no reason to begin again
            log_event(_logger, "progress_not_told", level=logging.WARNING)

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Extend the lease in a thread of its own, whatever the handler is busy with."""
        done = threading.Event()
        thread = threading.Thread(target=self._beat, args=(done,), name="sightline-heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _beat(self, done: threading.Event) -> None:
        while not done.wait(self._queue.lease_s / _BEATS_A_LEASE):
            try:
                if not self._queue.extend(self._lease):
                    self._lost.set()
                    return
            except UnavailableError as error:  # the next beat asks again
                log_event(_logger, "queue_unavailable", level=logging.WARNING, reason=error.message)
            except Exception:  # the same for a disk that is full, say
                _logger.exception("heartbeat_failed")


def carry_out(queue: JobQueue, lease: Lease, handler: Handler, stopping: threading.Event) -> None:
    """Let `handler` do a job and tell `queue` what came of it.

    What fails in the queue itself surfaces; the lease then expires, and the job is tried again. The log's lines repeat
    the payload's `request_id`, if it has one.
    """
    token = request_id.set(lease.job.payload.get("request_id"))
    try:
        _carry_out(queue, lease, handler, stopping)
    finally:
        request_id.reset(token)


def _carry_out(queue: JobQueue, lease: Lease, handler: Handler, stopping: threading.Event) -> None:
    attempt = Attempt(queue, lease, stopping)
    start_s = time.perf_counter()
    outcome, heard = "interrupted", False
    try:
        with attempt.alive():
            result = handler.run(lease.job, attempt)
    except InterruptedAttemptError:
        heard = queue.release(lease)
    except Exception as error:
        outcome = "failed"
        heard = queue.fail(lease, _failure(error), retry=not isinstance(error, HOPELESS))
    else:
        outcome, heard = _complete(queue, lease, result)
    log_event(
        _logger,
        "job_attempt",
        kind=lease.job.kind,
        attempt=lease.job.attempts,
        outcome=outcome if heard else "too_late",
        duration_s=round(time.perf_counter() - start_s, 3),
    )
    if not heard:
        _forget_if_deleted(queue, lease.job, handler)


def _complete(queue: JobQueue, lease: Lease, result: Mapping[str, Any]) -> tuple[str, bool]:
    """What came of a run that ended well: what the queue cannot keep makes it a failure."""
    try:
        return "done", queue.complete(lease, result)
    except TooLargeError as error:
        return "failed", queue.fail(lease, _failure(error), retry=False)


def _failure(error: Exception) -> Failure:
    """What is told of an error: all of one that is meant for people, of a bug no more than that it is one."""
    if isinstance(error, SightlineError):
        return Failure(error.code, error.message)
    if isinstance(error, AttemptFailedError):
        log_event(_logger, "job_failed", level=logging.ERROR, reason=str(error))
        return Failure("internal", str(error))
    _logger.error("job_failed", exc_info=error)
    return Failure("internal", f"Something went wrong in the service ({type(error).__name__}); its log tells more.")


def _forget_if_deleted(queue: JobQueue, job: Job, handler: Handler) -> None:
    try:
        queue.get(job.id)
    except NotFoundError:
        handler.forget(job)
