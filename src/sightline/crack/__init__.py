"""Cracks in walls: found in a photo, compared between photos. Loaded on first use, so that importing costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sightline.crack.compare.compared import ComparisonReport, CrackChange
    from sightline.crack.compare.comparison import compare_photos, compare_reports
    from sightline.crack.compare.picture import comparison_picture
    from sightline.crack.compare.series import compare_series
    from sightline.crack.compare.tracks import SeriesReport
    from sightline.crack.detector import detect_cracks, segment_cracks
    from sightline.crack.report import CrackInstance, CrackReport

__all__ = [
    "ComparisonReport",
    "CrackChange",
    "CrackInstance",
    "CrackReport",
    "SeriesReport",
    "compare_photos",
    "compare_reports",
    "compare_series",
    "comparison_picture",
    "detect_cracks",
    "segment_cracks",
]

_HOME = {
    "ComparisonReport": "compare.compared",
    "CrackChange": "compare.compared",
    "CrackInstance": "report",
    "CrackReport": "report",
    "SeriesReport": "compare.tracks",
    "compare_photos": "compare.comparison",
    "compare_reports": "compare.comparison",
    "compare_series": "compare.series",
    "comparison_picture": "compare.picture",
    "detect_cracks": "detector",
    "segment_cracks": "detector",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HOME:
        return getattr(import_module(f"sightline.crack.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
