"""Which files make up each of the two functions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Product = Literal["crack", "gaze"]

REPOSITORY: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Function:
    """What is particular to one function."""

    lock: Path
    """What it installs, with hashes."""
    handler: Path
    """The module that Lambda imports; lies at the package's root."""


FUNCTIONS: Final[dict[Product, Function]] = {
    "crack": Function(
        lock=REPOSITORY / "deploy" / "crack-requirements.lock", handler=REPOSITORY / "deploy" / "lambda_handler.py"
    ),
    "gaze": Function(
        lock=REPOSITORY / "deploy" / "gaze-requirements.lock", handler=REPOSITORY / "deploy" / "lambda_function.py"
    ),
}

SOURCES: Final = REPOSITORY / "src" / "sightline"
LICENCES: Final = (REPOSITORY / "LICENSE", REPOSITORY / "NOTICE")
