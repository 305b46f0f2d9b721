"""A gate before heavy work: a few at a time, a few more waiting, and an honest "come back later" for the rest."""

from __future__ import annotations

import asyncio
import contextvars
import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from sightline.errors import BusyError

T = TypeVar("T")

# Requests that are still sending their photo keep no core busy, but each keeps a connection and up to a whole upload
# in a temporary file. Eight of them for each one that may wait lets slow phones send side by side.
_INSIDE_PER_PLACE = 8
_REMEMBERED_RUNS = 20
_MAX_RETRY_AFTER_S = 60


class Places:
    """Lets so many in at a time; nobody waits. Belongs to one event loop at a time.

    Args:
        limit: how many.
        retry_after_s: when to come back where all places are taken.
    """

    def __init__(self, limit: int, *, retry_after_s: int) -> None:
        self._free = limit
        self._retry_after_s = retry_after_s

    @contextmanager
    def take(self) -> Iterator[None]:
        """Take a place for the length of a `with`.

        Raises:
            BusyError: all are taken.
        """
        if self._free == 0:
            message = f"The service is busy. Try again in {self._retry_after_s} s."
            raise BusyError(message, retry_after_s=self._retry_after_s)
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


class WorkGate:
    """Runs blocking work off the event loop, first come first served.

    Belongs to the event loop that runs it until `close`.

    Args:
        workers: pieces of work at a time.
        queue_limit: pieces of work that may wait beyond those.
    """

    def __init__(self, *, workers: int, queue_limit: int) -> None:
        self._workers = workers
        self._queue_limit = queue_limit
        self._durations_s: deque[float] = deque(maxlen=_REMEMBERED_RUNS)
        self._open()

    def _open(self) -> None:
        self._free = asyncio.Semaphore(self._workers)
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="sightline-work")
        self._waiting = 0
        self._inside = 0

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Count a request in while it sends its input, so that one with no chance is told before it sends it.

        Raises:
            BusyError: the queue is full, or too many requests are inside.
        """
        if self._queue_is_full() or self._inside >= _INSIDE_PER_PLACE * (self._workers + self._queue_limit):
            raise self._busy()
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    async def run(self, work: Callable[[], T]) -> T:
        """Wait for a free place, then run `work` in a thread, with the caller's context variables.

        A caller that is cancelled while it waits leaves the queue at once. One that is cancelled later leaves its work
        behind: a thread cannot be stopped, so the place is free only when the work ends.

        Raises:
            BusyError: the queue is full.
        """
        if self._queue_is_full():
            raise self._busy()
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        context = contextvars.copy_context()
        future = self._pool.submit(context.run, self._timed, work)
        future.add_done_callback(_on_loop(self._free.release))
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Wait for the work in hand. Another event loop may use the gate afterwards."""
        self._pool.shutdown()
        self._open()

    def _queue_is_full(self) -> bool:
        return self._free.locked() and self._waiting >= self._queue_limit

    def _timed(self, work: Callable[[], T]) -> T:
        start_s = time.perf_counter()
        try:
            return work()
        finally:
            self._durations_s.append(time.perf_counter() - start_s)

    def _busy(self) -> BusyError:
        """Estimate when the queue will have room from how long the last pieces of work took."""
        runs = list(self._durations_s) or [1.0]
        queue_s = sum(runs) / len(runs) * (self._waiting + 1) / self._workers
        retry_after_s = min(max(math.ceil(queue_s), 1), _MAX_RETRY_AFTER_S)
        return BusyError(f"The service is busy. Try again in {retry_after_s} s.", retry_after_s=retry_after_s)


def _on_loop(release: Callable[[], None]) -> Callable[[Future[T]], None]:
    """Free a place on the running loop's own thread, where the semaphore lives, whichever thread the work ended in."""
    loop = asyncio.get_running_loop()

    def free(_: Future[T]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(release)

    return free
