"""The headers that stand on everything below /app, whatever answers there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_DIRECTIVES: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def content_policy(changed: Mapping[str, str] | None = None) -> str:
    """The Content-Security-Policy: nothing from elsewhere, nothing inline.

    Args:
        changed: directives that a page needs to be others.
    """
    return "; ".join(f"{name} {value}" for name, value in (_DIRECTIVES | dict(changed or {})).items())


_HEADERS: Final = {
    "Content-Security-Policy": content_policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # an address here opens a result: it is nobody else's to know
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def is_page_address(path: str) -> bool:
    """Whether a path belongs to the pages."""
    return path == "/app" or path.startswith("/app/")


_CROSS_ORIGIN: Final = "access-control-"
"""How the names of headers begin that let pages of other origins read an answer."""


class PageHeaders:
    """Puts the headers on every answer below /app that does not have its own.

    What lets other origins read the API's answers is taken off: pages are for their own, and so is what they fetch.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_page_address(scope["path"]):
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                for name in [name for name in headers if name.startswith(_CROSS_ORIGIN)]:
                    del headers[name]
            await send(message)

        await self.app(scope, receive, send_with_headers)
