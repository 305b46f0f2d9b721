"""The contract for jobs: stored before they are announced, carried out by one worker at a time, tried again after a
crash. Every backend passes `tests/jobs/contract.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, Protocol

State = Literal["queued", "running", "done", "failed"]

LEASE_S: Final = 30.0
"""A worker says every third of this that it is alive, so a machine may stand still for 20 s before its job is given to
another; after a crash nobody works on the job for as long as that."""

DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an attempt is, in the units of its work (frames of a video).

    Attributes:
        done: units finished.
        total: units there are; 0 while that is not known.
        per_s: units a second since the attempt began; None before the first.
    """

    done: int = 0
    total: int = 0
    per_s: float | None = None

    @property
    def fraction(self) -> float:
        """From 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job failed: a stable code to branch on, and words for whoever sent it."""

    code: str
    reason: str

    def after(self, attempts: int) -> Failure:
        """The same, as the end of a job that was tried that many times."""
        return Failure(self.code, f"{self.reason} It was tried {attempts} times.") if attempts > 1 else self


LOST: Final = Failure("internal", "The worker ended in the middle of it, without a word.")
"""Why an attempt failed whose lease expired."""


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work as it stands.

    Attributes:
        id: the name the outside world knows it by.
        kind: which handler carries it out.
        payload: what the handler needs, as JSON can say it.
        state: `queued` (also between two attempts), `running`, `done` or `failed`.
        attempts: how often a worker has begun it.
        progress: of the attempt under way, or of the last one.
        result: what the handler gave, where it is done.
        failure: why, where it has failed.
        expires_at: from when on the job counts as not there; None keeps it.
    """

    id: str
    kind: str
    payload: Mapping[str, Any]
    state: State
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempts: int
    progress: Progress
    result: Mapping[str, Any] | None
    failure: Failure | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lease:
    """One worker's right to one job, until it expires; `token` tells it from every other lease of the same job."""

    job: Job
    token: str


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a job is tried, and how long the pauses are.

    Three attempts: a worker that was killed or ran out of memory once gets through; work that kills its worker every
    time stops soon. Pauses of 5 and 20 s let a machine that is short of memory come to itself.
    """

    attempts: int = 3
    first_pause_s: float = 5.0
    factor: float = 4.0

    def pause_s(self, attempts: int) -> float:
        """The pause after that many failed attempts."""
        return float(self.first_pause_s * self.factor ** (attempts - 1))


class JobQueue(Protocol):
    """Jobs and who works on them. Safe to call from several threads; several processes may share one backend.

    A call with a lease answers whether the lease still held. Where it did not, because it expired and the job went to
    another worker, or because the job was deleted, nothing was changed: what a worker says too late is not heard.

    An expired job counts as not there, whether or not a backend has forgotten it yet.
    """

    @property
    def lease_s(self) -> float:
        """How long a lease holds from its last `extend`."""
        ...

    @property
    def report_every_s(self) -> float:
        """How much time to let pass between two calls of `report`, for what each of them costs."""
        ...

    def submit(
        self,
        job_id: str,
        kind: str,
        payload: Mapping[str, Any],
        *,
        once_key: str | None = None,
        keep_days: int | None = None,
    ) -> Job:
        """Store a job and announce it to the workers. When this returns, no crash loses it.

        Where it raises, the job may be stored: the same call again finds it, or stores it, and announces it.

        Args:
            job_id: a new id; where there is a job with it already, that job is given back and nothing is stored.
            kind: which handler carries it out.
            payload: what JSON can say.
            once_key: the same for a job that was submitted under this key before and is still there.
            keep_days: after how many days it expires; the backend's own limit holds where that is shorter.

        Raises:
            TooLargeError: the payload is larger than the backend can keep.
        """
        ...

    def find(self, once_key: str) -> Job | None:
        """The job that was submitted under `once_key`, if it is still there."""
        ...

    def get(self, job_id: str) -> Job:
        """Read a job.

        Raises:
            NotFoundError: there is none with this id.
        """
        ...

    def waiting(self) -> int:
        """How many jobs are queued."""
        ...

    def claim(self, kinds: Collection[str]) -> Lease | None:
        """Take the job that has waited longest, for `lease_s`; None where nothing is to be done.

        A job whose lease expired is queued again with a pause first, or fails where its attempts are used up.
        """
        ...

    def extend(self, lease: Lease) -> bool:
        """Hold the job for another `lease_s` from now."""
        ...

    def report(self, lease: Lease, progress: Progress) -> bool:
        """Say how far the attempt is."""
        ...

    def complete(self, lease: Lease, result: Mapping[str, Any]) -> bool:
        """The job is done.

        Raises:
            TooLargeError: the result is larger than the backend can keep; nothing was changed.
        """
        ...

    def fail(self, lease: Lease, failure: Failure, *, retry: bool) -> bool:
        """The attempt failed. With `retry` the job is queued again after a pause, while there are attempts left."""
        ...

    def release(self, lease: Lease) -> bool:
        """Give the job back untouched, as a worker does that is told to stop: the attempt does not count."""
        ...

    def delete(self, job_id: str) -> None:
        """Remove a job, in whatever state; one that is not there is gone already, so that is no error."""
        ...

    def expired(self) -> Iterator[Job]:
        """Jobs that have expired and are still stored, for somebody to remove them with what belongs to them.

        A backend that forgets them by itself names none.
        """
        ...

    def close(self) -> None:
        """Let go of the backend; the queue is not used after it."""
        ...


def shortest(*days: int | None) -> int | None:
    """The smallest of several numbers of days, of which None is no limit."""
    return min((each for each in days if each is not None), default=None)
