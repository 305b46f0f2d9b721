"""What people may write into an inspection: checked once, for every door."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from sightline.errors import BadInputError

MAX_WALL: Final = 200
MAX_REMARKS: Final = 4000
MAX_NAME: Final = 120
"""Characters: a title fits two lines of a report, remarks two of its pages, a file's name a cell of a table."""

_STAGE: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?", re.ASCII)
_EARLIEST_YEAR: Final = 1970

# What moves or hides text without being seen: control and format characters, surrogates and what is not assigned. Line
# breaks and tabs are the writer's own in remarks. The zero-width joiner makes one emoji of several.
_KEPT_CONTROLS: Final = "\n\t\u200d"


def checked_wall(value: object) -> str:
    """What the wall is called, on one line.

    Raises:
        BadInputError: it is no text, empty or too long.
    """
    text = " ".join(_text(value, "wall", MAX_WALL).split())
    if not text:
        raise BadInputError("wall is empty: say which wall it is, such as 'Bedroom, north wall'.")
    return text


def checked_remarks(value: object) -> str:
    """Remarks for the report; none is an empty text.

    Raises:
        BadInputError: they are no text or too long.
    """
    return "" if value is None else _text(value, "remarks", MAX_REMARKS).strip()


def checked_stage(value: object) -> str:
    """At what occasion photos are taken: `check-in`, `check-out`, ...

    Raises:
        BadInputError: it is missing or has another form.
    """
    if not isinstance(value, str) or not _STAGE.fullmatch(value):
        said = "is missing" if value is None else f"is {repr(value)[:60]}"
        raise BadInputError(
            f"stage {said}: name it in 1 to 40 letters, digits and hyphens, such as 'check-in' or 'check-out'."
        )
    return value


def checked_taken_at(value: object) -> datetime | None:
    """When a photo was taken, as its sender says; None where they do not.

    Raises:
        BadInputError: it is no time.
    """
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.year < _EARLIEST_YEAR:
        raise BadInputError(
            f"taken_at is {repr(value)[:60]}: should be a date and time in ISO 8601 from {_EARLIEST_YEAR} on, such as "
            "'2026-03-01T14:30:00+09:00'."
        )
    return moment


def tidy_name(name: str | None) -> str:
    """The end of a file's name as its sender calls it, for people to recognise; it becomes part of no key or path."""
    last = PurePosixPath((name or "").replace("\\", "/")).name
    tidied = _visible(last).replace("\n", " ").replace("\t", " ").strip()[-MAX_NAME:].strip()
    return "" if tidied == "." else tidied  # the folder itself, which is no file's name


def _text(value: object, field: str, most: int) -> str:
    if not isinstance(value, str):
        said = "is missing" if value is None else f"is a {type(value).__name__}"
        raise BadInputError(f"{field} {said}: should be a text of at most {most} characters.")
    if len(value) > most:
        raise BadInputError(f"{field} has {len(value)} characters: at most {most} are accepted.")
    return _visible(value)


def _visible(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in text if character in _KEPT_CONTROLS or _is_visible(character))


def _is_visible(character: str) -> bool:
    import unicodedata

    return not unicodedata.category(character).startswith("C")
