"""Megabytes on disk of a package and all it requires, without extras: `PYTHON bench/installed_size.py NAME`."""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path


def installed_mb(name: str) -> float:
    """Sum over the requirements that are really installed; markers other than extras are settled by that."""
    seen: set[str] = set()
    waiting, total = [name], 0
    while waiting:
        current = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if current in seen:
            continue
        seen.add(current)
        try:
            found = distribution(current)
        except PackageNotFoundError:
            continue
        files = (Path(str(file.locate())) for file in found.files or ())
        total += sum(file.stat().st_size for file in files if file.is_file())
        required = (line for line in found.requires or () if "extra ==" not in line)
        waiting += [match.group() for line in required if (match := re.match(r"[\w.-]+", line))]
    return total / 1e6


if __name__ == "__main__":
    print(f"{installed_mb(sys.argv[1]):.1f}")
