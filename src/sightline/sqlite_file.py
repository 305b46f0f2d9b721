"""SQLite files as records and jobs are kept in: shared by processes, safe from power cuts, without what was removed."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

_BUSY_TIMEOUT_S: Final = 10.0
"""Another process holds a file for milliseconds; ten seconds mean that something is wrong."""

_RETRY_AFTER_S: Final = 0.01


def connect(path: Path, isolation_level: Literal["DEFERRED"] | None = "DEFERRED") -> sqlite3.Connection:
    """Open a file, made if it is missing, its folder too; for several threads behind a lock of the caller's.

    Args:
        path: the file.
        isolation_level: as in `sqlite3.connect`.

    Raises:
        sqlite3.Error, OSError: it cannot be opened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    return sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, check_same_thread=False, isolation_level=isolation_level)


def prepare(connection: sqlite3.Connection) -> None:
    """Set up a connection.

    Raises:
        sqlite3.Error: the file is no database, or stays locked.
    """
    _use_log(connection)
    connection.execute("PRAGMA synchronous = FULL")  # what was answered is still there after a power cut
    connection.execute("PRAGMA secure_delete = ON")  # what is removed for a person leaves no bytes behind


def upgrade(connection: sqlite3.Connection, steps: Sequence[str]) -> None:
    """Bring the tables of a file up to date. Several may do it at the same time.

    Args:
        connection: prepared.
        steps: the statements, between semicolons, that make a file of the version before into one of the next, from
            nothing on; their number is the version.

    Raises:
        sqlite3.Error: the file was written by a newer version, or cannot be written.
    """
    if _version(connection) == len(steps):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = _version(connection)  # again, for another process may have been faster
        if found > len(steps):
            raise sqlite3.DatabaseError(f"written by a newer version (schema {found}, known up to {len(steps)})")
        for statement in ";".join(steps[found:]).split(";"):
            connection.execute(statement)  # one by one: `executescript` would commit before it starts
        connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def empty_log(connection: sqlite3.Connection) -> None:
    """Write the log of changes (`-wal`) into the file and empty it.

    It still holds what was removed, and would for weeks where little is written. Where another process is just reading,
    or the disk is full, the next removal does it.
    """
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _use_log(connection: sqlite3.Connection) -> None:
    """Keep changes in a log beside the file: readers do not wait for a writer then.

    While the first connections to a new file do this at once, SQLite answers some that it is locked without waiting for
    the timeout, for two that wait for each other would wait for ever.
    """
    give_up_at_s = time.monotonic() + _BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY  # the low byte; the rest says why
            if not is_busy or time.monotonic() > give_up_at_s:
                raise
        time.sleep(_RETRY_AFTER_S)
