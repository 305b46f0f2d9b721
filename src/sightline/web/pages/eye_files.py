"""What the player of a result fetches: the video as it was sent, and what was measured in each of its frames."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from sightline.service.gaze_results import ARTIFACTS
from sightline.service.video_jobs import video_key_of
from sightline.web.gaze_door import UsesGaze
from sightline.web.pages.eye_frames import frames_json
from sightline.web.pages.render import NOT_KEPT

_PIECE_BYTES: Final = 1 << 18
_HEAD_BYTES: Final = 64  # an EBML header names its kind of document within them
_RANGE = re.compile(r"bytes=(?!-$)(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)

_VIDEO_HEADERS: Final = NOT_KEPT | {"Accept-Ranges": "bytes"}

router = APIRouter()


@router.get("/eyes/{job_id}/video")
def video_file(job_id: str, request: Request, door: UsesGaze) -> Response:
    """The video as it was sent, or the part of it that a player asks for (RFC 9110, section 14).

    Raises:
        NotFoundError: there is no such job, or its video is gone.
    """
    key = video_key_of(door.gaze.jobs.get(job_id))
    opened = partial(door.gaze.videos.open, key)
    with opened() as file:
        content_type = video_type(file.read(_HEAD_BYTES))
        size = file.seek(0, 2)
    asked = request.headers.get("range", "").strip()
    wanted = byte_range(asked, size)
    if wanted is None:
        headers = _VIDEO_HEADERS | {"Content-Range": f"bytes */{size}"}
        return Response(status_code=416, headers=headers)
    first, last = wanted
    headers = _VIDEO_HEADERS | {"Content-Length": str(last - first + 1)}
    status = 200
    if _RANGE.fullmatch(asked):  # Safari plays nothing where its first `0-1` is no 206
        status, headers["Content-Range"] = 206, f"bytes {first}-{last}/{size}"
    return StreamingResponse(_pieces(opened, first, last), status, headers, content_type)


@router.get("/eyes/{job_id}/frames.json")
def frames(job_id: str, request: Request, door: UsesGaze) -> Response:
    """What was measured in each frame, compact, with the events and the gaps.

    Raises:
        NotFoundError: there is no such job, or it is not done.
    """
    jobs = door.gaze.jobs
    report = json.loads(jobs.artifact(job_id, ARTIFACTS["report"]))
    content = frames_json(jobs.artifact(job_id, ARTIFACTS["csv"]).decode(), report)
    headers = NOT_KEPT | {"Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers = gzip.compress(content, compresslevel=5, mtime=0), headers | {"Content-Encoding": "gzip"}
    return Response(content, media_type="application/json", headers=headers)


def byte_range(asked: str, size: int) -> tuple[int, int] | None:
    """The first and the last byte that a `Range` asks for: all of them where it asks for none, for several parts, or in
    a form that we do not know; None where the file has none of these bytes.
    """
    found = _RANGE.fullmatch(asked)
    if found is None:
        return 0, size - 1
    if not found[1]:  # the last so many
        first, last = max(size - int(found[2]), 0), size - 1
    else:
        first, last = int(found[1]), min(int(found[2] or size), size - 1)
    return (first, last) if first <= last else None


def video_type(head: bytes) -> str:
    """The content type that a file's first bytes tell. MOV is named MP4: it is the same container, and browsers that
    play its codec refuse it by its own name.
    """
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm" if b"webm" in head else "video/x-matroska"
    if head.startswith(b"RIFF"):
        return "video/x-msvideo"
    return "image/gif" if head.startswith(b"GIF8") else "application/octet-stream"


def _pieces(opened: Callable[[], BinaryIO], first: int, last: int) -> Iterator[bytes]:
    """The bytes from `first` to `last`. The file is opened when the first piece is asked for, which may never be."""
    with opened() as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(_PIECE_BYTES, left))):
            left -= len(piece)
            yield piece
