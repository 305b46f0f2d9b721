"""Connections to one new file, opened at once."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sightline import sqlite_file


def opened(path: Path) -> sqlite3.Connection:
    connection = sqlite_file.connect(path)
    sqlite_file.prepare(connection)
    return connection


def test_many_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for number in range(20):
            connections = list(pool.map(opened, [tmp_path / f"{number}.sqlite3"] * 8))
            modes = {connection.execute("PRAGMA journal_mode").fetchone()[0] for connection in connections}
            for connection in connections:
                connection.close()
            assert modes == {"wal"}


def test_a_file_that_is_none_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    path.write_bytes(b"no database, and long enough for a header of one" * 10)
    connection = sqlite_file.connect(path)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        sqlite_file.prepare(connection)
    connection.close()
