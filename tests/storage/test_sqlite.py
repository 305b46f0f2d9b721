from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sightline.errors import NotReadyError
from sightline.storage.records import Record
from sightline.storage.sqlite import SCHEMA_VERSION, SqliteRecordStore
from tests.storage.contract import NOON, RecordStoreContract


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


def test_two_stores_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite3"
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(SqliteRecordStore, [path] * 6))
        list(pool.map(lambda i: stores[i % 6].put(Record("crack", str(i), NOON, {})), range(30)))

    assert all(len(store.list("crack")) == 30 for store in stores)
    for store in stores:
        store.close()


def test_what_json_cannot_say_is_not_stored(tmp_path: Path) -> None:
    store = SqliteRecordStore(tmp_path / "r.sqlite3")
    with pytest.raises(ValueError, match="JSON compliant"):
        store.put(Record("crack", "one", NOON, {"a": float("nan")}))
    assert store.list("crack") == ()
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
