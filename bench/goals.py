"""What a figure is to reach, and how a table says whether it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

HEADERS: Final = "target", "met"
"""The columns that `Goal.cells` fills."""

NO_GOAL: Final = "-", ""
"""For figures that are told for comparison."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure is to lie in `least`..`most`, bounds included; `words` says so where the numbers do not."""

    least: float = float("-inf")
    most: float = float("inf")
    words: str = ""

    def __str__(self) -> str:
        if self.words:
            return self.words
        if self.least == self.most:
            return f"{self.least:g}"
        bounds = [f">= {self.least:g}"] * (self.least > float("-inf")) + [f"<= {self.most:g}"] * (
            self.most < float("inf")
        )
        return " and ".join(bounds)

    def met(self, figure: float | None) -> bool:
        return figure is not None and self.least <= figure <= self.most

    def cells(self, figure: float | None) -> tuple[str, str]:
        """What the columns `HEADERS` say of a figure."""
        return str(self), yes_or_no(self.met(figure))


def yes_or_no(met: bool) -> str:
    return "yes" if met else "[red]NO[/]"
