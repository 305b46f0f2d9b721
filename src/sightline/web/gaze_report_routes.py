"""The report of a video of a face, to hand on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from sightline.service.gaze_reports import FORMATS, Format
from sightline.web.describe import RESULT_HEADERS, errors_described, file_described
from sightline.web.file_answers import report_headers
from sightline.web.gaze_door import UsesGaze
from sightline.web.language import AskedLanguage, language_of
from sightline.web.schemas import ErrorAnswer
from sightline.web.upload import unless_disconnected

_DESCRIPTION = (
    "Summary, figure, evidence with its reference ranges and their sources, and what could not be judged; signed."
)
_BUSY = errors_described({503: "Too many others wait for work; come back after `Retry-After` seconds."})

router = APIRouter(tags=["gaze"], responses={"default": {"model": ErrorAnswer, "description": "Any other error."}})


def _route(report_format: Format) -> Callable[..., Awaitable[Response]]:
    async def gaze_report(
        job_id: str,
        request: Request,
        door: UsesGaze,
        lang: AskedLanguage = None,
    ) -> Response:
        language = language_of(lang, request.headers.get("accept-language"))
        make = partial(door.reports.make, job_id, report_format, language)
        with door.gate.enter():
            report = await unless_disconnected(request, door.gate.run(make))
        content_type = FORMATS[report_format]
        return Response(report, media_type=content_type, headers=report_headers(content_type, language, RESULT_HEADERS))

    return gaze_report


for _format, _content_type in FORMATS.items():
    router.add_api_route(
        f"/gaze/jobs/{{job_id}}/report.{_format}",
        _route(_format),
        methods=["GET"],
        name=f"gaze_report_{_format}",
        summary=f"report.{_format}",
        description=_DESCRIPTION,
        response_class=Response,
        responses=file_described(_content_type, _DESCRIPTION) | _BUSY,
    )
