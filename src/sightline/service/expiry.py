"""Removes from a disk what has expired, as a table's time to live and a bucket's rule do in a cloud."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sightline.jobs.queue import DAY_S
from sightline.service.videos import Place, place_of
from sightline.telemetry import Scalar, log_event

if TYPE_CHECKING:
    from sightline.storage.local import LocalBlobStore
    from sightline.storage.sqlite import SqliteRecordStore

_logger = logging.getLogger(__name__)

SWEEP_EVERY_S: Final = 600.0
"""From the second on at which it expires nobody can open a video; its bytes lie on the disk for ten minutes at most.
To look for what is to go takes an index of the jobs, and a walk through the folder that is done within seconds."""

_PUT_LASTS_S: Final = DAY_S
"""Within a day the slowest disk has taken the largest video."""


@dataclass(frozen=True, slots=True)
class Disk:
    """What lies on a disk of ours, where nothing goes by itself.

    Attributes:
        blobs: videos and results.
        records: of analyses.
        retention_days: after how many days files go; None keeps them.
        clock: gives the time in seconds since 1970.
    """

    blobs: LocalBlobStore
    records: SqliteRecordStore
    retention_days: int | None = None
    clock: Callable[[], float] = time.time

    def old_places(self) -> Iterator[Place]:
        """Places whose files were all written longer ago than files are kept: those of analyses without a job, and of
        uploads that nobody submitted.
        """
        if self.retention_days is None:
            return
        newest_s: dict[Place, float] = {}
        for key, written_s in self.blobs.written("users/"):
            if (place := place_of(key)) is not None:
                newest_s[place] = max(written_s, newest_s.get(place, written_s))
        before_s = self.clock() - self.retention_days * DAY_S
        yield from (place for place, written_s in newest_s.items() if written_s <= before_s)

    def tidy(self) -> None:
        """Remove expired records, and what was being stored when a process was killed."""
        self.records.forget_expired()
        self.blobs.remove_leftovers(self.clock() - _PUT_LASTS_S)


class Sweeper:
    """Removes what has expired from `start` to `stop`: at once, and then again and again. May be started again.

    Several processes may do so on one folder: what another one has removed already is gone, and that is no error.

    Args:
        expired: gives the places to be removed.
        delete: removes one with all that belongs to it.
        tidy: called after them.
        every_s: how often.
    """

    def __init__(
        self,
        expired: Callable[[], Iterator[Place]],
        delete: Callable[[Place], None],
        tidy: Callable[[], None],
        *,
        every_s: float = SWEEP_EVERY_S,
    ) -> None:
        self._expired = expired
        self._delete = delete
        self._tidy = tidy
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; a second call changes nothing."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="sightline-expiry", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End, after the video that is just being removed."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def sweep(self) -> None:
        """Remove what has expired by now. What cannot be removed is logged, and tried again the next time."""
        removed = 0
        for place in self._expired():
            if self._stopping.is_set():
                return
            try:
                self._delete(place)
                removed += 1
            except Exception as error:  # without its text: a path in it says whose video it is
                _warn("expired_not_removed", error, analysis_id=place.analysis_id)
        if removed:
            log_event(_logger, "expired_removed", analyses=removed)
        self._tidy()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.sweep()
            except Exception as error:  # a disk that is full, say: the next sweep goes on
                _warn("sweep_failed", error)
            self._stopping.wait(self._every_s)


def _warn(event: str, error: Exception, **fields: Scalar) -> None:
    number = error.errno if isinstance(error, OSError) else None
    log_event(_logger, event, level=logging.ERROR, error=type(error).__name__, errno=number, **fields)
