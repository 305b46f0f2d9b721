"""Jobs whose state lies in DynamoDB and that SQS announces: for functions that a queue starts, and for workers."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from enum import Enum
from typing import Any, Final

from sightline.errors import BadInputError, NotFoundError, UnavailableError
from sightline.jobs.dynamodb import JobTable
from sightline.jobs.dynamodb_items import Stored
from sightline.jobs.messages import Announcement, Messages
from sightline.jobs.queue import LEASE_S, Failure, Job, Lease, Progress, RetryPolicy
from sightline.telemetry import log_event

_logger = logging.getLogger(__name__)

_REPORT_EVERY_S: Final = 3.0
"""Each report is a write that is paid for; clients ask every second or two, and a bar may stand still for that long."""

_SILENCE_S: Final = 300.0
"""After this long without anybody caring for a job that is due, its announcement counts as lost. A job may well wait
longer in a long queue: one more message about it then does no harm, and there is one in five minutes at most."""

_WAIT_S: Final = 1  # asks all of SQS's servers, of which a short poll asks some, and lets a worker stop soon


class Settled(Enum):
    """What is to become of a message that brings no work now."""

    DONE = "done"
    """Nothing is left to do: drop it."""

    LATER = "later"
    """Somebody else is at the job, or its pause is not over: leave the message in the queue, which brings it again."""


class SqsJobQueue:
    """`JobQueue` in a DynamoDB table and an SQS queue.

    What counts is the table: a job is stored there before its message is sent, and taken by a conditional write, so a
    message that comes twice, late or to two workers does no harm. Messages say when to look. One that is in work stays
    in the queue, hidden until the lease ends, and is deleted with the end of the job: whoever is killed leaves it to
    the next. A message that got lost is sent again when somebody asks for its job, or submits it again.

    SQS keeps no order, only about. A queue holds messages for 14 days at most; set it to that.

    Args:
        table: the table's name; `DynamoRecordStore` may use it too.
        queue_url: the queue that announces jobs.
        dead_letter_url: the queue that takes what failed for good, with its reason; None where nobody wants it.
        lease_s: how long a lease holds.
        retry: how often a job is tried.
        clock: gives the time in seconds; the machines that share a table are taken to agree on it.
        keep_days: after how many days a job is forgotten; None keeps it.
        wait_s: how long `claim` waits for a message.

    Every call raises `UnavailableError` where DynamoDB or SQS cannot be reached, and `NotReadyError` where the table or
    the queue is not there or refuses us, or AWS's region or credentials are missing.
    """

    def __init__(
        self,
        *,
        table: str,
        queue_url: str,
        dead_letter_url: str | None = None,
        lease_s: float = LEASE_S,
        retry: RetryPolicy | None = None,
        clock: Callable[[], float] = time.time,
        keep_days: int | None = None,
        wait_s: int = _WAIT_S,
    ) -> None:
        self._retry = retry or RetryPolicy()
        self._table = JobTable(table, retry=self._retry, clock=clock, keep_days=keep_days)
        self._messages = Messages(queue_url, dead_letter_url)
        self._lease_s = lease_s
        self._clock = clock
        self._wait_s = wait_s

    @property
    def lease_s(self) -> float:
        return self._lease_s

    @property
    def report_every_s(self) -> float:
        return _REPORT_EVERY_S

    def submit(
        self,
        job_id: str,
        kind: str,
        payload: Mapping[str, Any],
        *,
        once_key: str | None = None,
        keep_days: int | None = None,
    ) -> Job:
        job = self._table.add(job_id, kind, payload, once_key, keep_days).job
        if job.state == "queued":
            self._messages.announce(job.id)
        return job

    def find(self, once_key: str) -> Job | None:
        stored = self._table.find(once_key)
        return None if stored is None else self._looked_after(stored)

    def get(self, job_id: str) -> Job:
        stored = self._table.read(job_id)
        if stored is None:
            raise NotFoundError("There is no job with this id.")
        return self._looked_after(stored)

    def waiting(self) -> int:
        """About how many jobs are queued; those in a pause between two attempts are not counted."""
        return self._messages.count()

    def claim(self, kinds: Collection[str]) -> Lease | None:
        others: list[str] = []
        try:
            while kinds and (message := self._messages.receive(wait_s=self._wait_s, hidden_s=self._lease_s)):
                body, receipt = message
                found = self._take_or_reject(body, receipt, kinds)
                if isinstance(found, Lease):
                    return found
                if found is Settled.DONE:
                    self._messages.drop(receipt)
                elif found is None:
                    others.append(receipt)
            return None
        finally:
            for receipt in others:
                self._messages.hide(receipt, 0)

    def adopt(self, message_body: str, receipt_handle: str) -> Lease | Settled:
        """Take the job that a message announces: what a function does that the queue has started with it.

        With a lease, the message is deleted when the job ends, and comes again if the attempt fails. Whoever else would
        delete it leaves it in the queue unless the job is done, failed or gone then.

        Args:
            message_body: of the message.
            receipt_handle: of the message.

        Raises:
            BadInputError: the message announces no job: `reject` it.
        """
        announcement = Announcement.parse(message_body)
        try:
            found = self._take(announcement, receipt_handle, None)
        except UnavailableError:
            # As soon as a killed worker's would; the queue by itself waits for as long as a function may run.
            self._messages.hide(receipt_handle, self._lease_s)
            raise
        if isinstance(found, Lease):
            self._messages.hide(receipt_handle, self._lease_s)
        assert found is not None, "no kind is foreign here"
        return found

    def reject(self, body: str, reason: str) -> None:
        """Write a dead letter for a message that nothing can be done about; delete the message after this.

        Args:
            body: of the message.
            reason: what is wrong with it, without personal data.
        """
        self._messages.bury(body, Failure(BadInputError.code, reason))

    def extend(self, lease: Lease) -> bool:
        token, receipt = _parts(lease)
        held = self._table.extend(lease.job.id, token, self._lease_s)
        if held:
            self._messages.hide(receipt, self._lease_s)
        return held

    def report(self, lease: Lease, progress: Progress) -> bool:
        return self._table.report(lease.job.id, _parts(lease)[0], progress)

    def complete(self, lease: Lease, result: Mapping[str, Any]) -> bool:
        token, receipt = _parts(lease)
        held = self._table.complete(lease.job.id, token, result)
        if held:
            self._messages.drop(receipt)
        return held

    def fail(self, lease: Lease, failure: Failure, *, retry: bool) -> bool:
        token, receipt = _parts(lease)
        stored = self._table.end_attempt(lease.job.id, token, lease.job.attempts, failure, retry=retry)
        if stored is None:
            return False
        if self._settle(stored, receipt) is Settled.DONE:
            self._messages.drop(receipt)
        return True

    def release(self, lease: Lease) -> bool:
        token, receipt = _parts(lease)
        held = self._table.release(lease.job.id, token)
        if held:
            self._messages.hide(receipt, 0)
        return held

    def delete(self, job_id: str) -> None:
        self._table.delete(job_id)

    def expired(self) -> Iterator[Job]:
        """None: the table forgets them."""
        return iter(())

    def close(self) -> None:
        """The clients are the process's, and stay."""

    def _take_or_reject(self, body: str, receipt: str, kinds: Collection[str]) -> Lease | Settled | None:
        try:
            return self._take(Announcement.parse(body), receipt, kinds)
        except BadInputError as error:
            self.reject(body, error.message)
            return Settled.DONE

    def _take(self, told: Announcement, receipt: str, kinds: Collection[str] | None) -> Lease | Settled | None:
        """Take the job that was announced; None where it is of a kind that is not wanted."""
        taken, stored = self._table.take(told.job_id, told.id, lease_s=self._lease_s, kinds=kinds)
        if stored is None:
            return Settled.DONE
        if taken:
            return Lease(stored.job, f"{stored.token} {receipt}")
        if stored.job.state == "queued" and kinds is not None and stored.job.kind not in kinds:
            return None
        if stored.job.state == "running":
            if stored.due_s > self._clock() and stored.taken_from != told.id:
                return Settled.DONE  # the message that it was taken from stays in the queue, and is enough
            if stored.due_s <= self._clock():
                stored = self._table.end_expired(stored) or stored
        return self._settle(stored, receipt)

    def _settle(self, stored: Stored, receipt: str) -> Settled:
        """What is to become of the message of a job that cannot be worked on now."""
        job = stored.job
        if job.state in ("queued", "running"):
            self._messages.hide(receipt, stored.due_s - self._clock())
            return Settled.LATER
        if stored.untold:
            assert job.failure is not None
            self._messages.bury(Announcement(job.id, "").body(), job.failure, job.id)
            self._table.mark_told(job.id)
        return Settled.DONE

    def _looked_after(self, stored: Stored) -> Job:
        """A job as whoever asks for it may know it; where nobody else has cared for it in time, this does."""
        now_s, job = self._clock(), stored.job
        if job.state == "running" and stored.due_s <= now_s and job.attempts >= self._retry.attempts:
            ended = self._table.end_expired(stored) or self._table.read(job.id)
            return job if ended is None else ended.job
        forgotten = max(stored.due_s, stored.announced_s) + _SILENCE_S <= now_s
        if job.state in ("queued", "running") and forgotten and self._table.mark_announced(stored):
            try:
                self._messages.announce(job.id)
            except UnavailableError:  # whoever asks in a while does it
                log_event(_logger, "job_not_announced", level=logging.WARNING)
        return job


def _parts(lease: Lease) -> tuple[str, str]:
    """The token that the table knows, and the receipt of the message that the lease was taken from."""
    token, _, receipt = lease.token.partition(" ")
    return token, receipt
