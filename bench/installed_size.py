"""How much disk an installed distribution takes, with all that it requires."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement


def product_mb(product: str) -> float:
    """Megabytes of what a product needs by itself: its dependency group in pyproject.toml."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())
    return installed_mb(*project["dependency-groups"][product])


def installed_mb(*names: str) -> float:
    """Megabytes of distributions and of everything they require without extras; what is not installed counts 0."""
    seen: set[str] = set()
    waiting, total = list(names), 0
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        try:
            found = distribution(current)
        except PackageNotFoundError:
            continue
        total += sum(path.stat().st_size for f in found.files or () if (path := Path(str(f.locate()))).is_file())
        for line in found.requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return total / 1e6
