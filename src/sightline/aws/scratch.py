"""The function's folder for temporary files: all that a function may write to, and bounded (512 MB by default).

An invocation that is ended in the middle, by its timeout or for want of memory, cleans nothing up, and the next one may
run in the same environment with the same /tmp. So all temporary files go to one folder, which begins empty each time.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Final

_NAME: Final = "sightline-function"

KEPT_FREE_BYTES: Final = 64_000_000
"""Beside the largest video there is room for its results (12,000 frames make 3 MB of CSV and 12 MB of JSON), twice."""

_root = Path(tempfile.gettempdir())


def begin_empty() -> None:
    """Remove what an earlier invocation left behind, and nothing else; temporary files go here from now on."""
    folder = _root / _NAME
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(folder)


def largest_video_bytes(wanted: int) -> int:
    """The largest video that there is room for, at most as large as wanted."""
    return max(1, min(wanted, shutil.disk_usage(_root).total - KEPT_FREE_BYTES))
