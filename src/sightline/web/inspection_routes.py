"""Walls over time: inspections, their photos, and what became of the wall."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from sightline.errors import NotFoundError
from sightline.service.gallery import EARLIER, picture_name
from sightline.service.inspection_files import Made
from sightline.service.inspection_records import StoredInspection, StoredPhoto
from sightline.service.wall_reports import FORMATS, Format
from sightline.web.describe import RESULT_HEADERS, errors_described, file_described, json_body_described
from sightline.web.file_answers import CHANGING_HEADERS, file_answer, report_headers, worded_headers
from sightline.web.inspection_answers import inspection_answer, inspection_url, new_inspection_answer
from sightline.web.inspection_parts import (
    MISSING,
    WORK_ERRORS,
    InspectionId,
    PhotoId,
    json_answer,
    kept_file,
    kept_photo,
    worked,
)
from sightline.web.inspection_schemas import InspectionAnswer, NewInspection, NewInspectionAnswer
from sightline.web.inspection_upload import received_object
from sightline.web.language import AskedLanguage, language_of
from sightline.web.routes import Services, UsesServices
from sightline.web.schemas import ErrorAnswer

Photos: TypeAlias = tuple[StoredPhoto, ...]
Outcome: TypeAlias = Mapping[str, Any]

router = APIRouter(
    prefix="/inspections",
    tags=["inspections"],
    responses={"default": {"model": ErrorAnswer, "description": "Any other error."}},
)


@router.post(
    "",
    status_code=201,
    response_model=NewInspectionAnswer,
    responses=errors_described({400: "A field is not as it should be.", 413: "The request is too large."}),
    openapi_extra=json_body_described(NewInspection),
)
async def begin_inspection(request: Request, services: UsesServices) -> Response:
    """Begins an inspection: one wall, photographed over time."""
    asked = await received_object(request)
    inspection = await run_in_threadpool(services.walls.inspections.create, asked)
    base_url = services.base_url(request)
    location = inspection_url(base_url, inspection.inspection_id)
    return json_answer(new_inspection_answer(inspection, base_url).model_dump_json(), 201, location)


@router.get("/{inspection_id}", response_model=InspectionAnswer, responses=MISSING | WORK_ERRORS)
async def inspection(inspection_id: InspectionId, request: Request, services: UsesServices) -> Response:
    """The wall, its photos in order of time with what was found in them, and what became of it between them."""
    outcomes, store, base_url = services.walls.outcomes, services.walls.inspections.store, services.base_url(request)

    def read() -> tuple[StoredInspection, Photos, Outcome | None]:
        found, photos = store.get(inspection_id), store.photos(inspection_id)
        return found, photos, outcomes.known(inspection_id, photos)

    found, photos, outcome = await run_in_threadpool(read)
    if outcome is None:
        now = await worked(request, services, partial(outcomes.work_out, inspection_id))
        photos, outcome = now

    def answer(photos: Photos, outcome: Outcome) -> Response:
        data = inspection_answer(found, photos, outcome, base_url).model_dump_json().encode()

        def address(*, expires_s: int) -> str:
            key = outcomes.key(inspection_id, photos, "answer.json")
            outcomes.files.keep(inspection_id, [Made(key, data, "application/json", photos)])
            return store.blobs.presign_get(key, expires_s=expires_s)

        return file_answer(data, "application/json", services, address, CHANGING_HEADERS)

    return await run_in_threadpool(answer, photos, outcome)


@router.delete("/{inspection_id}", status_code=204, responses=MISSING)
def delete_inspection(inspection_id: InspectionId, services: UsesServices) -> None:
    """Removes an inspection with all its photos and reports; a tombstone without names stays."""
    services.walls.inspections.delete(inspection_id)


@router.get(
    "/{inspection_id}/comparisons/{before_id}/{after_id}/picture.jpg",
    response_class=Response,
    responses=file_described("image/jpeg", "The picture.") | MISSING | WORK_ERRORS,
)
async def compared_photos(
    inspection_id: InspectionId,
    before_id: PhotoId,
    after_id: PhotoId,
    request: Request,
    services: UsesServices,
    lang: AskedLanguage = None,
) -> Response:
    """Two photos that the inspection compares, with the changes marked and told below."""
    language = language_of(lang, request.headers.get("accept-language"))
    headers = worded_headers(language, RESULT_HEADERS)
    return await _picture(request, services, inspection_id, (before_id, after_id), picture_name(language), headers)


@router.get(
    "/{inspection_id}/comparisons/{before_id}/{after_id}/earlier.jpg",
    response_class=Response,
    responses=file_described("image/jpeg", "The earlier photo.") | MISSING | WORK_ERRORS,
)
async def earlier_photo(
    inspection_id: InspectionId, before_id: PhotoId, after_id: PhotoId, request: Request, services: UsesServices
) -> Response:
    """The earlier of two photos as the later one's camera would have shown it: laid over that one's `view.jpg`, each
    place of the wall is at the same spot. What it does not show is pale grey; `404` where the photos could not be laid
    on each other.
    """
    return await _picture(request, services, inspection_id, (before_id, after_id), EARLIER)


async def _picture(
    request: Request,
    services: Services,
    inspection_id: str,
    photo_ids: tuple[str, str],
    name: str,
    headers: Mapping[str, str] = RESULT_HEADERS,
) -> Response:
    """A picture of a comparison, made first where that is due."""
    outcomes = services.walls.outcomes

    def find() -> tuple[str, bool]:
        before, after = (kept_photo(services, inspection_id, photo_id) for photo_id in photo_ids)
        return outcomes.picture(inspection_id, before, after, name)

    key, is_due = await run_in_threadpool(find)
    if is_due:
        await worked(request, services, partial(outcomes.work_out, inspection_id))
    return await run_in_threadpool(kept_file, services, key, "image/jpeg", headers)


@router.get(
    "/{inspection_id}/report.{report_format}",
    response_class=Response,
    responses={200: {"description": "The report.", "content": {kind: {"schema": {}} for kind in FORMATS.values()}}}
    | MISSING
    | WORK_ERRORS,
)
async def inspection_report(
    inspection_id: InspectionId,
    report_format: Annotated[Format, Path(description="pdf, html or json.")],
    request: Request,
    services: UsesServices,
    lang: AskedLanguage = None,
) -> Response:
    """The report of the inspection as it is now, sealed."""
    reports, language = services.walls.reports, language_of(lang, request.headers.get("accept-language"))
    headers = report_headers(FORMATS[report_format], language, CHANGING_HEADERS)

    async def report() -> Response:
        key = await run_in_threadpool(reports.key, inspection_id, language, report_format)
        if key is None:
            key = await worked(request, services, partial(reports.make, inspection_id, language, report_format))
        return await run_in_threadpool(kept_file, services, key, FORMATS[report_format], headers)

    try:
        return await report()
    except NotFoundError:  # a photo that arrived at this moment took it away; if not, the same is said once more
        return await report()
