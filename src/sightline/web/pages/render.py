"""Sets a page: template, texts and headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import Request
from fastapi.responses import HTMLResponse

import sightline
from sightline.web.pages.assets import asset_address, styles_address
from sightline.web.pages.language import page_language
from sightline.web.pages.policy import content_policy
from sightline.web.pages.texts import texts_in

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

NOT_KEPT: Final = {"Cache-Control": "private, no-store"}
"""For what shows somebody's wall or eyes: deleted, it is not to come back by a browser's cache or its back button."""

_TEMPLATES: Final = Path(__file__).with_name("templates")


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    texts: tuple[str, ...] = (),
    policy: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> HTMLResponse:
    """A page in the language of the request.

    Args:
        request: says the language and the page's own address.
        template: its name below `templates/`.
        status: of the answer.
        texts: prefixes of the keys whose texts the page's scripts need.
        policy: directives of the Content-Security-Policy that this page alone needs to be others.
        headers: further ones, or others instead of those that every page has.
        **values: what the template shows.
    """
    language = page_language(request)
    told = texts_in(language)
    html = (
        _environment()
        .get_template(template)
        .render(
            t=told,
            lang=language,
            path=request.url.path,
            version=sightline.__version__,
            script_texts=told.as_json(texts) if texts else "",
            **values,
        )
    )
    own = {
        "Content-Language": language,
        "Vary": "Accept-Language, Cookie",
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": content_policy(policy),
    }
    return HTMLResponse(html, status_code=status, headers=own | dict(headers or {}))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = asset_address
    environment.globals["styles"] = styles_address
    environment.filters["code"] = _code
    environment.filters["unbroken"] = _unbroken
    return environment


_HYPHENED: Final = re.compile(r"\b\w{1,12}(?:-\w{1,12}){1,2}\b")
"""A word that is short enough to stand in one line on a phone. An occasion may have a name of 40 letters."""


def _unbroken(text: str) -> Markup:
    """Words with a hyphen, each in one line: "Check-in" is not parted at its hyphen."""
    from markupsafe import Markup, escape

    parts, end = [], 0
    for found in _HYPHENED.finditer(text):
        parts += [escape(text[end : found.start()]), Markup('<span class="nowrap">{}</span>').format(found[0])]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _code(text: str) -> Markup:
    """What stands between backticks, as code."""
    from markupsafe import Markup, escape

    parts = text.split("`")
    html = (Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts))
    return Markup("").join(html)
