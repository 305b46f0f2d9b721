"""Runs a function in a process of its own, which may crash, hang or be ended without harm to this one.

A video is foreign bytes in the hands of C code: FFmpeg decodes it, LiteRT looks at it. A crash there takes its process
with it, and in the server's process that would be everybody's photos and videos too. The other process also gives its
memory back at the end, leaves this one's interpreter lock alone, and can be stopped at once, which a thread cannot. The
price is a start of about 0.1 s and the function's own imports: little beside a video, too much for a picture.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import IO, Any

from sightline import errors
from sightline.errors import SightlineError
from sightline.telemetry import request_id

STALL_S = 300.0
"""A run that says nothing for so long hangs: a frame takes milliseconds, the longest silent step (drawing the figures
of 12,000 frames) seconds, and a loaded machine is ten times slower."""

_LOOK_EVERY_S = 0.1
_BY_CODE = {
    kind.code: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, SightlineError) and kind is not errors.BusyError
}


class CrashError(Exception):
    """The process ended without an answer, or hung; the message says how."""


def run_isolated(
    target: str,
    arguments: Mapping[str, Any],
    *,
    progress: Callable[[int, int], None],
    check: Callable[[], None],
    stall_s: float = STALL_S,
) -> Any:
    """Call a function in a new process and wait for what it returns.

    Args:
        target: `module:function`. The function takes `arguments` by name, and `progress`.
        arguments: what JSON can say.
        progress: called here when the function calls its own.
        check: called here about ten times a second; what it raises ends the process.
        stall_s: a silence of that length ends the process.

    Returns:
        what the function returned, as far as JSON can say it.

    Raises:
        SightlineError: the function raised it.
        CrashError: the process crashed or hung, or the function raised something else.
    """
    level = logging.getLevelName(logging.getLogger().getEffectiveLevel()).lower()
    order = {"target": target, "arguments": dict(arguments), "log_level": level, "request_id": request_id.get()}
    process = _start()
    try:
        assert process.stdin is not None
        with suppress(BrokenPipeError):  # it ended already; how, is told below
            process.stdin.write(json.dumps(order).encode() + b"\n")
            process.stdin.flush()
        return _answer(process, progress, check, stall_s)
    finally:
        _end(process)


def _start() -> subprocess.Popen[bytes]:
    """The child finds modules where this process does, leads a process group that ends as a whole, and ends by itself
    when its standard input does, for that means that this process is gone.
    """
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "sightline.service.isolated"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        start_new_session=True,
    )


def _answer(
    process: subprocess.Popen[bytes],
    progress: Callable[[int, int], None],
    check: Callable[[], None],
    stall_s: float,
) -> Any:
    messages: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    assert process.stdout is not None
    threading.Thread(target=_read, args=(process.stdout, messages), name="sightline-isolated", daemon=True).start()
    heard_s = time.monotonic()
    while True:
        check()
        try:
            message = messages.get(timeout=_LOOK_EVERY_S)
        except queue.Empty:
            if time.monotonic() - heard_s > stall_s:
                raise CrashError(f"The analysis hung: it said nothing for {stall_s:g} s.") from None
            continue
        heard_s = time.monotonic()
        if message is None:
            raise CrashError(f"The analysis crashed: its process {_how_it_ended(process)}.")
        if "progress" in message:
            progress(*message["progress"])
        elif "error" in message:
            raise _BY_CODE[message["error"]](message["message"])
        elif "bug" in message:
            raise CrashError(f"Something went wrong in the analysis ({message['bug']}); the service's log tells more.")
        else:
            return message["result"]


def _read(pipe: IO[bytes], messages: queue.SimpleQueue[dict[str, Any] | None]) -> None:
    """Hand on the child's messages, and None at their end."""
    with pipe, suppress(ValueError):  # the last line is cut off where the child was ended in the middle of it
        for line in pipe:
            messages.put(json.loads(line))
    messages.put(None)


def _how_it_ended(process: subprocess.Popen[bytes]) -> str:
    code = process.wait()
    if code >= 0:
        return f"ended with exit code {code} and no answer"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it started, if it has not ended by itself; then collect what is left of it."""
    with suppress(ProcessLookupError, PermissionError):  # the second is what macOS says of a group of the dead
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.close()
