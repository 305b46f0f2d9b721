"""Answers of the web application as Lambda hands them on: what fits into one, and errors in the form of every door."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sightline
from sightline.errors import NotReadyError, SightlineError, TooLargeError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

MAX_ANSWER_BYTES = 6_291_556
"""What Lambda lets a function answer, as the JSON that goes over the wire."""

MAX_PHOTO_BYTES = 4_700_000
"""The largest photo that can reach the function: Lambda takes events of 6 MiB, and base64 makes 4/3 of a photo."""

MAX_FILE_BYTES = 4_600_000
"""The largest file that surely fits into an answer; larger ones are fetched from the bucket."""

_HEADERS_BYTES = 16_384  # more than the headers of an answer ever take
_MOST_BYTES_OF_A_CHARACTER = 6  # `\\uac00`


def refusal(status: int, error: SightlineError) -> dict[str, Any]:
    """An error that is found before there is a request, or after its answer."""
    body = json.dumps({"error": error.message, "code": error.code}, ensure_ascii=False)
    headers = {"content-type": "application/json"}
    return {"statusCode": status, "headers": headers, "body": body, "isBase64Encoded": False}


def unready_app(error: SightlineError) -> ASGIApp:
    """An application that answers every request with the reason why there is no other, as /health tells it."""
    from starlette.responses import JSONResponse

    document = {
        "status": "unhealthy",
        "message": error.message,
        "model_loaded": False,
        "version": sightline.__version__,
        "model": None,
        "error": error.message,
        "code": error.code,
    }
    return JSONResponse(document, status_code=503, headers={"Access-Control-Allow-Origin": "*"})


def sendable(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer; where Lambda would not let it through, and tell the client nothing of why, an error that does."""
    body = answer["body"]
    size_bytes = len(body) + _HEADERS_BYTES
    if not answer["isBase64Encoded"] and len(body) * _MOST_BYTES_OF_A_CHARACTER > MAX_ANSWER_BYTES - _HEADERS_BYTES:
        size_bytes = len(json.dumps(answer))
    if size_bytes <= MAX_ANSWER_BYTES:
        return answer
    message = f"The answer has {size_bytes} bytes; a Lambda function can answer with {MAX_ANSWER_BYTES}."
    return refusal(413, TooLargeError(message))


def without_cors(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without its headers for browsers of other origins."""
    kept = {name: value for name, value in answer["headers"].items() if not name.startswith("access-control-")}
    return answer | {"headers": kept}


def error_code_of(answer: dict[str, Any]) -> str | None:
    """The `code` of an answered error; None where all went well."""
    status: int = answer["statusCode"]
    if status < 400:
        return None
    try:
        document = json.loads(answer["body"])
    except ValueError:  # HEAD, or an error in plain text
        document = None
    if not isinstance(document, dict):
        return f"http_{status}"
    if "code" in document:
        return str(document["code"])
    return NotReadyError.code if "model_loaded" in document else f"http_{status}"
