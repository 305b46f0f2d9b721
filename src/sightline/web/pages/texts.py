"""What the pages say, in both languages: one table of keys for each, out of the TOML files in `texts/`.

A text is a template of `str.format` with names only. One that depends on a number is a table of `one` and `other`
(Korean has `other` alone); the value `count` chooses between them.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from sightline.documents.language import Language

_FOLDER: Final = Path(__file__).with_name("texts")

Text = str | Mapping[str, str]
"""A text, or its forms by number."""


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of one language."""

    language: Language
    table: Mapping[str, Text]

    def __call__(self, key: str, **values: object) -> str:
        """The text of that key with the values put in.

        Raises:
            KeyError: there is no such text, or it has a place for a value that is not given.
        """
        text = self.table[key]
        if not isinstance(text, str):
            text = text["one"] if values.get("count") == 1 and "one" in text else text["other"]
        return text.format(**values)

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in self.table

    def as_json(self, prefixes: tuple[str, ...]) -> str:
        """The texts below these prefixes for the page's scripts: JSON that may stand inside a `script` element."""
        chosen = {
            key: text
            for key, text in self.table.items()
            if any(key == prefix or key.startswith(f"{prefix}.") for prefix in prefixes)
        }
        plain = json.dumps(chosen, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def texts_in(language: Language) -> Texts:
    """The texts of a language, read once.

    Raises:
        ValueError: two files have the same table or text.
    """
    table: dict[str, Text] = {}
    for file in sorted((_FOLDER / language).glob("*.toml")):
        for key, text in _flat(tomllib.loads(file.read_text("utf-8"))):
            if key in table:
                raise ValueError(f"{file.name}: {key} is there already")
            table[key] = text
    return Texts(language, table)


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Text]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, str) or ("other" in value and set(value) <= {"one", "other"}):
            yield key, value
        else:
            yield from _flat(value, f"{key}.")
