"""Receives a face: a video with its wishes as a form, or the contract's JSON."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from sightline.errors import BadInputError, TooLargeError
from sightline.service.gaze_request import Wanted, check_user_id, parse_wanted
from sightline.service.retention import Retention
from sightline.web.upload import ENVELOPE_BYTES, limited_body, parse_json, received_form, text_in, too_large

VIDEO_FIELD = "file"
_IN_MEMORY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ReceivedVideo:
    """A video's open file, whose it is, how it is to be analysed, and after how many days it is to be gone."""

    file: BinaryIO
    user_id: str
    wanted: Wanted
    keep_days: int | None


@asynccontextmanager
async def received_video(request: Request, *, max_bytes: int, retention: Retention) -> AsyncIterator[ReceivedVideo]:
    """The video of a multipart form, in a temporary file, with the form's other fields checked.

    Args:
        request: a form with the video as a file in the field `file`, and maybe `user_id`, `keep_days`, and `parameters`
            and `protocol` as JSON.
        max_bytes: the largest video.
        retention: which `keep_days` are possible.

    Raises:
        BadInputError: there is no video, or a field is not as it should be.
        TooLargeError: the body is over the limit, by its announced or by its real length.
    """
    async with received_form(request, max_bytes=max_bytes) as form:
        video = form.get(VIDEO_FIELD)
        if not isinstance(video, UploadFile):
            raise BadInputError("No video. Send it as multipart/form-data, as a file in the field 'file'.")
        if not video.size:
            raise BadInputError("The video is empty: its file has no bytes.")
        if video.size > max_bytes:
            raise too_large(max_bytes)
        wanted = parse_wanted(await _json_in(form, "parameters"), await _json_in(form, "protocol"))
        keep_days = retention.parse(await text_in(form, "keep_days"))
        yield ReceivedVideo(video.file, check_user_id(await text_in(form, "user_id")), wanted, keep_days)


@asynccontextmanager
async def received_json(request: Request, *, max_file_bytes: int) -> AsyncIterator[BinaryIO]:
    """A JSON body as an open file: in memory up to 1 MB, in a temporary file above that.

    Args:
        request: its body holds a file in base64, maybe with line breaks.
        max_file_bytes: the largest such file.

    Raises:
        TooLargeError: the body is over what such a file needs.
    """
    megabytes = f"{max_file_bytes / 1e6:g} MB"
    refusal = TooLargeError(
        f"The file in the request is over the limit of {megabytes} ({max_file_bytes} bytes). "
        "Send a larger video to POST /gaze/videos, or with the actions create_upload, submit and get_status."
    )
    limited = Request(request.scope, limited_body(request, max_file_bytes * 7 // 5 + ENVELOPE_BYTES, refusal))
    with SpooledTemporaryFile(_IN_MEMORY_BYTES) as file:
        async for piece in limited.stream():
            file.write(piece)
        file.seek(0)
        yield cast("BinaryIO", file)


async def _json_in(form: FormData, name: str) -> Any:
    text = await text_in(form, name)
    return parse_json(text, name) if text else None
