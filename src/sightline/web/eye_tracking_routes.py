"""The contract's eye tracking over HTTP: one address for all actions, as JSON."""

from __future__ import annotations

import json
import threading
from functools import partial
from typing import BinaryIO

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect

import sightline
from sightline.errors import NotReadyError
from sightline.service.eye_tracking import ACTIONS
from sightline.web.describe import errors_described, json_body_described
from sightline.web.gaze_door import UsesGaze
from sightline.web.gaze_schemas import EyeTrackingAnswer, EyeTrackingHealth, EyeTrackingRequest
from sightline.web.gaze_upload import parse_json, received_json
from sightline.web.schemas import ErrorAnswer, ModelAnswer
from sightline.web.upload import unless_disconnected

_ADDRESS = "/eye-tracking"
_ERRORS = errors_described(
    {
        400: "The request is not as described, or its file cannot be read.",
        404: "Nothing is stored under `s3_key`.",
        413: "The file is over a limit; send a larger video to `POST /gaze/videos`.",
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
    response_model=EyeTrackingAnswer,
    responses=_ERRORS,
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

    def work(body: BinaryIO) -> str:
        answer = service.handle(parse_json(body.read(), "The request"), check=check)
        return json.dumps(answer, ensure_ascii=False, allow_nan=False)

    try:
        with door.gate.enter():
            async with received_json(request, max_file_bytes=service.max_bytes) as body:
                answer = await unless_disconnected(request, door.gate.run(partial(work, body)))
    finally:
        left.set()
    return Response(answer, media_type="application/json")
