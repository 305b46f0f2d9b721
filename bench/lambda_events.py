"""What the functions are asked in the benchmark: events of the guides' kinds, with real photos and a real clip."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image
from wall_photos import SIZES, make_wall_photo

PHOTO_SIZE: Final = SIZES["2 MP"]
PHOTOS: Final = 5
"""Cracks differ in what they cost; every function gets the same photos in turn."""

HOST: Final = "bench.lambda-url.us-east-1.on.aws"
BOUNDARY: Final = "sightline-bench"

Event = Mapping[str, Any]


def raw_health() -> Event:
    """The guides' raw test event, for a handler that has no adapter before it."""
    return {"httpMethod": "GET", "path": "/", "headers": {}, "body": None}


def url_health() -> Event:
    """The same as a Function URL sends it: Mangum alone takes no raw one."""
    return _function_url("GET", "/health", {})


def detect_crack(photo: bytes) -> Event:
    """A photo as a Function URL hands it over: a multipart form in base64."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="wall.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    body = head.encode() + photo + f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}", "content-length": str(len(body))}
    sent = {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return {**_function_url("POST", "/detect-crack", headers), **sent}


def _function_url(method: str, path: str, headers: Mapping[str, str]) -> Event:
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "bench"}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": HOST, **headers},
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "bench",
            "domainName": HOST,
            "domainPrefix": "bench",
            "http": http,
            "requestId": "bench",
            "routeKey": "$default",
            "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000",
            "timeEpoch": 1767225600000,
        },
        "isBase64Encoded": False,
    }


def analyze_video(clip: bytes, max_frames: int) -> Event:
    """A clip as a direct invocation hands it over."""
    return {
        "action": "analyze_video",
        "user_id": "bench",
        "file_name": "clip.mp4",
        "file_data": base64.b64encode(clip).decode(),
        "parameters": {"max_frames": max_frames},
    }


def answered(answer: Any) -> dict[str, Any]:
    """The JSON of an answer, whether bare or in an HTTP response.

    Raises:
        ValueError: it is not a success.
    """
    if "statusCode" in answer:
        body: dict[str, Any] = json.loads(answer["body"])
        if answer["statusCode"] != 200:
            raise ValueError(f"answered {answer['statusCode']}: {body}")
        return body
    if answer.get("status") != "success":
        raise ValueError(f"answered {answer}")
    return dict(answer)


def photos_from(folder: Path) -> list[bytes]:
    """Photos of two megapixels: real ones of a folder, cropped to 4:3 and enlarged; made ones where it is missing."""
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    chosen = files[:: max(1, len(files) // PHOTOS)][:PHOTOS]
    if chosen:
        return [_enlarged(path) for path in chosen]
    made = folder.parent / "made.jpg"
    return [make_wall_photo(made, PHOTO_SIZE, seed).read_bytes() for seed in range(PHOTOS)]


def _enlarged(path: Path) -> bytes:
    with Image.open(path) as opened:
        photo = opened.convert("RGB")
    width, height = photo.width, min(photo.height, photo.width * 3 // 4)
    top = (photo.height - height) // 2
    file = BytesIO()
    photo.resize(PHOTO_SIZE, Image.Resampling.LANCZOS, (0, top, width, top + height)).save(file, "JPEG", quality=90)
    return file.getvalue()
