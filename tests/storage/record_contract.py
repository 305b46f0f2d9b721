"""What every record store promises, as tests: a backend's test file inherits them and brings the fixture `store`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from sightline.errors import NotFoundError
from sightline.storage.records import Record, RecordStore

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SEOUL = timezone(timedelta(hours=9))


class RecordStoreContract:
    """Needs a fixture `store` that gives an empty `RecordStore`."""

    decides_between_threads = True
    """Whether one of those that store under one key at the very same time is the first."""

    def test_a_record_comes_back_as_it_went_in(self, store: RecordStore) -> None:
        record = Record(
            "crack", "one", NOON, {"has_crack": True, "count": 3, "p": 0.25, "tags": ["벽", None], "in": {}}
        )
        store.put(record)

        assert store.get("crack", "one") == record

    def test_time_is_kept_to_the_microsecond_in_utc(self, store: RecordStore) -> None:
        seoul = datetime(2026, 3, 1, 21, 0, 0, 123456, timezone(timedelta(hours=9)))
        store.put(Record("crack", "one", seoul, {}))

        found = store.get("crack", "one").created_at
        assert found == seoul
        assert found.utcoffset() == timedelta(0)

    def test_put_replaces_a_record(self, store: RecordStore) -> None:
        store.put(Record("job", "one", NOON, {"status": "waiting"}))
        store.put(Record("job", "one", NOON, {"status": "done"}))

        assert store.get("job", "one").data == {"status": "done"}
        assert len(store.list("job")) == 1

    def test_what_is_not_there_is_not_found(self, store: RecordStore) -> None:
        store.put(Record("crack", "one", NOON, {}))

        for kind, record_id in [("crack", "two"), ("gaze", "one"), ("crack", ""), ("crack", "' OR 1=1 --")]:
            with pytest.raises(NotFoundError):
                store.get(kind, record_id)
            store.delete(kind, record_id)
        assert len(store.list("crack")) == 1

    def test_list_gives_one_kind_newest_first_up_to_a_limit(self, store: RecordStore) -> None:
        for minute in (3, 1, 2):
            store.put(Record("crack", f"at-{minute}", NOON + timedelta(minutes=minute), {}))
        store.put(Record("gaze", "other", NOON + timedelta(days=1), {}))
        store.put(Record("crack", "later-zone", (NOON + timedelta(minutes=4)).astimezone(SEOUL), {}))

        assert [record.id for record in store.list("crack")] == ["later-zone", "at-3", "at-2", "at-1"]
        assert [record.id for record in store.list("crack", limit=2)] == ["later-zone", "at-3"]
        assert store.list("nothing") == ()

    def test_delete_takes_one_record_and_may_be_repeated(self, store: RecordStore) -> None:
        store.put(Record("crack", "one", NOON, {}))
        store.put(Record("crack", "two", NOON, {}))

        store.delete("crack", "one")
        store.delete("crack", "one")

        assert [record.id for record in store.list("crack")] == ["two"]

    def test_put_new_keeps_what_is_there(self, store: RecordStore) -> None:
        assert store.put_new(Record("crack", "one", NOON, {"run": 1}))
        assert not store.put_new(Record("crack", "one", NOON, {"run": 2}))

        assert store.get("crack", "one").data == {"run": 1}
        assert store.put_new(Record("gaze", "one", NOON, {"run": 3}))
        store.delete("crack", "one")
        assert store.put_new(Record("crack", "one", NOON, {"run": 4}))
        assert store.get("crack", "one").data == {"run": 4}

    def test_of_many_put_new_one_stores(self, store: RecordStore) -> None:
        if not self.decides_between_threads:
            pytest.skip("this backend does not promise it")
        with ThreadPoolExecutor(8) as pool:
            records = [Record("crack", "one", NOON, {"run": run}) for run in range(16)]
            stored = list(pool.map(store.put_new, records))

        assert stored.count(True) == 1
        assert store.get("crack", "one").data == {"run": stored.index(True)}

    def test_an_expired_record_is_not_there(self, store: RecordStore) -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        gone = Record("crack", "gone", now, {"run": 1}, now - timedelta(seconds=1))
        kept = Record("crack", "kept", now, {"run": 2}, now + timedelta(hours=1))
        for record in (gone, kept, gone):
            store.put(record)

        assert store.get("crack", "kept") == kept
        with pytest.raises(NotFoundError):
            store.get("crack", "gone")
        assert store.list("crack") == (kept,)

    def test_put_new_takes_the_place_of_an_expired_record(self, store: RecordStore) -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        store.put(Record("crack", "one", now, {"run": 1}, now - timedelta(seconds=1)))
        later = Record("crack", "one", now, {"run": 2}, now + timedelta(hours=1))

        assert store.put_new(later)
        assert not store.put_new(Record("crack", "one", now, {"run": 3}))
        assert store.get("crack", "one") == later

    def test_expiry_is_kept_to_the_second_and_never_early(self, store: RecordStore) -> None:
        expires_at = datetime.now(SEOUL).replace(microsecond=250_000) + timedelta(hours=1)
        store.put(Record("crack", "one", NOON, {}, expires_at))

        found = store.get("crack", "one").expires_at
        assert found == expires_at.replace(microsecond=0) + timedelta(seconds=1)
        assert found.utcoffset() == timedelta(0)

    def test_a_limit_counts_what_has_not_expired(self, store: RecordStore) -> None:
        past = datetime.now(UTC) - timedelta(days=1)
        for minute in range(6):
            expires_at = past if minute % 2 else None
            store.put(Record("crack", str(minute), NOON + timedelta(minutes=minute), {}, expires_at))

        assert [record.id for record in store.list("crack", limit=2)] == ["4", "2"]

    def test_what_json_cannot_say_is_not_stored(self, store: RecordStore) -> None:
        for put in (store.put, store.put_new):
            with pytest.raises(ValueError, match="JSON"):
                put(Record("crack", "one", NOON, {"a": float("nan")}))
        assert store.list("crack") == ()

    def test_many_threads_share_a_store(self, store: RecordStore) -> None:
        def put_and_get(number: int) -> Record:
            store.put(Record("crack", str(number), NOON + timedelta(seconds=number), {"n": number}))
            return store.get("crack", str(number))

        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(put_and_get, range(40)))
        assert [record.data["n"] for record in found] == list(range(40))
        assert [record.data["n"] for record in store.list("crack", limit=3)] == [39, 38, 37]
