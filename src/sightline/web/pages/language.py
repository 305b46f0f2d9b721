"""Which of our languages a page is in: the address says it, else a choice made before, else the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from fastapi import Request

from sightline.documents.language import Language
from sightline.web.language import language_of

if TYPE_CHECKING:
    from starlette.responses import Response

COOKIE: Final = "lang"
_YEAR_S: Final = 365 * 24 * 3600


def page_language(request: Request) -> Language:
    """The language of the answer: `?lang=`, the cookie, `Accept-Language`, the first of them that names one of ours."""
    for said in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        chosen = language_named(said)
        if chosen is not None:
            return chosen
    return language_of(None, request.headers.get("accept-language"))


def language_named(said: str | None) -> Language | None:
    """One of our languages by its tag; None for any other text."""
    for language in get_args(Language):
        if said == language:
            found: Language = language
            return found
    return None


def remember(response: Response, language: Language) -> None:
    """Make the browser ask for this language from now on. The cookie says nothing else, and no script reads it."""
    response.set_cookie(COOKIE, language, max_age=_YEAR_S, path="/app", httponly=True, samesite="lax")


def safe_return(back: str | None) -> str:
    """The page to go back to: only one of ours, so that no link of a stranger's leads through here to elsewhere."""
    if not back or not (back == "/app" or back.startswith("/app/")) or any(sign in back for sign in "\\\r\n"):
        return "/app"
    return back
