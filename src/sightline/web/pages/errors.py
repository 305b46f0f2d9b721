"""A page in the place of one that cannot be shown. Who did not ask for a page gets the API's form of an error."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from sightline.documents.language import Wording
from sightline.telemetry import request_id
from sightline.web.pages.language import page_language
from sightline.web.pages.policy import is_page_address
from sightline.web.pages.render import page

_KINDS: Final = {400: "400", 404: "404", 405: "405", 410: "410", 413: "413", 422: "400", 500: "500", 503: "503"}


def error_page(
    request: Request, status: int, headers: Mapping[str, str] | None, tombstone: Mapping[str, Any] | None
) -> Response | None:
    """The page for an error; None where the client is no browser on its way to a page.

    Args:
        request: what was asked for.
        status: of the answer.
        headers: that the error brings (`Allow`, `Retry-After`).
        tombstone: what is left of what was removed.
    """
    if not is_page_address(request.url.path) or "text/html" not in request.headers.get("accept", ""):
        return None
    return page(
        request,
        "error.html",
        status=status,
        headers=dict(headers or {}) | {"Cache-Control": "no-store"},
        shown=status,
        kind=_KINDS.get(status, "other"),
        when=_removal(request, tombstone),
        reference=request_id.get() if status >= 500 else None,
    )


def _removal(request: Request, tombstone: Mapping[str, Any] | None) -> str | None:
    """When it was removed, in words."""
    said = (tombstone or {}).get("removed_at")
    return Wording(page_language(request)).moment(datetime.fromisoformat(said)) if isinstance(said, str) else None
