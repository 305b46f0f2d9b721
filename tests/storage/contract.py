"""What every storage backend promises, as tests: a backend's test file inherits them and brings the fixture `store`."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO

import pytest

from sightline.errors import BadInputError, NotFoundError
from sightline.storage.blobs import BlobInfo, BlobStore
from sightline.storage.records import Record, RecordStore

BAD_KEYS = [
    "",
    "/",
    "/etc/passwd",
    "a/",
    "a//b",
    "..",
    "../a",
    "a/../b",
    "a/./b",
    ".hidden",
    "a/.hidden",
    "a\\b",
    "C:/a",
    "a b",
    "a\n",
    "a\x00b",
    "-rf",
    "ü",
    "x" * 201,
    "/".join(["x" * 100] * 11),
]


class BlobStoreContract:
    """Needs a fixture `store` that gives an empty `BlobStore`."""

    def test_bytes_come_back_as_they_went_in(self, store: BlobStore) -> None:
        store.put("crack/one/annotated.jpg", b"\xff\xd8 picture", "image/jpeg")

        assert store.get("crack/one/annotated.jpg") == b"\xff\xd8 picture"
        with store.open("crack/one/annotated.jpg") as file:
            assert file.read(2) == b"\xff\xd8"
            assert file.read() == b" picture"

    def test_put_from_takes_what_is_left_of_an_open_file(self, store: BlobStore) -> None:
        data = bytes(range(256)) * 20_000
        file = BytesIO(b"read already" + data)
        file.seek(len(b"read already"))
        store.put("users/u/raw_video.mp4", b"an older and other one", "image/x-odd")
        store.put_from("users/u/raw_video.mp4", file, "video/mp4")

        assert store.get("users/u/raw_video.mp4") == data
        assert store.head("users/u/raw_video.mp4") == BlobInfo("users/u/raw_video.mp4", len(data), "video/mp4")

    def test_put_from_that_breaks_off_leaves_what_was_there(self, store: BlobStore) -> None:
        class Broken(BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                if self.tell() > 0:
                    raise OSError(5, "Input/output error")
                return super().read(10)

        store.put("a.mp4", b"old", "video/mp4")
        with pytest.raises(OSError, match="Input/output"):
            store.put_from("a.mp4", Broken(b"x" * 100), "video/mp4")

        assert store.get("a.mp4") == b"old"
        assert [info.key for info in store.list()] == ["a.mp4"]

    def test_a_blob_as_a_file(self, store: BlobStore) -> None:
        store.put("users/u/raw_video.mp4", b"12345", "video/mp4")

        with store.as_file("users/u/raw_video.mp4") as path:
            assert path.read_bytes() == b"12345"
        assert store.get("users/u/raw_video.mp4") == b"12345"
        for key in ("missing", "users/u"):
            with pytest.raises(NotFoundError), store.as_file(key):
                pytest.fail("found")

    @pytest.mark.parametrize(
        ("key", "content_type"),
        [("a.jpg", "image/jpeg"), ("a.json", "application/json"), ("a.jpg", "image/x-odd"), ("noending", "video/mp4")],
    )
    def test_head_knows_size_and_content_type(self, store: BlobStore, key: str, content_type: str) -> None:
        store.put(key, b"12345", content_type)

        assert store.head(key) == BlobInfo(key=key, size_bytes=5, content_type=content_type)

    def test_put_replaces_bytes_and_type(self, store: BlobStore) -> None:
        store.put("a.bin", b"old and long", "image/x-odd")
        store.put("a.bin", b"new", "application/octet-stream")

        assert store.get("a.bin") == b"new"
        assert store.head("a.bin").content_type == "application/octet-stream"

    def test_an_empty_blob_is_a_blob(self, store: BlobStore) -> None:
        store.put("a", b"", "text/plain")

        assert store.get("a") == b""

    @pytest.mark.parametrize("key", ["missing", "a", "a/b", "a/b/c/d", "a/b/c.txt/d"])
    def test_what_is_not_there_is_not_found(self, store: BlobStore, key: str) -> None:
        store.put("a/b/c.txt", b"x", "text/plain")

        for read in (store.get, store.open, store.head):
            with pytest.raises(NotFoundError):
                read(key)
        store.delete(key)
        assert store.get("a/b/c.txt") == b"x"

    def test_list_by_the_characters_of_a_prefix_in_order(self, store: BlobStore) -> None:
        for key in ("crack/2/b.txt", "crack/10/a.txt", "crack/2/a.txt", "gaze/1/a.txt", "cracked"):
            store.put(key, b"x", "text/plain")

        assert [info.key for info in store.list("crack/2/")] == ["crack/2/a.txt", "crack/2/b.txt"]
        assert [info.key for info in store.list("crack/")] == ["crack/10/a.txt", "crack/2/a.txt", "crack/2/b.txt"]
        assert [info.key for info in store.list("crack")] == [
            "crack/10/a.txt",
            "crack/2/a.txt",
            "crack/2/b.txt",
            "cracked",
        ]
        assert len(store.list()) == 5
        assert store.list("nothing/here") == ()

    def test_list_names_content_types_and_nothing_of_the_backend(self, store: BlobStore) -> None:
        store.put("a/odd.bin", b"x", "image/x-odd")

        assert store.list() == (BlobInfo(key="a/odd.bin", size_bytes=1, content_type="image/x-odd"),)

    def test_delete_takes_one_blob_and_may_be_repeated(self, store: BlobStore) -> None:
        store.put("a/one.txt", b"1", "text/plain")
        store.put("a/two.txt", b"2", "text/plain")

        store.delete("a/one.txt")
        store.delete("a/one.txt")

        assert [info.key for info in store.list()] == ["a/two.txt"]

    def test_a_key_can_be_used_again_after_delete(self, store: BlobStore) -> None:
        store.put("a/b/c.bin", b"1", "image/x-odd")
        store.delete("a/b/c.bin")
        store.put("a/b/c.bin", b"2", "application/octet-stream")

        assert store.get("a/b/c.bin") == b"2"
        assert store.head("a/b/c.bin").content_type == "application/octet-stream"

    @pytest.mark.parametrize("key", BAD_KEYS)
    def test_a_key_that_another_backend_could_not_hold_is_refused(self, store: BlobStore, key: str) -> None:
        calls: list[Callable[[], object]] = [
            lambda: store.put(key, b"x", "text/plain"),
            lambda: store.put_from(key, BytesIO(b"x"), "text/plain"),
            lambda: store.as_file(key).__enter__(),
            lambda: store.get(key),
            lambda: store.open(key),
            lambda: store.head(key),
            lambda: store.delete(key),
        ]
        for call in calls:
            with pytest.raises(BadInputError):
                call()
        assert store.list() == ()

    def test_a_prefix_cannot_climb_out(self, store: BlobStore) -> None:
        with pytest.raises(BadInputError):
            store.list("../")

    def test_threads_that_put_and_delete_side_by_side(self, store: BlobStore) -> None:
        def put_then_delete(number: int) -> None:
            for _ in range(5):
                store.put(f"same/folder/{number}.txt", b"x", "text/plain")
                store.delete(f"same/folder/{number}.txt")

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(put_then_delete, range(8)))
        assert store.list() == ()

    def test_a_reader_sees_all_of_one_put(self, store: BlobStore) -> None:
        versions = [bytes([value]) * 100_000 for value in range(4)]
        store.put("a.bin", versions[0], "application/octet-stream")

        def write(data: bytes) -> None:
            store.put("a.bin", data, "application/octet-stream")

        with ThreadPoolExecutor(8) as pool:
            writes = [pool.submit(write, data) for data in versions * 3]
            reads = [pool.submit(store.get, "a.bin") for _ in range(24)]
        assert all(future.exception() is None for future in writes)
        assert all(future.result() in versions for future in reads)


class RecordStoreContract:
    """Needs a fixture `store` that gives an empty `RecordStore`."""

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

    def test_many_threads_share_a_store(self, store: RecordStore) -> None:
        def put_and_get(number: int) -> Record:
            store.put(Record("crack", str(number), NOON + timedelta(seconds=number), {"n": number}))
            return store.get("crack", str(number))

        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(put_and_get, range(40)))
        assert [record.data["n"] for record in found] == list(range(40))
        assert [record.data["n"] for record in store.list("crack", limit=3)] == [39, 38, 37]


NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SEOUL = timezone(timedelta(hours=9))
