"""What to say when a disk is full."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from sightline.errors import UnavailableError

_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def room_needed() -> Iterator[None]:
    """Around work that writes files on this machine: a full disk is no bug and may pass.

    Raises:
        UnavailableError: there is no room left.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise UnavailableError(
            f"There is no room left for the video and its results, in {tempfile.gettempdir()} or in the data folder "
            "of this machine. Try again later, or send a smaller video."
        ) from error
