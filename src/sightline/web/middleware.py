"""What stands around every route, as plain ASGI: a request id, an access log, a last resort for bugs, HEAD."""

from __future__ import annotations

import logging
import re
import time
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sightline.telemetry import log_event, request_id
from sightline.web.errors import answer_to

REQUEST_ID_HEADER = "X-Request-ID"

_logger = logging.getLogger(__name__)

# What a proxy or a client may choose as an id: long enough for a UUID or a trace id, with no room for log injection.
_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._=-]{0,127}", re.ASCII)


class _OwnId(str):
    """An id that `RequestContext` has set, and none that stood around it."""

    __slots__ = ()


class RequestContext:
    """Gives the request an id, in every log line and in the answer, and logs one line about it when it ends.

    The line holds the route's pattern, not the path, because an id of a result opens that result; and neither address
    nor file name, because they say who somebody is.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID_HEADER, "")
        this_id = _OwnId(given if _REQUEST_ID.fullmatch(given) else _id_around() or uuid4().hex)
        status = 0  # stays so where nobody is there any more to be answered

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID_HEADER] = this_id
            await send(message)

        token = request_id.set(this_id)
        start_s = time.perf_counter()
        try:
            await self.app(scope, receive, send_with_id)
        finally:
            log_event(
                _logger,
                "request",
                method=scope["method"],
                route=getattr(scope.get("route"), "path", None),
                status=status,
                duration_ms=round((time.perf_counter() - start_s) * 1000, 1),
            )
            request_id.reset(token)


def _id_around() -> str | None:
    """The id of an invocation that this application is called in.

    One of ours is of the request before: after a large body uvicorn reads on in that one's context, and whatever comes
    over the same connection would have its id.
    """
    around = request_id.get()
    return None if isinstance(around, _OwnId) else around


class LastResort:
    """Turns a bug into a `500` in the form of every other error, and logs it with its traceback."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception:
            if scope["type"] != "http" or started:
                raise
            _logger.exception("internal_error")
            message = "Something went wrong in the service. Its log tells more, under this answer's X-Request-ID."
            await answer_to(Request(scope), 500, message, "internal")(scope, receive, send)


class HeadAsGet:
    """Answers HEAD wherever GET is answered, with the same headers and no body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # The same dictionary goes on, so that the access log finds the route that is noted in it.
        scope["method"] = "GET"
        try:
            await self.app(scope, receive, send_without_body)
        finally:
            scope["method"] = "HEAD"
