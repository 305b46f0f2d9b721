"""Videos of faces for people: send one, watch its job, fetch what was found."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from sightline.errors import BadInputError
from sightline.jobs.queue import Job
from sightline.service.gaze_reports import FORMATS
from sightline.service.gaze_results import ARTIFACTS, Artifact
from sightline.service.retention import MAX_KEEP_DAYS
from sightline.service.video_jobs import links_of
from sightline.web.describe import RESULT_HEADERS, errors_described, file_described
from sightline.web.gaze_door import UsesGaze
from sightline.web.gaze_schemas import JobAnswer, JobResult
from sightline.web.gaze_upload import VIDEO_FIELD, received_video
from sightline.web.schemas import ErrorAnswer

_VIDEO_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [VIDEO_FIELD],
                    "properties": {
                        VIDEO_FIELD: {
                            "type": "string",
                            "format": "binary",
                            "description": "An MP4, MOV, WebM, MKV, AVI or GIF file.",
                        },
                        "user_id": {"type": "string", "description": "Whose it is: letters, digits and ._@=+-."},
                        "parameters": {
                            "type": "string",
                            "contentMediaType": "application/json",
                            "description": 'JSON, such as {"step": 2}; those of `POST /eye-tracking`.',
                        },
                        "protocol": {
                            "type": "string",
                            "contentMediaType": "application/json",
                            "description": 'JSON: [{"start_s": 1, "end_s": 3, "target": "up"}, ...], what the '
                            "participant was asked to look at.",
                        },
                        "keep_days": {
                            "type": "integer",
                            "minimum": 1,
                            "maximum": MAX_KEEP_DAYS,
                            "description": "After how many days all of it is deleted. Without it: when you delete it, "
                            "or after the server's own limit, which also limits this.",
                        },
                    },
                }
            }
        },
    }
}
_SUBMIT_ERRORS = errors_described(
    {
        400: "No video, an empty one, a field that is not as it should be, a used Idempotency-Key.",
        413: "The video is over the limit of bytes.",
        503: "Too many videos wait or arrive; come back after `Retry-After` seconds.",
    }
)
_NO_JOB = errors_described({404: "There is no such job."})
_ONCE_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)

# A page of ours with its own script, made from numbers: it may draw, and reach neither this service nor any other.
_PAGE_HEADERS = {
    "Content-Security-Policy": "sandbox allow-scripts allow-downloads; default-src 'none'; img-src data: blob:; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'"
}

router = APIRouter(tags=["gaze"], responses={"default": {"model": ErrorAnswer, "description": "Any other error."}})


@router.post(
    "/gaze/videos",
    status_code=202,
    response_model=JobAnswer,
    responses=_SUBMIT_ERRORS,
    openapi_extra=_VIDEO_FORM,
    summary="Send a video",
)
async def submit_video(
    request: Request,
    door: UsesGaze,
    idempotency_key: Annotated[
        str | None, Header(description="Your name for this upload: sent again, it makes no second job.")
    ] = None,
) -> Response:
    """Keeps the video and queues its analysis; the answer says where to ask how far it is (`Location`)."""
    if idempotency_key is not None and not _ONCE_KEY.fullmatch(idempotency_key):
        raise BadInputError("Idempotency-Key should have 1 to 255 visible ASCII characters.")
    jobs = door.gaze.jobs
    with door.uploads.take():
        await run_in_threadpool(jobs.check_room)  # before gigabytes are sent in vain
        received = received_video(request, max_bytes=door.settings.max_video_bytes, retention=door.retention)
        async with received as video:
            submit = partial(
                jobs.submit,
                video.file,
                video.user_id,
                video.wanted,
                once_key=idempotency_key,
                keep_days=video.keep_days,
            )
            job = await run_in_threadpool(submit)
    answer = _answer(job, door.base_url(request))
    return JSONResponse(answer.model_dump(), status_code=202, headers={"Location": answer.links["self"]})


@router.get("/gaze/jobs/{job_id}", response_model=JobAnswer, responses=_NO_JOB, summary="How far is it?")
def job(job_id: str, request: Request, door: UsesGaze) -> Response:
    """State, progress, and the result with its links or the reason why there is none."""
    return JSONResponse(_answer(door.gaze.jobs.get(job_id), door.base_url(request)).model_dump())


@router.delete("/gaze/jobs/{job_id}", status_code=204, responses=_NO_JOB, summary="Remove all of it")
def delete_job(job_id: str, door: UsesGaze) -> None:
    """Removes the video, its results and all that is known of the job; one that runs is interrupted."""
    door.gaze.jobs.delete(job_id)


def _artifact_route(artifact: Artifact) -> Callable[..., Response]:
    headers = RESULT_HEADERS | (_PAGE_HEADERS if artifact.content_type == "text/html" else {})

    def get_artifact(job_id: str, door: UsesGaze) -> Response:
        content = door.gaze.jobs.artifact(job_id, artifact)
        return Response(content, media_type=artifact.content_type, headers=headers)

    return get_artifact


for _link, _artifact in ARTIFACTS.items():
    router.add_api_route(
        f"/gaze/jobs/{{job_id}}/{_artifact.name}",
        _artifact_route(_artifact),
        methods=["GET"],
        name=f"job_{_link}",
        summary=_artifact.name,
        description=_artifact.description,
        response_class=Response,
        responses=file_described(_artifact.content_type, _artifact.description),
    )


def _answer(job: Job, base_url: str) -> JobAnswer:
    address = f"{base_url}/gaze/jobs/{job.id}"
    done = job.state == "done"
    names = links_of(job) | ({f"report_{name}": f"report.{name}" for name in FORMATS} if done else {})
    return JobAnswer(
        job_id=job.id,
        state=job.state,
        progress=1.0 if done else round(job.progress.fraction, 4),
        frames_done=job.progress.done,
        frames_total=job.progress.total,
        frames_per_s=job.progress.per_s,
        attempts=job.attempts,
        created_at=job.created_at.isoformat(),
        started_at=_time(job.started_at),
        finished_at=_time(job.finished_at),
        expires_at=_time(job.expires_at),
        result=JobResult.model_validate(job.result) if done else None,
        links={"self": address} | {link: f"{address}/{name}" for link, name in names.items()},
        reason=job.failure.reason if job.failure else None,
        code=job.failure.code if job.failure else None,
    )


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
