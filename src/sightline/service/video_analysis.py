"""How the service has a video looked at: the contract of it, and the way that a server takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from sightline.service.gaze_request import Wanted
from sightline.service.isolation import run_isolated


class VideoAnalysis(Protocol):
    """Looks at a video and writes its artifacts (`ARTIFACTS`) into a folder."""

    def __call__(
        self,
        video: Path,
        folder: Path,
        wanted: Wanted,
        *,
        figures: bool,
        progress: Callable[[int, int], None],
        check: Callable[[], None],
    ) -> None: ...


def analyse_isolated(
    video: Path,
    folder: Path,
    wanted: Wanted,
    *,
    figures: bool,
    progress: Callable[[int, int], None],
    check: Callable[[], None],
) -> None:
    """`VideoAnalysis` in a process of its own.

    Raises:
        SightlineError: of the analysis.
        CrashError: the process crashed or hung.
    """
    arguments = wanted.to_dict() | {"video": str(video), "folder": str(folder), "figures": figures}
    run_isolated("sightline.service.gaze_results:make_results", arguments, progress=progress, check=check)


def never_interrupted() -> None:
    """The `check` of work that nobody stops."""


def unheard(_done: int, _total: int) -> None:
    """The `progress` of work that nobody watches."""
