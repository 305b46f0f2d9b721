"""What the routes about walls over time share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import Path, Request
from fastapi.responses import Response

from sightline.errors import NotFoundError
from sightline.service.disk import room_needed
from sightline.service.inspection_records import StoredPhoto
from sightline.web.describe import RESULT_HEADERS, errors_described
from sightline.web.file_answers import file_answer
from sightline.web.inspection_schemas import TombstoneAnswer
from sightline.web.routes import Services
from sightline.web.upload import unless_disconnected

T = TypeVar("T")
InspectionId = Annotated[str, Path(description="The inspection's id.")]
PhotoId = Annotated[str, Path(description="The photo's id.")]

GONE: dict[int | str, dict[str, Any]] = {410: {"model": TombstoneAnswer, "description": "It was removed."}}
MISSING = errors_described({404: "There is no such inspection or photo."}) | GONE
WORK_ERRORS = errors_described({503: "Busy (come back after `Retry-After` seconds), or there is no model."})


async def worked(request: Request, services: Services, work: Callable[[], T]) -> T:
    """Do what takes time in its turn, unless the client leaves before."""
    with room_needed("photo"), services.gate.enter():
        return await unless_disconnected(request, services.gate.run(work))


def kept_photo(services: Services, inspection_id: str, photo_id: str) -> StoredPhoto:
    """A photo of an inspection.

    Raises:
        NotFoundError, GoneError: there is no such inspection or photo (any more).
    """
    store = services.walls.inspections.store
    store.get(inspection_id)
    return store.photo(inspection_id, photo_id)


def kept_file(services: Services, key: str, content_type: str, headers: Mapping[str, str] = RESULT_HEADERS) -> Response:
    """A file of an inspection, or the way to it.

    Raises:
        NotFoundError: there is none.
        TooLargeError: the file is too large for an answer, and lies where only this service can read it.
    """
    blobs = services.walls.inspections.store.blobs
    try:
        data = blobs.get(key)
    except NotFoundError:
        raise NotFoundError("There is no such file of this inspection.") from None
    return file_answer(data, content_type, services, partial(blobs.presign_get, key), headers)


def json_answer(text: str, status: int = 200, location: str | None = None) -> Response:
    """A finished JSON text."""
    headers = {"Location": location} if location else {}
    return Response(text, status_code=status, headers=headers, media_type="application/json")
