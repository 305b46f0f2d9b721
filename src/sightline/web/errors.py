"""Every error leaves the service as `{"error": "...", "code": "..."}`; `service.statuses` picks its status.

Where a code covers several things that a client may want to tell apart, `reason_code` names the one.

A browser on its way to a page gets a page instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from sightline.errors import GoneError, SightlineError
from sightline.service.statuses import headers_of_error, status_of_error

CLIENT_LEFT_STATUS = 499
"""What proxies log when a client went away before its answer; nobody receives it."""

_CODE_OF = {400: "bad_input", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 422: "bad_input"}


def install_error_handlers(app: FastAPI) -> None:
    """Make `app` answer every error in the one form."""

    @app.exception_handler(SightlineError)
    async def ours(request: Request, error: SightlineError) -> Response:
        more: dict[str, Any] = {"tombstone": error.tombstone} if isinstance(error, GoneError) else {}
        if error.reason_code is not None:
            more["reason_code"] = error.reason_code
        return answer_to(request, status_of_error(error), error.message, error.code, headers_of_error(error), **more)

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        message = str(error.detail)
        if error.status_code == 404:
            message = "There is nothing at this address."
        elif error.status_code == 405:
            message = f"{request.method} is not allowed here."
        return answer_to(request, error.status_code, message, _CODE_OF.get(error.status_code, "http"), error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return answer_to(request, 422, f"{where}: {first['msg']}.", "bad_input")

    @app.exception_handler(ClientDisconnect)
    async def left(_: Request, __: ClientDisconnect) -> Response:
        return Response(status_code=CLIENT_LEFT_STATUS)


def answer_to(
    request: Request, status: int, message: str, code: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """An error as a page, where the application has pages and the client is on its way to one; else in the one form."""
    error_page = getattr(request.app.state, "error_page", None)
    page: Response | None = error_page(request, status, headers, more.get("tombstone")) if error_page else None
    return page or error_answer(status, message, code, headers, **more)


def error_answer(
    status: int, message: str, code: str, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    """An error in the one form, and what else a client may want to know of it."""
    return JSONResponse({"error": message, "code": code} | more, status_code=status, headers=headers)
