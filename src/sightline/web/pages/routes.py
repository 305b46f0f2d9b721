"""All that is answered below /app: the start page, the language, style sheets and scripts, and both products' pages."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from sightline.errors import NotFoundError, TooLargeError
from sightline.web.pages import assets, events, eye_pages, wall_pages
from sightline.web.pages.docs_page import groups_of
from sightline.web.pages.language import language_named, remember, safe_return
from sightline.web.pages.render import page
from sightline.web.upload import ENVELOPE_BYTES, received_form

# A year, and no question whether it changed: the address has the digest of all files.
_KEPT: Final = {"Cache-Control": "public, max-age=31536000, immutable"}

router = APIRouter(prefix="/app", include_in_schema=False)


@router.get("")
def home(request: Request) -> Response:
    """Both products, and what was examined in this browser."""
    return page(request, "home.html", texts=("home.history",))


@router.post("/language")
async def choose_language(request: Request) -> Response:
    """Remembers a language in the browser, and goes back to the page that asked: the form's `lang` and `back`.

    Raises:
        TooLargeError: the form is larger than one with two short texts.
    """
    refusal = TooLargeError(f"The request has more than {ENVELOPE_BYTES} bytes.")
    async with received_form(request, max_bytes=0, refusal=refusal) as form:
        said = {name: value for name, value in form.items() if isinstance(value, str)}
    answer = RedirectResponse(safe_return(said.get("back")), status_code=303)
    language = language_named(said.get("lang"))
    if language:
        remember(answer, language)
    return answer


@router.get("/assets/{digest}/{name}")
def asset(digest: str, name: str, request: Request) -> Response:
    """A style sheet or a script.

    Raises:
        NotFoundError: there is no such file, or the address is one of another state of them.
    """
    if digest != assets.digest():
        raise NotFoundError("There is nothing at this address.")
    found = assets.read_asset(name)
    headers = _KEPT | {"Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.gzipped, media_type=found.content_type, headers=headers | {"Content-Encoding": "gzip"})
    return Response(found.plain, media_type=found.content_type, headers=headers)


@router.get("/docs")
def docs(request: Request) -> Response:
    """The API's routes, for people who read."""
    return page(request, "docs.html", groups=groups_of(request.app.openapi()))


docs_router = APIRouter(include_in_schema=False)


@docs_router.get("/docs")
def usual_docs() -> Response:
    """The address that FastAPI gives its own page."""
    return RedirectResponse("/app/docs", status_code=307)


for each in (wall_pages.router, eye_pages.router, events.router):
    router.include_router(each)
