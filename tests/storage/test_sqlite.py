from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sightline.errors import NotReadyError
from sightline.storage.records import Record
from sightline.storage.sqlite import SCHEMA_VERSION, SqliteRecordStore
from tests.storage.record_contract import NOON, RecordStoreContract


class TestSqliteRecordStore(RecordStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[SqliteRecordStore]:
        store = SqliteRecordStore(tmp_path / "deep" / "records.sqlite3")
        yield store
        store.close()


def test_records_outlive_the_store(tmp_path: Path) -> None:
    first = SqliteRecordStore(tmp_path / "r.sqlite3")
    first.put(Record("crack", "one", NOON, {"a": 1}))
    first.close()
    second = SqliteRecordStore(tmp_path / "r.sqlite3")

    assert second.get("crack", "one").data == {"a": 1}
    second.close()


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_what_was_removed_is_in_no_file_while_the_store_is_open(tmp_path: Path, how: str) -> None:
    store, other = (SqliteRecordStore(tmp_path / "r.sqlite3") for _ in range(2))
    store.put(Record("crack", "one", NOON, {"wall": "Secret bedroom"}))
    assert other.get("crack", "one").data
    if how == "deleted":
        store.delete("crack", "one")
    else:
        store.put(Record("crack", "one", NOON, {}))

    assert not [path for path in tmp_path.iterdir() if b"Secret" in path.read_bytes()]
    for each in (store, other):
        each.close()


def test_two_stores_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite3"
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(SqliteRecordStore, [path] * 6))
        list(pool.map(lambda i: stores[i % 6].put(Record("crack", str(i), NOON, {})), range(30)))

    assert all(len(store.list("crack")) == 30 for store in stores)
    for store in stores:
        store.close()


def test_an_expired_record_leaves_the_file_with_the_next_one(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite3"
    store = SqliteRecordStore(path)
    store.put(Record("gaze", "someone", NOON, {"user": "secret name"}, NOON))
    store.put(Record("gaze", "later", NOON, {}))
    store.close()

    connection = sqlite3.connect(path)
    assert connection.execute("SELECT id FROM records").fetchall() == [("later",)]
    connection.close()


def test_expired_records_can_be_removed_where_nothing_is_written(tmp_path: Path) -> None:
    store = SqliteRecordStore(tmp_path / "r.sqlite3")
    store.put(Record("gaze", "someone", NOON, {"user": "Secret person"}, NOON))
    store.forget_expired()

    assert not [path for path in tmp_path.iterdir() if b"Secret" in path.read_bytes()]
    store.forget_expired()
    store.close()


@pytest.fixture
def version_1(tmp_path: Path) -> Path:
    """A file as the first release wrote it."""
    connection = sqlite3.connect(tmp_path / "r.sqlite3")
    connection.executescript(
        """
        PRAGMA journal_mode = WAL;
        CREATE TABLE records (
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            created_at TEXT NOT NULL,
            data TEXT NOT NULL,
            PRIMARY KEY (kind, id)
        ) WITHOUT ROWID;
        CREATE INDEX records_by_time ON records (kind, created_at);
        PRAGMA user_version = 1;
        INSERT INTO records VALUES ('crack', 'old', '2026-03-01T12:00:00.000000+00:00', '{"a": 1}');
        """
    )
    connection.close()
    return tmp_path / "r.sqlite3"


def test_a_file_of_the_first_version_is_brought_up_to_date(version_1: Path) -> None:
    store = SqliteRecordStore(version_1)
    old = Record("crack", "old", NOON, {"a": 1})

    assert store.get("crack", "old") == old
    assert not store.put_new(old)
    store.put(Record("crack", "gone", NOON, {}, NOON))
    assert store.list("crack") == (old,)
    store.close()
    again = SqliteRecordStore(version_1)
    assert again.get("crack", "old") == old
    again.close()


def test_several_bring_a_file_up_to_date_at_the_same_time(version_1: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(SqliteRecordStore, [version_1] * 8))

    assert all(store.get("crack", "old").data == {"a": 1} for store in stores)
    for store in stores:
        store.close()


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()

    with pytest.raises(NotReadyError, match="newer version"):
        SqliteRecordStore(path)


@pytest.mark.parametrize("content", [b"no database at all" * 100, None])
def test_what_is_no_database_says_so(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "r.sqlite3"
    path.mkdir() if content is None else path.write_bytes(content)

    with pytest.raises(NotReadyError, match=r"r\.sqlite3"):
        SqliteRecordStore(path)
