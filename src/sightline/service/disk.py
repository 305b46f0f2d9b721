"""What to say when a disk is full."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from sightline.errors import UnavailableError

_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def room_needed(what: str = "video") -> Iterator[None]:
    """Around work that writes files on this machine: a full disk is no bug and may pass.

    Args:
        what: whose work it is, for the message.

    Raises:
        UnavailableError: there is no room left.
    """
    try:
        yield
    except Exception as error:
        if not _is_full(error):
            raise
        raise UnavailableError(
            f"There is no room left for the {what} and its results, in {tempfile.gettempdir()} or in the data folder "
            f"of this machine. Try again later, or send a smaller {what}."
        ) from error


def _is_full(error: Exception) -> bool:
    """Whether the disk was full, also for SQLite, which has errors of its own."""
    return getattr(error, "errno", None) in _FULL or getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
