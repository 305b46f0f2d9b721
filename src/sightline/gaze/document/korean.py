"""The analysis' sentences in Korean. They are made in English, with figures in them; `korean.toml` has each one's form.

A sentence that has no entry stays English: better than one that says something else.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

_FIELD = re.compile(r"\{(\w+)\}")
_SENTENCE_END = re.compile(r"(?<=[a-z)%\"'])\. (?=[A-Z])")
"""Between two sentences, and not after the number or the initial that a point may follow."""

_LONG_FIELDS: Final = frozenset({"why", "rule", "reached", "objections", "targets", "name"})
"""Fields that hold a sentence or a list; all others are a number or a few words."""

_SHORT: Final = r"\S+(?: \S+){0,3}?"

MOST_NESTED: Final = 4
"""A limitation holds a measure's name and a reason, which may hold a direction: no sentence is nested deeper."""


def korean(text: str, *, depth: int = MOST_NESTED) -> str:
    """The Korean form of a sentence, or of several after each other.

    Args:
        text: as the analysis says it.
        depth: how often what stands in a sentence's fields is looked up as well.
    """
    if (word := _table()["words"].get(text)) is not None:
        return str(word)
    if depth == 0:
        return text
    for pattern, form in _compiled():
        if found := pattern.fullmatch(text):
            return form.format_map({name: korean(value, depth=depth - 1) for name, value in found.groupdict().items()})
    for separator, joint in ((_SENTENCE_END, ". "), (re.compile("; "), ", "), (re.compile(", "), ", ")):
        parts = separator.split(text)
        if len(parts) > 1:
            ends = [part if part.endswith(".") or joint != ". " else f"{part}." for part in parts]
            told = [korean(part, depth=depth - 1) for part in ends]
            return (" " if joint == ". " else joint).join(told)
    return text


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("korean.toml").read_text(encoding="utf-8"))


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Each English form as a pattern whose groups are its fields, beside its Korean form."""
    compiled = []
    for form in _table()["forms"]:
        literal = _FIELD.split(form["en"])
        parts = [re.escape(part) if at % 2 == 0 else _group(part) for at, part in enumerate(literal)]
        compiled.append((re.compile("".join(parts)), form["ko"]))
    return tuple(compiled)


def _group(field: str) -> str:
    return f"(?P<{field}>{'.+?' if field in _LONG_FIELDS else _SHORT})"
