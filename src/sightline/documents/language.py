"""The two languages of documents: how each says a moment, a share, and a measure with its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor, isfinite, log10
from typing import Literal

Language = Literal["en", "ko"]

LANGUAGES: tuple[Language, ...] = ("en", "ko")

MOST_SHOWN = 0.99
"""Nothing is certain: a confidence never rounds to 100 %."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_HARD_SPACE = "\N{NO-BREAK SPACE}"
"""A number and its unit stay on one line."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Chooses between the two texts of a sentence: they stand side by side in the code, and none is forgotten."""

    language: Language

    def __call__(self, english: str, korean: str) -> str:
        return korean if self.language == "ko" else english

    def count(self, number: int, one: str, many: str, korean: str) -> str:
        """A number of things: "1 crack", "3 cracks"; Korean has one form and its counter: "균열 3건"."""
        return self(f"{number} {one if number == 1 else many}", f"{korean.format(number)}")

    def moment(self, at: datetime) -> str:
        """Date and time to the second; a time without a zone says so, for two such times may be hours apart."""
        return f"{self.day(at)}{self(',', '')} {at:%H:%M:%S} {self._zone(at)}"

    def day(self, at: datetime) -> str:
        """A date, its month in words where the language has some: 03/04 is read in two ways."""
        return self(f"{at.day} {_MONTHS[at.month - 1]} {at.year}", f"{at.year}년 {at.month}월 {at.day}일")

    def measure(self, value: float, unit: str, uncertainty: float | None = None, *, decimals: int = 1) -> str:
        """A size with its unit: "0.42 ± 0.05 mm".

        Args:
            value: in the unit.
            unit: as it is to be shown.
            uncertainty: one standard deviation; it decides how many decimals are shown, for more would be made up.
            decimals: how many are shown where no uncertainty is known.
        """
        if uncertainty is None or not isfinite(uncertainty) or uncertainty <= 0:
            return f"{value:,.{decimals}f}{_HARD_SPACE}{unit}"
        decimals = _decimals(uncertainty)
        shown = f"{value:,.{decimals}f}{_HARD_SPACE}±{_HARD_SPACE}{uncertainty:,.{decimals}f}"
        return f"{shown}{_HARD_SPACE}{unit}"

    def percent(self, share: float, *, decimals: int = 0) -> str:
        """A share of one in per cent."""
        return f"{share * 100:.{decimals}f}{self(_HARD_SPACE, '')}%"

    def confidence(self, confidence: float) -> str:
        """A confidence of 0..1 in words and figures, cut where clients of the service cut it (over 0.8, over 0.5)."""
        if confidence > 0.8:
            words = self("very likely", "가능성 매우 높음")
        elif confidence > 0.5:
            words = self("likely", "가능성 높음")
        else:
            words = self("possible", "가능성 있음")
        return f"{words} ({self.percent(min(confidence, MOST_SHOWN))})"

    def _zone(self, at: datetime) -> str:
        offset = at.utcoffset()
        if offset is None:
            return self("(no time zone)", "(시간대 정보 없음)")
        if not offset:
            return "UTC"
        minutes = round(abs(offset) / timedelta(minutes=1))
        sign = "-" if offset < timedelta(0) else "+"
        return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"


def _decimals(uncertainty: float) -> int:
    """So many that the uncertainty shows one significant digit, or two where the first is a 1 (GUM 7.2.6)."""
    exponent = floor(log10(uncertainty))
    leading = uncertainty / 10**exponent
    return max(0, -exponent + (1 if leading < 1.95 else 0))
