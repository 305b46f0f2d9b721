"""Does a deployed function do what it is for? A drawn wall with a crack, a drawn clip, and what comes of them.

Everything that a test leaves behind it deletes again, which is part of the test.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from releases.doors import Door, Reply, SmokeError, send
from releases.targets import Target

SAMPLES: Final = Path(__file__).parent / "samples"
WALL: Final = SAMPLES / "wall.jpg"
CLIP: Final = SAMPLES / "clip.mp4"
CLIP_FRAMES: Final = 10

_USER: Final = "smoke-test"
_JOB_PATIENCE_S: Final = 180  # a cold start, and the queue's own pauses where the function was busy
_ASK_EVERY_S: Final = 1.0


def smoke(target: Target, door: Door, *, uploads: bool, settle_s: float) -> None:
    """Test one function through one door.

    Args:
        target: which.
        door: where it is asked.
        uploads: also go the way of large files (presigned address, bucket, queue, table), which leads to whatever
            version the alias is at.
        settle_s: how long what was just made may take to be there.

    Raises:
        SmokeError: it does not do what it should.
    """
    _healthy(door, settle_s)
    if target.product == "crack":
        _photo(door)
        return
    _video(door)
    if uploads:
        _upload(door)


def _healthy(door: Door, settle_s: float) -> None:
    until_s = time.monotonic() + settle_s
    while True:
        try:
            reply = door.ask("GET", "/")
            if reply.status == 200 and reply.json().get("status") == "healthy":
                return
            raise SmokeError(f"GET / answered {_short(reply)}")
        except SmokeError:
            if time.monotonic() > until_s:
                raise
            time.sleep(_ASK_EVERY_S)


def _photo(door: Door) -> None:
    boundary = uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="wall.jpg"\r\n'
    form = head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + WALL.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    found = _ok(
        door.ask("POST", "/detect-crack", form, f"multipart/form-data; boundary={boundary}"), "POST /detect-crack"
    )
    if found.get("has_crack") is not True:
        raise SmokeError(f"POST /detect-crack saw no crack in a wall that has one: {str(found)[:300]}")
    path = urlsplit(str(found["result_url"])).path
    path = path[path.index("/result/") :]  # an address of one's own may have a path before it
    try:
        picture = door.ask("GET", path)
        if picture.status != 200 or not picture.body.startswith(b"\xff\xd8"):
            raise SmokeError(f"GET /result/... answered {_short(picture)}")
    finally:
        deleted = door.ask("DELETE", path)
    if deleted.status != 204:
        raise SmokeError(f"DELETE /result/... answered {_short(deleted)}")


def _video(door: Door) -> None:
    data = base64.b64encode(CLIP.read_bytes()).decode()
    answer = _action(door, "analyze_video", file_data=data, file_name="clip.mp4")
    try:
        _check_summary(answer)
    finally:
        _action(door, "delete_analysis", analysis_id=answer["analysis_id"])


def _upload(door: Door) -> None:
    clip = CLIP.read_bytes()
    made = _action(door, "create_upload", file_name="clip.mp4", content_type="video/mp4", size_bytes=len(clip))
    upload, analysis = made["upload"], made["analysis_id"]
    try:
        put = send("PUT", upload["url"], clip, upload["headers"])
        if put.status != 200:
            raise SmokeError(f"the upload was answered {_short(put)}")
        _check_summary(_until_done(lambda: _action(door, "get_status", analysis_id=analysis))["result"])
    finally:
        _action(door, "delete_analysis", analysis_id=analysis)


def _until_done(status: Callable[[], Any]) -> Any:
    until_s = time.monotonic() + _JOB_PATIENCE_S
    while True:
        found = status()
        if found["state"] == "done":
            return found
        if found["state"] == "failed":
            raise SmokeError(f"the job failed: {found.get('reason')}")
        if time.monotonic() > until_s:
            raise SmokeError(f"the job is {found['state']} after {_JOB_PATIENCE_S} s")
        time.sleep(_ASK_EVERY_S)


def _action(door: Door, action: str, **fields: Any) -> Any:
    body = json.dumps({"action": action, "user_id": _USER, **fields}).encode()
    return _ok(door.ask("POST", "/", body, "application/json"), action)


def _check_summary(answer: Any) -> None:
    summary = answer["summary"]
    seen = summary["frames_processed"], summary["frames_with_face"]
    if seen != (CLIP_FRAMES, CLIP_FRAMES):
        raise SmokeError(
            f"in a clip of {CLIP_FRAMES} frames with a face, {seen[0]} were analysed and {seen[1]} had one"
        )


def _ok(reply: Reply, what: str) -> Any:
    if reply.status not in {200, 202, 204}:
        raise SmokeError(f"{what} answered {_short(reply)}")
    return reply.json() if reply.body else {}


def _short(reply: Reply) -> str:
    return f"{reply.status}: {reply.body[:300]!r}"
