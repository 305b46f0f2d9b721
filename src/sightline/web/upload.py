"""Receives what is sent, never more of it than the limit, and notices when its sender leaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, BinaryIO, TypeVar

from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

from sightline.errors import BadInputError, TooLargeError

T = TypeVar("T")

PHOTO_FIELDS = ("file", "image")
"""The contract's field first, then the one that existing backends send."""

# Boundaries, part headers and small fields beside a file, so that a file of exactly the limit passes.
ENVELOPE_BYTES = 64 * 1024
_MAX_FILES = 8
_MAX_FIELDS = 64


@asynccontextmanager
async def received_form(
    request: Request, *, max_bytes: int, refusal: TooLargeError | None = None
) -> AsyncIterator[FormData]:
    """A multipart form; each of its files is in memory up to 1 MB, in a temporary file above that.

    Args:
        request: with the form.
        max_bytes: of all files together.
        refusal: what to say of a larger body; otherwise that the upload is over the limit.

    Raises:
        TooLargeError: the body is over the limit for files of `max_bytes`, by its announced or by its real length.
    """
    refusal = refusal or too_large(max_bytes)
    limited = Request(request.scope, limited_body(request, max_bytes + ENVELOPE_BYTES, refusal))
    async with limited.form(max_files=_MAX_FILES, max_fields=_MAX_FIELDS, max_part_size=ENVELOPE_BYTES) as form:
        yield form


async def unless_disconnected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Run `work`, and cancel it when the client goes away. The request's body has been read before.

    Raises:
        ClientDisconnect: the client went away.
    """
    working = asyncio.create_task(work)
    watching = asyncio.create_task(_disconnect(request))
    try:
        await asyncio.wait((working, watching), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        working.cancel()
        watching.cancel()


async def _disconnect(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def limited_body(request: Request, max_body_bytes: int, refusal: TooLargeError) -> Receive:
    """The request's `receive`, which ends in `refusal` as soon as the body is known to be over the limit."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_body_bytes:
        raise refusal
    received_bytes = 0

    async def receive() -> Message:
        nonlocal received_bytes
        message = await request.receive()
        received_bytes += len(message.get("body", b""))
        if received_bytes > max_body_bytes:
            raise refusal
        return message

    return receive


def photo_file(form: FormData, *, max_bytes: int) -> BinaryIO:
    """The photo in the field `file` or `image` as an open file.

    Raises:
        BadInputError: there is no photo in the form.
        TooLargeError: it has more than `max_bytes`.
    """
    photo = photo_in(form)
    if photo.size is not None and photo.size > max_bytes:
        raise too_large(max_bytes)
    return photo.file


def photo_in(form: FormData) -> UploadFile:
    """The first file in the fields for a photo that is not empty.

    Raises:
        BadInputError: there is none; the message says what came instead.
    """
    values = [value for field in PHOTO_FIELDS for value in form.getlist(field)]
    files = [value for value in values if isinstance(value, UploadFile)]
    for file in files:
        if file.size:
            return file
    if files:
        raise BadInputError("The photo is empty: its file has no bytes.", reason_code="empty_file")
    if values:
        raise BadInputError("The photo's field carries text. Send the photo as a file, with a filename in its part.")
    raise BadInputError("No photo. Send it as multipart/form-data, as a file in the field 'file' (or 'image').")


async def text_in(form: FormData, name: str) -> str | None:
    """A field's text, also where a client sent it as a small file, as browsers do with a `Blob` of JSON.

    Raises:
        BadInputError: it is no text.
    """
    value = form.get(name)
    if not isinstance(value, UploadFile):
        return value
    data = await value.read(ENVELOPE_BYTES)
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise BadInputError(f"{name} should be a text.") from None


def parse_json(text: bytes | str, name: str) -> Any:
    """What a JSON text says.

    Raises:
        BadInputError: it is none; the message calls it `name`.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"{name} is no JSON: {error}.") from None


def too_large(max_bytes: int) -> TooLargeError:
    """The refusal of an upload over `max_bytes`."""
    return TooLargeError(f"The upload is over the limit of {max_bytes / 1e6:g} MB ({max_bytes} bytes).")
