"""Receives photos of walls over time, with what is sent beside them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from sightline.errors import BadInputError, TooLargeError
from sightline.service.comparisons import ComparedPhoto
from sightline.service.inspection_fields import tidy_name
from sightline.service.new_photo import NewPhoto
from sightline.service.references import AUTO, parse_reference, parse_shared_reference
from sightline.web.upload import (
    ENVELOPE_BYTES,
    limited_body,
    parse_json,
    photo_in,
    received_form,
    text_in,
    too_large,
)

BEFORE, AFTER = "before", "after"
_OWN = {field: f"reference_{field}" for field in (BEFORE, AFTER)}


async def received_object(request: Request) -> object:
    """A small JSON body.

    Raises:
        BadInputError: it is no JSON.
        TooLargeError: it is over what the longest texts need.
    """
    refusal = TooLargeError(f"The request has more than {ENVELOPE_BYTES} bytes.")
    limited = Request(request.scope, limited_body(request, ENVELOPE_BYTES, refusal))
    return parse_json(await limited.body(), "The request")


@asynccontextmanager
async def received_wall_photo(
    request: Request, stage: str | None, *, max_bytes: int
) -> AsyncIterator[tuple[UploadFile, NewPhoto]]:
    """The photo of a multipart form as an open file, and what was sent with it.

    Args:
        request: a form with the photo in the field `file` or `image`, and maybe `stage`, `taken_at` and `reference`.
        stage: from the address; goes before the form's.
        max_bytes: the largest photo.

    Raises:
        BadInputError: there is no photo, or a field is not as it should be.
        TooLargeError: the body is over the limit.
    """
    async with received_form(request, max_bytes=max_bytes) as form:
        photo = photo_in(form)
        _check_size(photo, max_bytes)
        new = NewPhoto.checked(
            stage or await text_in(form, "stage"),
            name=photo.filename,
            taken_at=await text_in(form, "taken_at"),
            reference=parse_reference(await text_in(form, "reference")),
        )
        yield photo, new


@asynccontextmanager
async def received_pair(
    request: Request, *, max_bytes: int, max_request_bytes: int | None
) -> AsyncIterator[tuple[ComparedPhoto, ComparedPhoto]]:
    """The two photos of a multipart form as open files.

    Args:
        request: a form with the photos in the fields `before` and `after`, and maybe `reference` for both or
            `reference_before` and `reference_after` for each.
        max_bytes: the largest photo.
        max_request_bytes: of both together; None is twice the largest photo.

    Raises:
        BadInputError: there are no two photos, or a field is not as it should be.
        TooLargeError: one of them is over the limit, or both together.
    """
    most = max_request_bytes or 2 * max_bytes
    refusal = TooLargeError(
        f"Both photos together are over the limit of {most / 1e6:g} MB ({most} bytes). Send larger ones one by one, to "
        "POST /inspections/{id}/photos."
    )
    async with received_form(request, max_bytes=most, refusal=refusal) as form:
        files = {field: _file_in(form, field) for field in (BEFORE, AFTER)}
        if sum(file.size or 0 for file in files.values()) > most:
            raise refusal
        both = parse_shared_reference(await text_in(form, "reference"), f"send '{_OWN[BEFORE]}' or '{_OWN[AFTER]}'")
        photos = []
        for field, file in files.items():
            _check_size(file, max_bytes)
            asked = parse_reference(await text_in(form, _OWN[field]), _OWN[field]) or both or AUTO
            photos.append(ComparedPhoto(file.file.read, tidy_name(file.filename), asked))
        yield photos[0], photos[1]


def _file_in(form: FormData, field: str) -> UploadFile:
    file = form.get(field)
    if not isinstance(file, UploadFile):
        raise BadInputError(
            f"No photo '{field}'. Send both photos as multipart/form-data, as files in the fields 'before' and 'after'."
        )
    if not file.size:
        raise BadInputError(f"The photo '{field}' is empty: its file has no bytes.", reason_code="empty_file")
    return file


def _check_size(photo: UploadFile, max_bytes: int) -> None:
    if photo.size is not None and photo.size > max_bytes:
        raise too_large(max_bytes)
