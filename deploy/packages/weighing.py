"""What weighs what in a package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

_SMALL_BYTES: Final = 1_000_000
"""Parts below it share one row of the table."""


def weigh(folder: Path) -> dict[str, int]:
    """Bytes by part of what lies in `folder`, the heaviest first.

    A library's own shared objects (`NAME.libs`) count as its, what tells about a library as "licences, metadata".
    """
    parts: dict[str, int] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            part = _part(path.relative_to(folder))
            parts[part] = parts.get(part, 0) + path.stat().st_size
    return dict(sorted(parts.items(), key=lambda item: (-item[1], item[0])))


def _part(path: Path) -> str:
    top = path.parts[1 if path.parts[0] == "__pycache__" else 0]
    if top.endswith(".dist-info") or top in ("LICENSE", "NOTICE"):
        return "licences, metadata"
    name = top.removesuffix(".libs").split(".")[0].lstrip("_")
    return "PIL" if name == "pillow" else name


def table(title: str, installed: Mapping[str, int], shipped: Mapping[str, int], notes: Sequence[str]) -> str:
    """What weighs what, in MB (10^6 bytes): as pip installed it, and as it is shipped."""
    rows = _rows(installed, shipped)
    lines = [f"  {name:28s} {before / 1e6:9.1f} {after / 1e6:9.1f}" for name, before, after in rows]
    return "\n".join([f"{title:30s} {'installed':>9s} {'shipped':>9s}", *lines, *(f"  {note}" for note in notes)])


def _rows(installed: Mapping[str, int], shipped: Mapping[str, int]) -> Iterator[tuple[str, int, int]]:
    parts = [*shipped, *(name for name in installed if name not in shipped)]
    small = [name for name in parts if max(installed.get(name, 0), shipped.get(name, 0)) < _SMALL_BYTES]
    for name in parts:
        if name not in small:
            yield name, installed.get(name, 0), shipped.get(name, 0)
    yield f"{len(small)} parts under 1 MB", _sum(installed, small), _sum(shipped, small)
    yield "together", sum(installed.values()), sum(shipped.values())


def _sum(sizes: Mapping[str, int], names: Sequence[str]) -> int:
    return sum(sizes.get(name, 0) for name in names)
