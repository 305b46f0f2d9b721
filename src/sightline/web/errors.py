"""Every error leaves the service as `{"error": "...", "code": "..."}`; `service.statuses` picks its status."""

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
    async def ours(_: Request, error: SightlineError) -> Response:
        more = {"tombstone": error.tombstone} if isinstance(error, GoneError) else {}
        return error_answer(status_of_error(error), error.message, error.code, headers_of_error(error), **more)

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        message = str(error.detail)
        if error.status_code == 404:
            message = "There is nothing at this address."
        elif error.status_code == 405:
            message = f"{request.method} is not allowed here."
        return error_answer(error.status_code, message, _CODE_OF.get(error.status_code, "http"), error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return error_answer(422, f"{where}: {first['msg']}.", "bad_input")

    @app.exception_handler(ClientDisconnect)
    async def left(_: Request, __: ClientDisconnect) -> Response:
        return Response(status_code=CLIENT_LEFT_STATUS)


def error_answer(
    status: int, message: str, code: str, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    """An error in the one form, and what else a client may want to know of it."""
    return JSONResponse({"error": message, "code": code} | more, status_code=status, headers=headers)
