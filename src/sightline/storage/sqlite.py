"""Records in one SQLite file: nothing to install or start, and several processes may share it."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Any

from sightline import sqlite_file
from sightline.errors import NotFoundError, NotReadyError
from sightline.storage.records import Record

# What makes a file of the version before into one of this version, from nothing on.
_STEPS = (
    """
    CREATE TABLE records (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        created_at TEXT NOT NULL,
        data TEXT NOT NULL,
        PRIMARY KEY (kind, id)
    ) WITHOUT ROWID;
    CREATE INDEX records_by_time ON records (kind, created_at);
    """,
    """
    ALTER TABLE records ADD COLUMN expires_at INTEGER;
    CREATE INDEX records_by_expiry ON records (expires_at) WHERE expires_at IS NOT NULL;
    """,
)
SCHEMA_VERSION = len(_STEPS)


class SqliteRecordStore:
    """`RecordStore` in a file. An expired record leaves the file when the next one is written.

    One connection behind a lock: a record is written in about a millisecond, an inference takes a hundred times that.

    Args:
        path: the file; made if it is missing, its folder too.

    Raises:
        NotReadyError: the file cannot be opened, is no database, or was written by a newer Sightline.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            self._connection = sqlite_file.connect(path)
        except (sqlite3.Error, OSError) as error:
            raise NotReadyError(f"The records in {path} cannot be opened: {error}.") from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._connection.close()
            raise NotReadyError(f"The records in {path} cannot be used: {error}.") from error

    def _prepare(self) -> None:
        sqlite_file.prepare(self._connection)
        sqlite_file.upgrade(self._connection, _STEPS)

    def put(self, record: Record) -> None:
        row = _to_row(record)
        with self._lock:
            with self._connection:
                self._forget_expired()
                removed = self._connection.execute("DELETE FROM records WHERE kind = ? AND id = ?", row[:2]).rowcount
                self._connection.execute("INSERT INTO records VALUES (?, ?, ?, ?, ?)", row)
            if removed:
                sqlite_file.empty_log(self._connection)

    def put_new(self, record: Record) -> bool:
        row = _to_row(record)
        with self._lock, self._connection:
            self._forget_expired()
            insert = "INSERT INTO records VALUES (?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO NOTHING"
            return self._connection.execute(insert, row).rowcount == 1

    def forget_expired(self) -> None:
        """Remove expired records now, for where nothing is written for a while."""
        with self._lock:
            with self._connection:
                removed = self._forget_expired()
            if removed:
                sqlite_file.empty_log(self._connection)

    def _forget_expired(self) -> int:
        """How many were removed. Inside a transaction."""
        return self._connection.execute("DELETE FROM records WHERE expires_at <= ?", (time.time(),)).rowcount

    def get(self, kind: str, record_id: str) -> Record:
        with self._lock:
            row = self._connection.execute(
                "SELECT kind, id, created_at, data, expires_at FROM records "
                "WHERE kind = ? AND id = ? AND (expires_at IS NULL OR expires_at > ?)",
                (kind, record_id, time.time()),
            ).fetchone()
        if row is None:
            raise NotFoundError(f"There is no {kind} result {record_id!r}.")
        return _to_record(row)

    def list(self, kind: str, *, limit: int = 50) -> tuple[Record, ...]:
        with self._lock:
            rows = self._connection.execute(
                "SELECT kind, id, created_at, data, expires_at FROM records "
                "WHERE kind = ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY created_at DESC, id LIMIT ?",
                (kind, time.time(), limit),
            ).fetchall()
        return tuple(_to_record(row) for row in rows)

    def delete(self, kind: str, record_id: str) -> None:
        with self._lock:
            with self._connection:
                self._connection.execute("DELETE FROM records WHERE kind = ? AND id = ?", (kind, record_id))
            sqlite_file.empty_log(self._connection)

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _to_row(record: Record) -> tuple[str, str, str, str, int | None]:
    data = json.dumps(record.data, allow_nan=False)
    expires_at = ceil(record.expires_at.timestamp()) if record.expires_at else None
    return record.kind, record.id, _to_text(record.created_at), data, expires_at


def _to_text(moment: datetime) -> str:
    """UTC to the microsecond, always as long: text that sorts as time does."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _to_record(row: tuple[str, str, str, str, int | None]) -> Record:
    kind, record_id, created_at, data, expires_at = row
    content: dict[str, Any] = json.loads(data)
    return Record(
        kind=kind,
        id=record_id,
        created_at=datetime.fromisoformat(created_at),
        data=content,
        expires_at=None if expires_at is None else datetime.fromtimestamp(expires_at, UTC),
    )
