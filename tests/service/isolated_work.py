"""Functions that tests run in a process of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sightline.errors import TooLargeError
from sightline.telemetry import request_id

Progress = Callable[[int, int], None]


def echo(*, progress: Progress, **arguments: Any) -> dict[str, Any]:
    print("what a library prints is no answer")
    for done in range(1, 4):
        progress(done, 3)
    return {"arguments": arguments, "pid": os.getpid(), "request_id": request_id.get()}


def refuse(*, progress: Progress) -> None:
    raise TooLargeError("the video has 9 bytes; at most 8 bytes are accepted")


def blunder(*, progress: Progress) -> None:
    raise ZeroDivisionError("secret detail")


def nan(*, progress: Progress) -> float:
    return float("nan")


def be_killed(*, progress: Progress) -> None:
    progress(1, 3)
    os.kill(os.getpid(), signal.SIGSEGV)


def leave(*, progress: Progress) -> None:
    os._exit(3)


def hang(*, progress: Progress) -> None:
    time.sleep(600)


def go_on(*, folder: str, progress: Progress) -> None:
    """Write down the ids of this process and of one that it starts, then work for ever."""
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(folder, "pids.part").write_text(f"{os.getpid()} {other.pid}")
    Path(folder, "pids.part").rename(Path(folder, "pids"))
    while True:
        progress(1, 2)
        time.sleep(0.01)
