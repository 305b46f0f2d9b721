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


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    first = "CREATE TABLE a (b TEXT); INSERT INTO a VALUES ('kept')"
    connection = opened(tmp_path / "x.sqlite3")
    sqlite_file.upgrade(connection, [first])
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        sqlite_file.upgrade(connection, [first, "CREATE TABLE c (d TEXT); INSERT INTO missing VALUES (1)"])

    assert connection.execute("SELECT b FROM a").fetchall() == [("kept",)]
    assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'c'").fetchone() == (0,)
    sqlite_file.upgrade(connection, [first, "CREATE TABLE c (d TEXT)"])
    sqlite_file.upgrade(connection, [first, "CREATE TABLE c (d TEXT)"])
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    connection.close()
