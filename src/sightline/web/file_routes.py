"""Files at addresses that somebody was given: what presigned URLs are in S3, this service answers on one machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Annotated, BinaryIO, cast

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from sightline.errors import BadInputError, TooLargeError
from sightline.service.disk import room_needed
from sightline.storage.addresses import PREFIX
from sightline.storage.local import LocalBlobStore
from sightline.web.describe import RESULT_HEADERS, errors_described
from sightline.web.errors import error_answer
from sightline.web.gaze_door import UsesGaze
from sightline.web.schemas import ErrorAnswer
from sightline.web.upload import limited_body

_IN_MEMORY_BYTES = 1 << 20
_PIECE_BYTES = 1 << 20

# Somebody else may have written what is shown here: it may not act in this service's name.
_HEADERS = RESULT_HEADERS | {"Content-Security-Policy": "sandbox; default-src 'none'"}


def _files(request: Request) -> LocalBlobStore:
    files: LocalBlobStore = request.app.state.files
    return files


_UsesFiles = Annotated[LocalBlobStore, Depends(_files)]
_Key = Annotated[str, Path(description="The file's key.")]
_Expires = Annotated[int, Query(description="When the address ends, in seconds since 1970.")]
_Signature = Annotated[str, Query(description="What makes the address good.")]
_REFUSED = {403: "The address is not good for this request, or not any more."}

router = APIRouter(tags=["files"], responses={"default": {"model": ErrorAnswer, "description": "Any other error."}})


@router.get(
    PREFIX + "{key:path}",
    response_class=StreamingResponse,
    responses=errors_described(_REFUSED | {404: "There is no such file any more, or not yet."})
    | {200: {"description": "The file.", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}},
    summary="Fetch a file",
)
def fetch(key: _Key, files: _UsesFiles, expires: _Expires, signature: _Signature) -> Response:
    """At an address that an answer of this service named."""
    if not files.signer.holds("GET", key, expires=expires, signature=signature):
        return _refusal("one file, to fetch it")
    content_type, file = files.head(key).content_type, files.open(key)
    headers = _HEADERS | {"Content-Length": str(os.fstat(file.fileno()).st_size)}
    return StreamingResponse(_pieces(file), media_type=content_type, headers=headers)


@router.put(
    PREFIX + "{key:path}",
    response_class=Response,
    responses=errors_described(_REFUSED | {400: "The file broke off.", 503: "Too many files arrive; come back later."})
    | {200: {"description": "It is stored."}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
            "description": "The file, of exactly the type and length that the address was asked for.",
        }
    },
    summary="Send a file",
)
async def store(
    key: _Key, request: Request, door: UsesGaze, files: _UsesFiles, expires: _Expires, signature: _Signature
) -> Response:
    """To an address that `create_upload` named, with the headers that it named."""
    announced, content_type = request.headers.get("content-length", ""), request.headers.get("content-type", "")
    size_bytes = int(announced) if announced.isdecimal() else -1
    if not files.signer.holds(
        "PUT", key, expires=expires, signature=signature, content_type=content_type, size_bytes=size_bytes
    ):
        return _refusal("one file of one Content-Type and Content-Length, to send it")
    too_long = TooLargeError(f"The file is longer than the {size_bytes} bytes that were announced.")
    limited = Request(request.scope, limited_body(request, size_bytes, too_long))
    with room_needed(), door.uploads.take(), SpooledTemporaryFile(_IN_MEMORY_BYTES) as file:
        async for piece in limited.stream():
            file.write(piece)
        if file.tell() != size_bytes:
            raise BadInputError(f"The file broke off after {file.tell()} of {size_bytes} bytes.")
        file.seek(0)
        await run_in_threadpool(files.put_from, key, cast("BinaryIO", file), content_type)
    await run_in_threadpool(door.gaze.eye_tracking.uploads.remove_if_deleted, key)
    return Response()


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _refusal(what: str) -> Response:
    message = f"This address is not good for this request: it holds for {what}, and for a while. Ask for another one."
    return error_answer(403, message, "forbidden")
