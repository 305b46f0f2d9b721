"""Cracks in walls: `detect_cracks` and `segment_cracks`. Loaded on first use, so that importing costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sightline.crack.detector import detect_cracks, segment_cracks
    from sightline.crack.report import CrackInstance, CrackReport

__all__ = ["CrackInstance", "CrackReport", "detect_cracks", "segment_cracks"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in ("detect_cracks", "segment_cracks"):
        return getattr(import_module("sightline.crack.detector"), name)
    if name in ("CrackInstance", "CrackReport"):
        return getattr(import_module("sightline.crack.report"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
