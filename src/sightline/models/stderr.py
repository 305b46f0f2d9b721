"""What native libraries write on stderr, where Python's `sys.stderr` does not see it."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LOCK = threading.Lock()
"""File descriptor 2 is the process's: one at a time may point it elsewhere."""


@contextmanager
def stderr_without(note: bytes) -> Iterator[None]:
    """Leave `note` out of what this process writes on file descriptor 2 meanwhile.

    Everything else, of other threads too, arrives when the block ends. A process that is started inside the block
    keeps the redirection, so let the block be short.
    """
    with _LOCK, contextlib.ExitStack() as stack:
        try:
            stderr = stack.enter_context(os.fdopen(os.dup(2), "wb"))
            caught = stack.enter_context(tempfile.TemporaryFile())
        except OSError:  # stderr is closed, as a daemon's may be, or there is no place for a temporary file
            yield
            return
        try:
            os.dup2(caught.fileno(), 2)
            yield
        finally:
            os.dup2(stderr.fileno(), 2)
            caught.seek(0)
            with contextlib.suppress(OSError):  # nobody reads it any more
                stderr.write(caught.read().replace(note, b""))
                stderr.flush()
