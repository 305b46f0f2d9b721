"""The local worker: threads in this process that take jobs from a queue, one after another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping

from sightline.errors import UnavailableError
from sightline.jobs.attempt import Handler, carry_out
from sightline.jobs.queue import JobQueue, Lease
from sightline.telemetry import log_event

_logger = logging.getLogger(__name__)

_POLL_S = 1.0  # jobs of this process are announced by `wake`; this finds other processes' jobs, and pauses that ended


class Worker:
    """Carries out jobs from `start` to `stop`; may be started again.

    Args:
        queue: where jobs come from; other processes may take from it too.
        handlers: by the kind of job.
        threads: jobs at a time; 0 leaves all of them to other processes.
        poll_s: how often an idle thread looks for jobs.
    """

    def __init__(
        self, queue: JobQueue, handlers: Mapping[str, Handler], *, threads: int = 1, poll_s: float = _POLL_S
    ) -> None:
        self._queue = queue
        self._handlers = handlers
        self._count = threads
        self._poll_s = poll_s
        self._wake = threading.Condition()
        self._announced = 0
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to take jobs; a second call changes nothing."""
        if self._threads:
            return
        self._stopping = threading.Event()
        names = [f"sightline-job-{number}" for number in range(self._count)]
        self._threads = [
            threading.Thread(target=self._work, args=(self._stopping,), name=name, daemon=True) for name in names
        ]
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Look for a job now: one was just submitted."""
        with self._wake:
            self._announced += 1
            self._wake.notify()

    def stop(self) -> None:
        """Interrupt what is under way, give it back to the queue, and return when nothing runs any more."""
        self._stopping.set()
        with self._wake:
            self._wake.notify_all()
        for thread in self._threads:
            thread.join()
        self._threads = []

    def _work(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            seen = self._announced
            try:
                lease = self._queue.claim(tuple(self._handlers))
                if lease is not None:
                    self._carry_out(lease, stopping)
                    continue
            except UnavailableError as error:
                log_event(_logger, "queue_unavailable", level=logging.WARNING, reason=error.message)
            except Exception:  # the queue's disk is full, say: the thread goes on, and the job's lease expires
                _logger.exception("worker_failed")
            with self._wake:
                self._wake.wait_for(lambda: stopping.is_set() or self._announced != seen, self._poll_s)  # noqa: B023

    def _carry_out(self, lease: Lease, stopping: threading.Event) -> None:
        carry_out(self._queue, lease, self._handlers[lease.job.kind], stopping)
