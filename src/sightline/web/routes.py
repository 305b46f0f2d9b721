"""The routes that deployed clients know, and what stands beside them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

import sightline
from sightline.service.disk import room_needed
from sightline.service.gate import WorkGate
from sightline.service.inspection_setup import WallServices
from sightline.service.loading import State
from sightline.service.photos import ANNOTATED, MASK, REPORT, PhotoService, StoredAnalysis
from sightline.service.references import AUTO, parse_reference, reference_of
from sightline.settings import Settings
from sightline.telemetry import request_id
from sightline.web.describe import errors_described, file_described
from sightline.web.file_answers import file_answer
from sightline.web.schemas import DetectAnswer, ErrorAnswer, HealthAnswer, HealthStatus, ModelAnswer
from sightline.web.upload import PHOTO_FIELDS, photo_file, received_form, text_in, unless_disconnected

if TYPE_CHECKING:
    from sightline.service.references import Reference


@dataclass(frozen=True, slots=True)
class Services:
    """What the routes work with; one for each app, in `app.state.services`.

    Attributes:
        settings: limits, and the address that clients know.
        photos: the service for single photos.
        walls: the services for walls over time.
        gate: before all that takes time.
        max_file_bytes: the largest file that an answer can carry; None is no limit.
        max_request_bytes: the most that the files of a request have together; None is that of each of them.
    """

    settings: Settings
    photos: PhotoService
    walls: WallServices
    gate: WorkGate
    max_file_bytes: int | None = None
    max_request_bytes: int | None = None

    def base_url(self, request: Request) -> str:
        """What addresses in answers begin with, without a slash at its end."""
        return (self.settings.public_url or str(request.base_url)).rstrip("/")


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


UsesServices = Annotated[Services, Depends(_services)]

_STATUS_OF: dict[State, HealthStatus] = {"ready": "healthy", "starting": "starting", "failed": "unhealthy"}
_MESSAGE_OF: dict[State, str] = {"ready": "AI server is running", "starting": "The model is loading"}


_UNHEALTHY: dict[int | str, dict[str, Any]] = {503: {"model": HealthAnswer, "description": "Not now, and why."}}
_DETECT_ERRORS = errors_described(
    {
        400: "No photo, an empty one, bytes that are no picture, or the reference that was asked for is not in it.",
        413: "The photo is over the limit of bytes or pixels.",
        503: "Busy (come back after `Retry-After` seconds), no room on the disk, or there is no model.",
    }
)
_REFERENCE = (
    "What gives sizes in mm: `auto` (the default: the printed marker, where it is seen), `marker`, `card` or `none`, "
    'or two points in pixels of the upright photo and their distance, `{"points": [[120, 80], [620, 90]], '
    '"distance_mm": 100}`.'
)
_PHOTO_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "description": "A JPEG, PNG, WebP, TIFF or HEIC file, in one of the two fields.",
                    "properties": {
                        **{field: {"type": "string", "format": "binary"} for field in PHOTO_FIELDS},
                        "reference": {"type": "string", "description": _REFERENCE},
                    },
                }
            }
        },
    }
}

router = APIRouter(responses={"default": {"model": ErrorAnswer, "description": "Any other error."}})


@router.get("/", tags=["health"], summary="The same as /health", response_model=HealthAnswer, responses=_UNHEALTHY)
@router.get("/health", tags=["health"], summary="Ready?", response_model=HealthAnswer, responses=_UNHEALTHY)
async def health(services: UsesServices) -> Response:
    """Answers at once: `200` when the model is loaded, `503` while it loads or if it cannot be loaded, and why."""
    loader = services.photos.model
    state = loader.state  # read once, so that all of the answer speaks of the same moment
    model = loader.model if state == "ready" else None
    answer = HealthAnswer(
        status=_STATUS_OF[state],
        message=_MESSAGE_OF.get(state) or str(loader.failure),
        model_loaded=model is not None,
        version=sightline.__version__,
        model=ModelAnswer.model_validate(model.info) if model else None,
    )
    return JSONResponse(answer.model_dump(), status_code=200 if answer.model_loaded else 503)


@router.post(
    "/detect-crack",
    tags=["cracks"],
    response_model=DetectAnswer,
    responses=_DETECT_ERRORS,
    openapi_extra=_PHOTO_FORM,
)
async def detect_crack(request: Request, services: UsesServices) -> Response:
    """Looks for cracks in a photo and keeps an annotated picture, a mask and a report; the photo itself is not kept."""
    limit = services.settings.max_upload_bytes
    base_url = services.base_url(request)

    def work(photo: BinaryIO, reference: Reference) -> str:
        """All that takes time, the JSON of a thousand outlines included."""
        return _answer(services.photos.analyse(photo.read, reference), base_url).model_dump_json()

    with room_needed("photo"), services.gate.enter():
        async with received_form(request, max_bytes=limit) as form:
            photo = photo_file(form, max_bytes=limit)
            reference = reference_of(parse_reference(await text_in(form, "reference")) or AUTO)
            answer = await unless_disconnected(request, services.gate.run(partial(work, photo, reference)))
    return Response(answer, media_type="application/json")


@router.get(
    "/result/{file_id}",
    tags=["results"],
    response_class=Response,
    responses=file_described("image/jpeg", "The picture."),
)
def result(file_id: str, services: UsesServices) -> Response:
    """The photo with every crack outlined and numbered."""
    return _file(services, file_id, ANNOTATED, "image/jpeg")


@router.get(
    "/result/{file_id}/mask.png",
    tags=["results"],
    response_class=Response,
    responses=file_described("image/png", "The mask."),
)
def result_mask(file_id: str, services: UsesServices) -> Response:
    """The crack pixels, white on black, as large as the photo."""
    return _file(services, file_id, MASK, "image/png")


@router.get(
    "/result/{file_id}/report.json",
    tags=["results"],
    response_class=Response,
    responses=file_described("application/json", "The report."),
)
def result_report(file_id: str, services: UsesServices) -> Response:
    """All that was measured."""
    return _file(services, file_id, REPORT, "application/json")


@router.delete(
    "/result/{file_id}", tags=["results"], status_code=204, responses=errors_described({404: "No such result."})
)
def delete_result(file_id: str, services: UsesServices) -> None:
    """Removes a result with its files."""
    services.photos.delete(file_id)


def _file(services: Services, file_id: str, name: str, content_type: str) -> Response:
    """A file of a result, or the way to it.

    Raises:
        NotFoundError: there is no such result.
        TooLargeError: the file is too large for an answer, and lies where only this service can read it.
    """
    data = services.photos.artifact(file_id, name)
    address = partial(services.photos.address, file_id, name)
    return file_answer(data, content_type, services, address)


def _answer(analysis: StoredAnalysis, base_url: str) -> DetectAnswer:
    """The stored document, with what the contract names and where the pictures are."""
    result_url = f"{base_url}/result/{analysis.file_id}"
    instances = analysis.document["instances"]
    return DetectAnswer.model_validate(
        analysis.document
        | {
            "result_url": result_url,
            "image_url": urlsplit(result_url).path,
            "crack_count": len(instances),
            "bounding_boxes": [instance["box"] for instance in instances],
            "report_url": f"{result_url}/report.json",
            "mask_url": f"{result_url}/mask.png",
            "request_id": request_id.get(),
        }
    )
