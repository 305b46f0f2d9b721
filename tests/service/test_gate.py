from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar

import pytest

from sightline.errors import BusyError
from sightline.service.gate import WorkGate
from tests.conftest import PATIENCE_S

colour: ContextVar[str] = ContextVar("colour", default="none")


@asynccontextmanager
async def opened(workers: int = 1, queue_limit: int = 2) -> AsyncIterator[WorkGate]:
    gate = WorkGate(workers=workers, queue_limit=queue_limit)
    try:
        yield gate
    finally:
        gate.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.001)


class Work:
    """Blocking work that goes on until it is let go, and remembers in which order it began."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.began: list[int] = []

    def piece(self, number: int) -> Callable[[], int]:
        def work() -> int:
            self.began.append(number)
            assert self.go.wait(PATIENCE_S)
            return number

        return work


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        await test()

    asyncio.run(whole())


def test_work_gives_its_result_or_its_error() -> None:
    async def scene() -> None:
        async with opened() as gate:
            assert await gate.run(lambda: 7) == 7
            with pytest.raises(ZeroDivisionError):
                await gate.run(lambda: 1 // 0)
            assert await gate.run(lambda: 8) == 8

    run(scene)


def test_work_sees_the_context_of_its_caller() -> None:
    async def scene() -> None:
        async with opened() as gate:
            colour.set("blue")
            assert await gate.run(colour.get) == "blue"

    run(scene)


def test_a_few_run_a_few_wait_the_rest_is_told_when_to_come_back() -> None:
    async def scene() -> None:
        work = Work()
        async with opened(workers=2, queue_limit=3) as gate:
            tasks = [asyncio.create_task(gate.run(work.piece(number))) for number in range(5)]
            await until(lambda: len(work.began) == 2)
            with pytest.raises(BusyError) as caught:
                await gate.run(lambda: None)
            assert 1 <= caught.value.retry_after_s <= 60
            with pytest.raises(BusyError), gate.enter():
                pytest.fail("let in")
            assert len(work.began) == 2
            work.go.set()
            assert await asyncio.gather(*tasks) == [0, 1, 2, 3, 4]
            assert await gate.run(lambda: "room again") == "room again"

    run(scene)


def test_a_queue_of_none_runs_what_finds_a_free_place() -> None:
    async def scene() -> None:
        work = Work()
        async with opened(workers=1, queue_limit=0) as gate:
            first = asyncio.create_task(gate.run(work.piece(1)))
            await until(lambda: work.began == [1])
            with pytest.raises(BusyError):
                await gate.run(work.piece(2))
            work.go.set()
            assert await first == 1

    run(scene)


def test_first_come_first_served() -> None:
    async def scene() -> None:
        work = Work()
        async with opened(workers=1, queue_limit=10) as gate:
            tasks = []
            for number in range(6):
                tasks.append(asyncio.create_task(gate.run(work.piece(number))))
                await asyncio.sleep(0)
            work.go.set()
            await asyncio.gather(*tasks)
            assert work.began == [0, 1, 2, 3, 4, 5]

    run(scene)


def test_who_leaves_the_queue_makes_room_and_is_never_run() -> None:
    async def scene() -> None:
        work = Work()
        async with opened(workers=1, queue_limit=1) as gate:
            first = asyncio.create_task(gate.run(work.piece(1)))
            await until(lambda: work.began == [1])
            leaver = asyncio.create_task(gate.run(work.piece(2)))
            await asyncio.sleep(0)
            leaver.cancel()
            with pytest.raises(asyncio.CancelledError):
                await leaver
            third = asyncio.create_task(gate.run(work.piece(3)))
            await asyncio.sleep(0)
            work.go.set()
            assert [await first, await third] == [1, 3]
            assert work.began == [1, 3]

    run(scene)


def test_who_leaves_running_work_keeps_its_place_taken_until_it_ends() -> None:
    async def scene() -> None:
        work = Work()
        async with opened(workers=1, queue_limit=0) as gate:
            leaver = asyncio.create_task(gate.run(work.piece(1)))
            await until(lambda: work.began == [1])
            leaver.cancel()
            with pytest.raises(asyncio.CancelledError):
                await leaver
            with pytest.raises(BusyError):
                await gate.run(work.piece(2))
            work.go.set()
            await until(lambda: not gate._free.locked())
            assert await gate.run(work.piece(3)) == 3

    run(scene)


def test_senders_are_bounded_too() -> None:
    async def scene() -> None:
        async with opened(workers=1, queue_limit=0) as gate:
            inside = [gate.enter() for _ in range(8)]
            for place in inside:
                place.__enter__()
            with pytest.raises(BusyError), gate.enter():
                pytest.fail("let in")
            inside[0].__exit__(None, None, None)
            with gate.enter():
                pass

    run(scene)
