"""Joins a script with all that it imports, so that a page asks for one file and not for twenty.

The scripts stay plain ES modules, for editors, TypeScript and whoever reads them; joined is only what is sent. Each
becomes a function that is called once and returns what it exports. That holds for modules in the form that ours have,
and anything else is refused:

- `import { a, b as c } from "./x.js";`, `import * as x from "./x.js";` or `import "./x.js";` at the start of a line;
- `await import("./x.js")` gives what is there already: all of a page's scripts have some 20 kB, and loaded apart they
  would each have a `Failure` of their own;
- `export` before a `function`, `class` or `const`; nothing that is exported changes later;
- no `await` outside of functions, and no two that import each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_IMPORT: Final = re.compile(
    r'^import\s+(?:(?P<what>\{[^}]*\}|\*\s+as\s+\w+)\s+from\s+)?"\./(?P<name>[\w-]+\.js)";$', re.MULTILINE
)
_LATER: Final = re.compile(r'\bawait import\("\./(?P<name>[\w-]+\.js)"\)')
_EXPORT: Final = re.compile(r"^export\s+(?P<kind>(?:async\s+)?function\*?|class|const)\s+(?P<name>\w+)", re.MULTILINE)
_FOREIGN: Final = re.compile(r"^(?:import\b(?!\()|export\b|await\b).*$", re.MULTILINE)


def joined(entry: str, read: Callable[[str], str]) -> str:
    """The text of a script with its imports, each once and before what needs it.

    Args:
        entry: name of the script.
        read: gives the text of a script by its name.

    Raises:
        ValueError: a script is not in the form above.
    """
    done: dict[str, str] = {}
    _add(entry, read, done, ())
    return "\n".join(done.values())


def _add(name: str, read: Callable[[str], str], done: dict[str, str], importers: tuple[str, ...]) -> None:
    if name in importers:
        raise ValueError(f"scripts import each other: {' -> '.join((*importers, name))}")
    if name in done:
        return
    text = read(name)
    for needed in (*_IMPORT.finditer(text), *_LATER.finditer(text)):
        _add(needed["name"], read, done, (*importers, name))
    done[name] = _wrapped(name, text)


def _wrapped(name: str, text: str) -> str:
    exported = [found["name"] for found in _EXPORT.finditer(text)]
    body = _EXPORT.sub(r"\g<kind> \g<name>", _IMPORT.sub(_binding, text))
    body = _LATER.sub(lambda found: _variable(found["name"]), body)
    foreign = _FOREIGN.search(body)
    if foreign:
        raise ValueError(f"{name}: cannot be joined: {foreign[0]}")
    return f"const {_variable(name)} = (() => {{\n{body}\nreturn {{ {', '.join(exported)} }};\n}})();"


def _binding(found: re.Match[str]) -> str:
    """What an import becomes: `{ a, b as c }` takes the one out of the other's exports."""
    if found["what"] is None:
        return ""
    names = re.sub(r"\s+as\s+", ": ", found["what"]) if found["what"].startswith("{") else found["what"].split()[-1]
    return f"const {names} = {_variable(found['name'])};"


def _variable(name: str) -> str:
    return "$" + name.removesuffix(".js").replace("-", "_")
