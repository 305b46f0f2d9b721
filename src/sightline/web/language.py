"""Which of our languages a client reads."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from sightline.documents.language import Language

AskedLanguage = Annotated[Language | None, Query(description="Otherwise what `Accept-Language` says.")]
"""The parameter `lang` of routes whose answers have words in them."""


def language_of(asked: Language | None, accept_language: str | None) -> Language:
    """The language that was asked for; otherwise the one that `Accept-Language` (RFC 9110, section 12.5.4) likes
    best of ours, and English where it likes none.
    """
    if asked is not None:
        return asked
    weights = {"en": 0.0, "ko": 0.0}
    for item in (accept_language or "").split(","):
        tag, _, parameters = item.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        if primary in weights:
            weights[primary] = max(weights[primary], _weight(parameters))
    return "ko" if weights["ko"] > weights["en"] else "en"


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
