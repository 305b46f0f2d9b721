"""Which videos the arguments of `sightline gaze` mean."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePath

from sightline.cli.files import InputFile, find_files

SUFFIXES = frozenset({".mp4", ".m4v", ".mov", ".3gp", ".webm", ".mkv", ".avi", ".gif"})
"""What counts as a video in a folder, in upper case too; a file that is named itself may end in anything."""

OVERLAY_SUFFIX = ".overlay.mp4"


def find_videos(arguments: Iterable[Path], *, out: Path | None) -> list[InputFile]:
    """The videos that files and folders stand for; see `find_files`."""
    return find_files(arguments, _is_video, out=out, noun="video")


def _is_video(name: str) -> bool:
    """By its name, and not a result of an earlier run."""
    return PurePath(name).suffix.lower() in SUFFIXES and not name.endswith(OVERLAY_SUFFIX)
