"""The inspection report: photos of one wall over time, as one PDF or one HTML page that needs nothing else.

Loaded on first use, so that importing costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sightline.crack.inspection.inspection import Inspection, InspectionPhoto
    from sightline.crack.inspection.render import inspection_html, inspection_pdf

__all__ = ["Inspection", "InspectionPhoto", "inspection_html", "inspection_pdf"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in ("Inspection", "InspectionPhoto"):
        return getattr(import_module("sightline.crack.inspection.inspection"), name)
    if name in ("inspection_html", "inspection_pdf"):
        return getattr(import_module("sightline.crack.inspection.render"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
