"""Eye movements from a video of a face: `analyze_video` and `analyze_image`. Loaded on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sightline.gaze.analysis import analyze_video
    from sightline.gaze.image import PictureReport, analyze_image
    from sightline.gaze.report import GazeReport

__all__ = ["GazeReport", "PictureReport", "analyze_image", "analyze_video"]

_HOMES = {"analyze_video": "analysis", "analyze_image": "image", "PictureReport": "image", "GazeReport": "report"}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"sightline.gaze.{_HOMES[name]}"), name)
