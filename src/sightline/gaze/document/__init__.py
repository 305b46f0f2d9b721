"""The gaze report for people: what `GazeReport` holds as one PDF or one HTML page, in English or Korean.

Loaded on first use, so that importing costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sightline.gaze.document.content import gaze_document
    from sightline.gaze.document.recording import Recording

__all__ = ["Recording", "gaze_document"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "Recording":
        return import_module("sightline.gaze.document.recording").Recording
    if name == "gaze_document":
        return import_module("sightline.gaze.document.content").gaze_document
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
