"""Records in one SQLite file: nothing to install or start, and several processes may share it."""

from __future__ import annotations

import json
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sightline.errors import NotFoundError, NotReadyError
from sightline.storage.records import Record

SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_by_time ON records (kind, created_at);
"""
_BUSY_TIMEOUT_S = 10.0  # another process holds the file for milliseconds; ten seconds mean that something is wrong


class SqliteRecordStore:
    """`RecordStore` in a file.

    One connection behind a lock: a record is written in about a millisecond, an inference takes a hundred times that.

    Args:
        path: the file; made if it is missing, its folder too.

    Raises:
        NotReadyError: the file cannot be opened, is no database, or was written by a newer Sightline.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, check_same_thread=False)
        except (sqlite3.Error, OSError) as error:
            raise NotReadyError(f"The records in {path} cannot be opened: {error}.") from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._connection.close()
            raise NotReadyError(f"The records in {path} cannot be used: {error}.") from error

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")  # readers do not wait for a writer
        self._connection.execute("PRAGMA synchronous = FULL")  # an answered id is still there after a power cut
        found = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if found > SCHEMA_VERSION:
            raise sqlite3.DatabaseError(f"written by a newer version (schema {found}, known up to {SCHEMA_VERSION})")
        self._connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")

    def put(self, record: Record) -> None:
        row = (record.kind, record.id, _to_text(record.created_at), json.dumps(record.data, allow_nan=False))
        with self._lock, self._connection:
            self._connection.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", row)

    def get(self, kind: str, record_id: str) -> Record:
        with self._lock:
            row = self._connection.execute(
                "SELECT kind, id, created_at, data FROM records WHERE kind = ? AND id = ?", (kind, record_id)
            ).fetchone()
        if row is None:
            raise NotFoundError(f"There is no {kind} result {record_id!r}.")
        return _to_record(row)

    def list(self, kind: str, *, limit: int = 50) -> tuple[Record, ...]:
        with self._lock:
            rows = self._connection.execute(
                "SELECT kind, id, created_at, data FROM records WHERE kind = ? ORDER BY created_at DESC, id LIMIT ?",
                (kind, limit),
            ).fetchall()
        return tuple(_to_record(row) for row in rows)

    def delete(self, kind: str, record_id: str) -> None:
        with self._lock, self._connection:
            self._connection.execute("DELETE FROM records WHERE kind = ? AND id = ?", (kind, record_id))

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _to_text(moment: datetime) -> str:
    """UTC to the microsecond, always as long: text that sorts as time does."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _to_record(row: tuple[str, str, str, str]) -> Record:
    kind, record_id, created_at, data = row
    content: dict[str, Any] = json.loads(data)
    return Record(kind=kind, id=record_id, created_at=datetime.fromisoformat(created_at), data=content)
