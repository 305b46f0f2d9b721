"""How much a crack matters at a glance: low, medium or high, by its size in the photo."""

from __future__ import annotations

from typing import Literal

Severity = Literal["low", "medium", "high"]

MEDIUM_WIDTH = 0.004
"""Share of the photo's diagonal: 3 px at 640x480. Finer cracks show as a line whose width cannot be compared by eye."""

HIGH_WIDTH = 0.010
"""Share of the photo's diagonal: 8 px at 640x480. The two edges stand visibly apart."""

MEDIUM_LENGTH = 0.25
"""Share of the photo's diagonal: a crack that runs through a quarter of the view."""

HIGH_LENGTH = 0.75
"""Share of the photo's diagonal: all branches together would cross the view from side to side."""

SEVERITY_RULE = (
    f"high: at its widest at least {HIGH_WIDTH:.1%} of the photo's diagonal, or at least {HIGH_LENGTH:.0%} of it long; "
    f"medium: at least {MEDIUM_WIDTH:.1%} wide, or {MEDIUM_LENGTH:.0%} long; low: all others. "
    "A photo has no scale: this compares sizes within the photo, it does not give millimetres."
)


def severity(*, length_px: float, max_width_px: float, diagonal_px: float) -> Severity:
    """Grade a crack by `SEVERITY_RULE`; all three in pixels of the same picture."""
    width, length = max_width_px / diagonal_px, length_px / diagonal_px
    if width >= HIGH_WIDTH or length >= HIGH_LENGTH:
        return "high"
    if width >= MEDIUM_WIDTH or length >= MEDIUM_LENGTH:
        return "medium"
    return "low"
