"""How much a crack matters at a glance: low, medium or high, by its size in the photo."""

from __future__ import annotations

from typing import Literal

Severity = Literal["low", "medium", "high"]

MEDIUM_WIDTH = 0.005
"""Share of the photo's diagonal. In a view of one metre that is 5 mm: up to there surveyors call damage slight (BRE
Digest 251)."""

HIGH_WIDTH = 0.015
"""Share of the photo's diagonal. In a view of one metre that is 15 mm: from there surveyors call damage severe."""

MEDIUM_LENGTH = 0.3
"""Share of the photo's diagonal, all branches together: what half of all cracks in close photos of concrete reach."""

HIGH_LENGTH = 1.0
"""Share of the photo's diagonal, all branches together: more than fits into the view in one straight line."""

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
