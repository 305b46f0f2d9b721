"""Many clients at a time: a few are served, a few wait, the rest is told when to come back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from fastapi import FastAPI

from sightline.settings import Settings
from sightline.web.app import create_app
from tests.conftest import PATIENCE_S, FakeEngine


@asynccontextmanager
async def client_of(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with app.router.lifespan_context(app):
        await asyncio.to_thread(app.state.services.photos.model.wait, PATIENCE_S)
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test", timeout=PATIENCE_S) as client:
            yield client


def test_fifty_at_a_time_meet_a_bounded_queue(settings: Settings, engine: FakeEngine, cracked_jpeg: bytes) -> None:
    workers, queue_limit, clients = 2, 4, 50
    app = create_app(settings.model_copy(update={"workers": workers, "queue_limit": queue_limit}), engine)

    async def scene() -> list[httpx2.Response]:
        engine.hold.clear()
        async with client_of(app) as client:
            photo = {"file": ("a.jpg", cracked_jpeg)}
            posts = [asyncio.create_task(client.post("/detect-crack", files=photo)) for _ in range(clients)]
            for turned_away, response in enumerate(asyncio.as_completed(posts), start=1):
                assert (await response).status_code == 503
                if turned_away == clients - workers - queue_limit:
                    break
            assert (await client.get("/health")).status_code == 200
            engine.hold.set()
            return await asyncio.gather(*posts)

    responses = asyncio.run(scene())
    served = [response for response in responses if response.status_code == 200]
    turned_away = [response for response in responses if response.status_code == 503]

    assert (len(served), len(turned_away)) == (workers + queue_limit, clients - workers - queue_limit)
    assert engine.peak == workers
    assert engine.calls == len(served)
    assert len({response.json()["file_id"] for response in served}) == len(served)
    for response in turned_away:
        assert int(response.headers["retry-after"]) >= 1
        assert response.json()["code"] == "busy"


def test_a_full_queue_turns_away_before_the_photo_is_sent(
    settings: Settings, engine: FakeEngine, cracked_jpeg: bytes
) -> None:
    app = create_app(settings.model_copy(update={"workers": 1, "queue_limit": 0}), engine)

    async def body() -> AsyncIterator[bytes]:
        raise AssertionError("the photo was asked for")
        yield b""

    async def scene() -> None:
        engine.hold.clear()
        async with client_of(app) as client:
            first = asyncio.create_task(client.post("/detect-crack", files={"file": ("a.jpg", cracked_jpeg)}))
            while engine.running == 0:
                await asyncio.sleep(0.001)
            headers = {"content-type": "multipart/form-data; boundary=x"}
            response = await client.post("/detect-crack", content=body(), headers=headers)
            assert response.status_code == 503
            engine.hold.set()
            assert (await first).status_code == 200

    asyncio.run(scene())


def test_answers_of_many_clients_do_not_mix(
    settings: Settings, engine: FakeEngine, cracked_jpeg: bytes, clean_jpeg: bytes
) -> None:
    app = create_app(settings.model_copy(update={"workers": 4}), engine)

    async def ask(client: httpx2.AsyncClient, number: int) -> bool:
        photo = cracked_jpeg if number % 2 else clean_jpeg
        headers = {"X-Request-ID": f"request-{number}"}
        response = await client.post("/detect-crack", files={"image": ("a.jpg", photo)}, headers=headers)
        answer = response.json()
        assert answer["request_id"] == response.headers["x-request-id"] == f"request-{number}"
        report = await client.get(answer["report_url"])
        assert report.json()["has_crack"] is answer["has_crack"]
        cracked: bool = answer["has_crack"]
        return cracked

    async def scene() -> list[bool]:
        async with client_of(app) as client:
            return await asyncio.gather(*(ask(client, number) for number in range(16)))

    assert asyncio.run(scene()) == [bool(number % 2) for number in range(16)]
