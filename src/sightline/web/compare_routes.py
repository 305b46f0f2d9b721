"""Two photos in one call: what changed between them."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from sightline.service.comparisons import PICTURE, REPORT, ComparedPhoto
from sightline.service.disk import room_needed
from sightline.telemetry import request_id
from sightline.web.describe import errors_described, file_described
from sightline.web.file_answers import file_answer
from sightline.web.inspection_schemas import CompareAnswer
from sightline.web.inspection_upload import AFTER, BEFORE, received_pair
from sightline.web.language import AskedLanguage, language_of
from sightline.web.routes import Services, UsesServices
from sightline.web.schemas import ErrorAnswer
from sightline.web.upload import unless_disconnected

ComparisonId = Annotated[str, Path(description="The comparison's id.")]
_PAIR_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "description": "Two photos of one wall in order of time: JPEG, PNG, WebP, TIFF or HEIC files.",
                    "properties": {field: {"type": "string", "format": "binary"} for field in (BEFORE, AFTER)}
                    | {
                        "reference": {
                            "type": "string",
                            "description": "What gives the scale in both: auto, marker, card or none.",
                        },
                        **{
                            f"reference_{field}": {
                                "type": "string",
                                "description": f"In the photo '{field}' alone; or two points of it as JSON.",
                            }
                            for field in (BEFORE, AFTER)
                        },
                    },
                    "required": [BEFORE, AFTER],
                }
            }
        },
    }
}

router = APIRouter(
    prefix="/compare",
    tags=["comparisons"],
    responses={"default": {"model": ErrorAnswer, "description": "Any other error."}},
)


@router.post(
    "",
    response_model=CompareAnswer,
    responses=errors_described(
        {
            400: "A photo is missing, empty or no picture, or a reference is not in it.",
            413: "A photo is over the limit of bytes or pixels, or both together are.",
            503: "Busy (come back after `Retry-After` seconds), no room on the disk, or there is no model.",
        }
    ),
    openapi_extra=_PAIR_FORM,
)
async def compare(request: Request, services: UsesServices, lang: AskedLanguage = None) -> Response:
    """Says what became of every crack between two photos of a wall; the photos themselves are not kept. The words on
    its picture are in the language asked for.
    """
    language = language_of(lang, request.headers.get("accept-language"))
    base_url, limit = services.base_url(request), services.settings.max_upload_bytes

    def work(before: ComparedPhoto, after: ComparedPhoto) -> str:
        found = services.walls.comparisons.compare(before, after, language)
        url = f"{base_url}/compare/{found.comparison_id}"
        addresses = {"picture_url": f"{url}/{PICTURE}", "report_url": f"{url}/{REPORT}"}
        document = found.document | addresses | {"request_id": request_id.get()}
        return CompareAnswer.model_validate(document).model_dump_json()

    with room_needed("photo"), services.gate.enter():
        async with received_pair(request, max_bytes=limit, max_request_bytes=services.max_request_bytes) as pair:
            answer = await unless_disconnected(request, services.gate.run(partial(work, *pair)))
    return Response(answer, media_type="application/json")


@router.get(
    "/{comparison_id}/picture.jpg", response_class=Response, responses=file_described("image/jpeg", "The picture.")
)
def comparison_picture(comparison_id: ComparisonId, services: UsesServices) -> Response:
    """Both photos with the changes marked."""
    return _file(services, comparison_id, PICTURE, "image/jpeg")


@router.get(
    "/{comparison_id}/report.json", response_class=Response, responses=file_described("application/json", "The report.")
)
def comparison_report(comparison_id: ComparisonId, services: UsesServices) -> Response:
    """All that was found, sealed."""
    return _file(services, comparison_id, REPORT, "application/json")


@router.delete("/{comparison_id}", status_code=204, responses=errors_described({404: "No such comparison."}))
def delete_comparison(comparison_id: ComparisonId, services: UsesServices) -> None:
    """Removes a comparison with its files."""
    services.walls.comparisons.results.delete(comparison_id)


def _file(services: Services, comparison_id: str, name: str, content_type: str) -> Response:
    results = services.walls.comparisons.results
    data = results.file(comparison_id, name)
    return file_answer(data, content_type, services, partial(results.address, comparison_id, name))
