"""The photos of walls over time: sent, kept bit for bit, shown and removed."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from sightline.service.disk import room_needed
from sightline.service.inspection_records import ANNOTATED, ORIGINAL
from sightline.service.new_photo import NewPhoto
from sightline.service.view_sizes import ViewSize
from sightline.web.describe import RESULT_HEADERS, errors_described, file_described
from sightline.web.file_answers import file_answer
from sightline.web.inspection_answers import photo_answer, photo_url
from sightline.web.inspection_parts import (
    MISSING,
    WORK_ERRORS,
    InspectionId,
    PhotoId,
    json_answer,
    kept_file,
    kept_photo,
)
from sightline.web.inspection_schemas import WallPhotoAnswer
from sightline.web.inspection_upload import received_wall_photo
from sightline.web.routes import UsesServices
from sightline.web.schemas import ErrorAnswer
from sightline.web.upload import PHOTO_FIELDS, unless_disconnected

# Somebody else's bytes are shown in this service's name: they may do nothing there.
_ORIGINAL_HEADERS = RESULT_HEADERS | {"Content-Security-Policy": "sandbox; default-src 'none'"}

_PHOTO_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "description": "A JPEG, PNG, WebP, TIFF or HEIC file, in one of the first two fields.",
                    "properties": {field: {"type": "string", "format": "binary"} for field in PHOTO_FIELDS}
                    | {
                        "taken_at": {"type": "string", "description": "ISO 8601; otherwise the photo's EXIF time."},
                        "reference": {
                            "type": "string",
                            "description": "What gives the scale: auto, marker, card, none, or two points as JSON.",
                        },
                        "stage": {"type": "string", "description": "Where it is not in the address."},
                    },
                }
            }
        },
    }
}

router = APIRouter(
    prefix="/inspections/{inspection_id}/photos",
    tags=["inspections"],
    responses={"default": {"model": ErrorAnswer, "description": "Any other error."}},
)


@router.post(
    "",
    status_code=201,
    response_model=WallPhotoAnswer,
    responses=MISSING
    | WORK_ERRORS
    | errors_described(
        {
            400: "No photo, one that cannot be read, a reference that is not in it, or a wrong field.",
            413: "The photo is over a limit, or the inspection would be.",
        }
    )
    | {200: {"model": WallPhotoAnswer, "description": "This very photo was there already."}},
    openapi_extra=_PHOTO_FORM,
)
async def add_photo(
    inspection_id: InspectionId,
    request: Request,
    services: UsesServices,
    stage: Annotated[
        str | None, Query(description="At what occasion it was taken: check-in, check-out, ...; 1 to 40 characters.")
    ] = None,
) -> Response:
    """Adds a photo, keeps it bit for bit with what was found in it, and compares it with its neighbours in time."""
    base_url, limit = services.base_url(request), services.settings.max_upload_bytes
    inspections = services.walls.inspections

    def work(photo: UploadFile, new: NewPhoto) -> Response:
        added = inspections.add_photo(inspection_id, new, photo.file.read)
        if added.seen is not None:
            services.walls.outcomes.arrived(inspection_id, added.photo, added.seen)
        answer = photo_answer(inspection_id, added.photo, base_url)
        location = photo_url(base_url, inspection_id, added.photo.photo_id)
        return json_answer(answer.model_dump_json(), 201 if added.is_new else 200, location)

    await run_in_threadpool(inspections.store.get, inspection_id)  # before a photo is sent in vain
    with room_needed("photo"), services.gate.enter():
        async with received_wall_photo(request, stage, max_bytes=limit) as (photo, new):
            return await unless_disconnected(request, services.gate.run(partial(work, photo, new)))


@router.get("/{photo_id}", response_model=WallPhotoAnswer, responses=MISSING)
def wall_photo(inspection_id: InspectionId, photo_id: PhotoId, request: Request, services: UsesServices) -> Response:
    """A photo with what was found in it when it arrived."""
    photo = kept_photo(services, inspection_id, photo_id)
    return json_answer(photo_answer(inspection_id, photo, services.base_url(request)).model_dump_json())


@router.get(
    "/{photo_id}/original",
    response_class=Response,
    responses=file_described("image/*", "The photo, bit for bit as it was sent.") | MISSING,
)
def original_photo(inspection_id: InspectionId, photo_id: PhotoId, services: UsesServices) -> Response:
    """The photo as it was sent, bit for bit."""
    photo = kept_photo(services, inspection_id, photo_id)
    return kept_file(services, photo.key(ORIGINAL), photo.media_type, _ORIGINAL_HEADERS)


@router.get(
    "/{photo_id}/annotated.jpg",
    response_class=Response,
    responses=file_described("image/jpeg", "The picture.") | MISSING,
)
def annotated_photo(inspection_id: InspectionId, photo_id: PhotoId, services: UsesServices) -> Response:
    """The photo with every crack outlined and numbered."""
    return kept_file(services, kept_photo(services, inspection_id, photo_id).key(ANNOTATED), "image/jpeg")


@router.get(
    "/{photo_id}/view.jpg",
    response_class=Response,
    responses=file_described("image/jpeg", "The photo.") | MISSING,
)
def view_of_photo(
    inspection_id: InspectionId,
    photo_id: PhotoId,
    services: UsesServices,
    size: Annotated[
        ViewSize, Query(description="Its longer side has at most 320 pixels, 1600, or as many as were sent.")
    ] = "medium",
) -> Response:
    """The photo without marks, upright and as JPEG, whatever was sent: for browsers, which do not show HEIC."""
    views = services.walls.views
    data = views.view(inspection_id, photo_id, size)
    return file_answer(data, "image/jpeg", services, partial(views.address, inspection_id, photo_id, size, data))


@router.delete("/{photo_id}", status_code=204, responses=MISSING)
def delete_photo(inspection_id: InspectionId, photo_id: PhotoId, services: UsesServices) -> None:
    """Removes a photo with all that was made of it."""
    services.walls.inspections.delete_photo(inspection_id, photo_id)
