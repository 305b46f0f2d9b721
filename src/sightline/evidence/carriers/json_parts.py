"""The parts of a JSON report: its members and theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sightline.evidence.canonical import digest, parse
from sightline.evidence.manifest import Part

_DEPTH: Final = 3
"""Levels that are told apart: `photos[1].findings` is one part, however much is in it."""

_MOST_ITEMS: Final = 200
"""Items of a list that are told apart; a longer one (an outline, say) is one part, so that manifests stay small."""


def json_parts(document: bytes) -> tuple[Part, ...]:
    """Digests of what is in a JSON object."""
    return tuple(Part("member", name, digest(value)) for name, value in _leaves(parse(document), "", _DEPTH))


def _leaves(value: Any, name: str, depth: int) -> Iterator[tuple[str, Any]]:
    if depth and isinstance(value, dict) and value:
        for member, inner in value.items():
            yield from _leaves(inner, f"{name}.{member}" if name else member, depth - 1)
    elif depth and isinstance(value, list) and 0 < len(value) <= _MOST_ITEMS:
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{name}[{number}]", depth - 1)
    else:
        yield name, value
