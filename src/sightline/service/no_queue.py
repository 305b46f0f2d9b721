"""What stands for a queue in a deployment that has none: it knows no job, and says what is missing to have one."""

# ruff: noqa: ARG002 - the arguments are the contract's
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NoReturn

from sightline.errors import NotFoundError, NotReadyError
from sightline.jobs.queue import Failure, Job, Lease, Progress


class NoQueue:
    """`JobQueue` without jobs: asking for one finds none, making one is refused, a worker has nothing to do.

    Args:
        missing: what to set up, for whoever runs the service.
    """

    lease_s = report_every_s = 30.0  # nobody ever holds one

    def __init__(self, missing: str) -> None:
        self._missing = missing

    def submit(
        self,
        job_id: str,
        kind: str,
        payload: Mapping[str, Any],
        *,
        once_key: str | None = None,
        keep_days: int | None = None,
    ) -> Job:
        self._refuse()

    def waiting(self) -> int:
        """Asked before a video is accepted, so that none is sent in vain."""
        self._refuse()

    def find(self, once_key: str) -> Job | None:
        return None

    def get(self, job_id: str) -> Job:
        raise NotFoundError("There is no job with this id.")

    def claim(self, kinds: Collection[str]) -> Lease | None:
        return None

    def extend(self, lease: Lease) -> bool:
        return False

    def report(self, lease: Lease, progress: Progress) -> bool:
        return False

    def complete(self, lease: Lease, result: Mapping[str, Any]) -> bool:
        return False

    def fail(self, lease: Lease, failure: Failure, *, retry: bool) -> bool:
        return False

    def release(self, lease: Lease) -> bool:
        return False

    def delete(self, job_id: str) -> None:
        """There is none to remove."""

    def expired(self) -> Iterator[Job]:
        return iter(())

    def close(self) -> None:
        """Nothing is open."""

    def _refuse(self) -> NoReturn:
        raise NotReadyError(self._missing)
