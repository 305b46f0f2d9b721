"""The other side of `sightline.service.isolation`: `python -m sightline.service.isolated`, for that module only.

Reads one line from its standard input, `{"target": "module:function", "arguments": {...}, "log_level", "request_id"}`,
and writes a line for each message to its standard output: `{"progress": [done, total]}`, and at the end
`{"result": ...}`, `{"error": code, "message": ...}` or `{"bug": type}`.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import IO

from sightline.errors import SightlineError
from sightline.telemetry import configure_logging, request_id

_logger = logging.getLogger(__name__)

# Beside photos that somebody waits for, a video stands back: it gets what they leave of the processor.
_NICENESS = 10
# Where memory runs out, this process is to be ended and tried again later, not the server that holds all others.
_FIRST_TO_GO = "500"
_TELL_EVERY_S = 0.2


def main() -> None:
    """Run one function and write what comes of it."""
    os.nice(_NICENESS)
    with suppress(OSError):  # Linux; elsewhere the system chooses by itself
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO)
    messages = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no message
    order = json.loads(_first_line())
    configure_logging(order["log_level"])
    request_id.set(order["request_id"])
    threading.Thread(target=_end_with_parent, daemon=True).start()
    module, _, name = order["target"].partition(":")
    try:
        function = getattr(import_module(module), name)
        line = json.dumps({"result": function(**order["arguments"], progress=_Teller(messages))}, allow_nan=False)
    except SightlineError as error:
        line = json.dumps({"error": error.code, "message": error.message})
    except Exception as error:
        _logger.exception("isolated_failed")
        line = json.dumps({"bug": type(error).__name__})
    messages.write(line + "\n")
    messages.flush()


class _Teller:
    """Passes progress on, a few times a second and at the end; may be called from several threads."""

    def __init__(self, messages: IO[str]) -> None:
        self._messages = messages
        self._told_s = 0.0
        self._lock = threading.Lock()

    def __call__(self, done: int, total: int) -> None:
        now_s = time.monotonic()
        with self._lock:
            if now_s - self._told_s < _TELL_EVERY_S and done != total:
                return
            self._told_s = now_s
            self._messages.write(json.dumps({"progress": [int(done), int(total)]}) + "\n")
            self._messages.flush()


def _first_line() -> bytes:
    """Read without Python's buffers: a thread that waits in them keeps the interpreter from ending."""
    line = b""
    while not line.endswith(b"\n") and (piece := os.read(0, 1 << 16)):
        line += piece
    return line


def _end_with_parent() -> None:
    """Wait for the end of the standard input, then end the whole process group: nobody waits for the answer."""
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
