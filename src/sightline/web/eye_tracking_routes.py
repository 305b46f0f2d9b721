"""The contract's eye tracking over HTTP: one address for all actions, as JSON."""

from __future__ import annotations

import json
import threading
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

import sightline
from sightline.errors import NotReadyError
from sightline.service.eye_tracking import ACTIONS, is_quick
from sightline.service.statuses import status_of_answer
from sightline.web.describe import errors_described, json_body_described
from sightline.web.gaze_door import UsesGaze
from sightline.web.gaze_schemas import (
    AcceptedAnswer,
    DeletedAnswer,
    EyeTrackingAnswer,
    EyeTrackingHealth,
    EyeTrackingRequest,
    StandingAnswer,
    UploadAnswer,
)
from sightline.web.gaze_upload import received_json
from sightline.web.schemas import ErrorAnswer, ModelAnswer
from sightline.web.upload import parse_json, unless_disconnected

_ADDRESS = "/eye-tracking"
_ERRORS = errors_described(
    {
        400: "The request is not as described, or its file cannot be read.",
        404: "Nothing is stored under `s3_key`, or this user has no such analysis.",
        409: "The upload that is submitted has not arrived.",
        413: "The file is over a limit; send a larger video with `create_upload`, or to `POST /gaze/videos`.",
        503: "Busy (come back after `Retry-After` seconds), or there is no model.",
    }
)
router = APIRouter(
    tags=["eye tracking"], responses={"default": {"model": ErrorAnswer, "description": "Any other error."}}
)


@router.get(
    _ADDRESS,
    response_model=EyeTrackingHealth,
    responses={503: {"model": EyeTrackingHealth, "description": "Not now, and why."}},
    summary="Ready?",
)
def health() -> Response:
    """Answers at once. The model's file is checked here; it is loaded with the first face."""
    from sightline.gaze.face.nets import model_info

    try:
        message, model = "Eye tracking is running", ModelAnswer.model_validate(model_info())
    except NotReadyError as error:
        message, model = error.message, None
    answer = EyeTrackingHealth(
        status="healthy" if model else "unhealthy",
        message=message,
        version=sightline.__version__,
        model=model,
        actions=list(ACTIONS),
    )
    return JSONResponse(answer.model_dump(), status_code=200 if model else 503)


@router.options(_ADDRESS, status_code=204, summary="What may be asked")
def options() -> Response:
    """For clients that ask without a browser's preflight headers; preflights are answered before the routes."""
    return Response(
        status_code=204,
        headers={
            "Allow": "GET, HEAD, POST, OPTIONS",
            "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
            "Access-Control-Allow-Headers": "*",
        },
    )


@router.post(
    _ADDRESS,
    response_model=EyeTrackingAnswer | UploadAnswer | StandingAnswer | DeletedAnswer,
    responses={**_ERRORS, 202: {"model": AcceptedAnswer, "description": "Submitted: ask `get_status` how far it is."}},
    openapi_extra=json_body_described(EyeTrackingRequest),
    summary="The contract's actions",
)
async def eye_tracking(request: Request, door: UsesGaze) -> Response:
    """Analyses a picture or a short video while the client waits; whatever its declared type, the body is JSON."""
    service = door.gaze.eye_tracking
    left = threading.Event()

    def check() -> None:
        if left.is_set():
            raise ClientDisconnect

    def work(asked: Any) -> Response:
        return _json_answer(service.handle(asked, check=check), door.base_url(request))

    try:
        with door.gate.enter():
            async with received_json(request, max_file_bytes=service.max_bytes) as body:
                asked = await run_in_threadpool(lambda: parse_json(body.read(), "The request"))
            if is_quick(asked):  # a question does not wait until somebody else's video is analysed
                return await run_in_threadpool(work, asked)
            return await unless_disconnected(request, door.gate.run(lambda: work(asked)))
    finally:
        left.set()


def _json_answer(answer: dict[str, Any], base_url: str) -> Response:
    """An answer of the service, its addresses with the host that the client asked."""
    text = json.dumps(_with_host(answer, base_url), ensure_ascii=False, allow_nan=False)
    return Response(text, status_of_answer(answer), media_type="application/json")


def _with_host(answer: dict[str, Any], base_url: str) -> dict[str, Any]:
    """A storage in the cloud gives whole addresses; that of this service gives paths."""

    def whole(url: str) -> str:
        return base_url + url if url.startswith("/") else url

    if upload := answer.get("upload"):
        return answer | {"upload": upload | {"url": whole(upload["url"])}}
    result = answer.get("result") or {}
    if downloads := result.get("downloads"):
        return answer | {"result": result | {"downloads": {link: whole(url) for link, url in downloads.items()}}}
    return answer
