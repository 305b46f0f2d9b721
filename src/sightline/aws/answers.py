"""Answers in the forms that callers read: proxy answers for HTTP, bare JSON for a direct invocation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sightline.errors import SightlineError
from sightline.service.statuses import INTERNAL, headers_of_error, status_of_error

METHODS = "GET,HEAD,POST,OPTIONS"


def proxy_answer(status: int, document: Mapping[str, Any] | None, headers: Mapping[str, str]) -> dict[str, Any]:
    """What API Gateway and a Function URL make an HTTP response of; without a document it has no body."""
    body = "" if document is None else json.dumps(document, ensure_ascii=False, allow_nan=False)
    typed = headers if document is None else {"Content-Type": "application/json", **headers}
    return {"statusCode": status, "headers": dict(typed), "body": body, "isBase64Encoded": False}


def cors_headers(origin: str | None, allowed: Sequence[str]) -> dict[str, str]:
    """What lets pages of the allowed origins read an answer; errors and refusals too."""
    if "*" in allowed:
        return {"Access-Control-Allow-Origin": "*", **_CORS}
    if origin is None or origin not in allowed:
        return {"Vary": "Origin"}
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin", **_CORS}


_CORS = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "*,Authorization",  # browsers do not count it under the star
    "Access-Control-Expose-Headers": "X-Request-ID, Retry-After",
    "Access-Control-Max-Age": "600",
}


def error_answer(error: Exception) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, document and headers for an error; what is no error of ours is a bug, told of without its text."""
    if isinstance(error, SightlineError):
        document = {"error": error.message, "code": error.code, "status": "error"}
        return status_of_error(error), document, headers_of_error(error)
    reason = "Something went wrong in the service; its log has it under the request's id."
    return INTERNAL, {"error": reason, "code": SightlineError.code, "status": "error"}, {}
