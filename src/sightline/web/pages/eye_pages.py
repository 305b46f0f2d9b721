"""The pages for eyes: send or record a video, watch its analysis, see what was found."""

from __future__ import annotations

import json
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from sightline.jobs.queue import Job
from sightline.service.gaze_results import ARTIFACTS
from sightline.web.gaze_door import UsesGaze
from sightline.web.pages import eye_check, eye_files
from sightline.web.pages.chart_styles import written_style_ids
from sightline.web.pages.eye_view import expiry_day, result_view
from sightline.web.pages.language import page_language
from sightline.web.pages.render import NOT_KEPT, page

_FAILURES: Final = frozenset({"bad_input", "too_large", "not_found", "internal", "unavailable", "not_ready"})
"""Codes of failed jobs that the texts have words for."""

router = APIRouter()


@router.get("/eyes")
def new_video(request: Request, door: UsesGaze) -> Response:
    """Consent, then a video from a file or from the camera."""
    return page(
        request,
        "eyes/new.html",
        texts=("common.failure", "common.leave", "eyes.send", "eyes.record", "eyes.failure"),
        max_bytes=door.settings.max_video_bytes,
        retention=door.retention,
    )


@router.get("/eyes/{job_id}")
def video(job_id: str, request: Request, door: UsesGaze) -> Response:
    """One video: how far its analysis is, what was found, or why nothing was.

    Raises:
        NotFoundError: there is no such job.
    """
    job = door.gaze.jobs.get(job_id)
    until = expiry_day(job, page_language(request))
    if job.state == "done":
        return _result(request, door, job, until)
    if job.state == "failed":
        code = job.failure.code if job.failure else "internal"
        return page(
            request,
            "eyes/failed.html",
            texts=("common.failure", "eyes.kept", "eyes.remove"),
            headers=NOT_KEPT,
            job=job,
            until=until,
            code=code if code in _FAILURES else "other",
            reason=job.failure.reason if job.failure else "",
        )
    return page(
        request,
        "eyes/waiting.html",
        texts=("common.failure", "eyes.wait", "eyes.kept", "eyes.remove"),
        headers=NOT_KEPT,
        job=job,
        until=until,
    )


def _result(request: Request, door: UsesGaze, job: Job, until: str | None) -> Response:
    report = json.loads(door.gaze.jobs.artifact(job.id, ARTIFACTS["report"]))
    return page(
        request,
        "eyes/result.html",
        texts=("common.failure", "eyes.player", "eyes.chart", "eyes.events", "eyes.gap", "eyes.kept", "eyes.remove"),
        headers=NOT_KEPT,
        job=job,
        until=until,
        style_ids=written_style_ids(),
        **result_view(job, report, page_language(request)),
    )


for each in (eye_check.router, eye_files.router):
    router.include_router(each)
