"""How far an analysis is, told as it goes: server-sent events (HTML standard, section 9.2)."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from sightline.errors import NotFoundError
from sightline.jobs.queue import Job
from sightline.service.video_jobs import VideoJobs
from sightline.web.gaze_door import UsesGaze

LOOK_EVERY_S: Final = 0.5
"""As often as a worker reports."""

STREAM_LASTS_S: Final = 10.0
"""Browsers come back by themselves. A server that is told to stop waits for open answers, so none is open for long."""

COMES_BACK_AFTER_MS: Final = 300

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # a proxy that collects the events would tell them all at the end
}

router = APIRouter()


@router.get("/eyes/{job_id}/events")
async def job_events(job_id: str, door: UsesGaze) -> Response:
    """The events `job`, whenever something has changed, and `gone` where the job was deleted.

    Raises:
        NotFoundError: there is no such job.
    """
    job = await run_in_threadpool(door.gaze.jobs.get, job_id)
    return StreamingResponse(_told(door.gaze.jobs, job), media_type="text/event-stream", headers=_HEADERS)


async def _told(jobs: VideoJobs, job: Job) -> AsyncIterator[str]:
    """The events of a job, beginning with how it stands, until it ends or the stream has lasted long enough."""
    until = time.monotonic() + STREAM_LASTS_S
    said: dict[str, Any] = {}
    yield f"retry: {COMES_BACK_AFTER_MS}\n\n"
    while True:
        if (now := standing(job)) != said:
            said = now
            yield f"event: job\ndata: {json.dumps(now)}\n\n"
        if job.state in ("done", "failed") or time.monotonic() > until:
            return
        await asyncio.sleep(LOOK_EVERY_S)
        try:
            job = await run_in_threadpool(jobs.get, job.id)
        except NotFoundError:
            yield "event: gone\ndata: {}\n\n"
            return


def standing(job: Job) -> dict[str, Any]:
    """What the page shows of a job under way; the names are those of `GET /gaze/jobs/{job_id}`."""
    return {
        "state": job.state,
        "progress": 1.0 if job.state == "done" else round(job.progress.fraction, 4),
        "frames_done": job.progress.done,
        "frames_total": job.progress.total,
        "frames_per_s": job.progress.per_s,
        "attempts": job.attempts,
    }
