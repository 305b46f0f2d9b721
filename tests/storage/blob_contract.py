"""What every blob store promises, as tests: a backend's test file inherits them and brings the fixture `store`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import SEEK_CUR, SEEK_END, BytesIO
from pathlib import Path

import pytest

from sightline.errors import BadInputError, NotFoundError
from sightline.storage.blobs import BlobInfo, BlobStore, ListedBlob

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

    def test_other_bytes_are_another_version(self, store: BlobStore) -> None:
        store.put("a", b"one", "text/plain")
        first = store.head("a").version
        assert first == store.head("a").version
        store.put("a", b"two", "text/plain")
        assert store.head("a").version != first

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

    def test_a_large_put_from_that_breaks_off_leaves_what_was_there(self, store: BlobStore) -> None:
        class Disconnected(Exception):  # noqa: N818
            pass

        class Broken(BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                if self.tell() >= 24 << 20:
                    raise Disconnected
                return super().read(size)

        store.put("a.mp4", b"old", "video/mp4")
        with pytest.raises(Disconnected):
            store.put_from("a.mp4", Broken(bytes(32 << 20)), "video/mp4")

        assert store.get("a.mp4") == b"old"
        assert [info.key for info in store.list()] == ["a.mp4"]

    @pytest.mark.parametrize("size", [0, 1, (8 << 20) - 1, 8 << 20, (8 << 20) + 1, 17 << 20])
    def test_files_of_many_sizes_come_back(self, store: BlobStore, size: int) -> None:
        data = bytes(range(256)) * (size // 256) + b"z" * (size % 256)
        store.put_from("a.mp4", BytesIO(data), "video/mp4")

        assert store.head("a.mp4") == BlobInfo("a.mp4", size, "video/mp4")
        assert store.get("a.mp4") == data
        with store.as_file("a.mp4") as path:
            assert path.read_bytes() == data

    def test_put_new_keeps_what_is_there(self, store: BlobStore) -> None:
        assert store.put_new("a/one.json", b"first", "application/x-odd")
        assert not store.put_new("a/one.json", b"second", "application/json")

        assert store.get("a/one.json") == b"first"
        assert store.head("a/one.json").content_type == "application/x-odd"
        store.delete("a/one.json")
        assert store.put_new("a/one.json", b"third", "application/json")
        assert store.get("a/one.json") == b"third"

    def test_of_many_put_new_one_stores(self, store: BlobStore) -> None:
        with ThreadPoolExecutor(8) as pool:
            stored = list(pool.map(lambda n: store.put_new("a", str(n).encode(), "text/plain"), range(16)))

        assert stored.count(True) == 1
        assert store.get("a") == str(stored.index(True)).encode()

    def test_a_blob_is_read_in_any_order(self, store: BlobStore) -> None:
        data = bytes(range(256)) * 20_000
        store.put("a.mp4", data, "video/mp4")

        with store.open("a.mp4") as file:
            assert file.seek(-10, SEEK_END) == len(data) - 10
            assert file.read() == data[-10:]
            assert file.read(1) == b""
            file.seek(3_000_000)
            assert file.read(1000) == data[3_000_000:3_001_000]
            file.seek(-500, SEEK_CUR)
            assert file.tell() == 3_000_500
            assert file.read(2_000_000) == data[3_000_500:5_000_500]
            assert file.seek(0) == 0
            assert file.read() == data
            with pytest.raises((ValueError, OSError)):
                file.seek(-1)

    @pytest.mark.parametrize("left", [True, False])
    def test_a_blob_as_a_file_leaves_nothing_behind(
        self, store: BlobStore, left: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "tmp").mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
        store.put("users/u/raw_video.mp4", b"12345", "video/mp4")
        try:
            with store.as_file("users/u/raw_video.mp4") as path:
                assert path.suffix == ".mp4"
                if left:
                    raise InterruptedError
        except InterruptedError:
            assert left

        assert list((tmp_path / "tmp").iterdir()) == []

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

    def test_list_names_sizes_and_nothing_of_the_backend(self, store: BlobStore) -> None:
        store.put("a/odd.bin", b"x", "image/x-odd")
        store.presign_get("a/odd.bin", expires_s=60)

        assert store.list() == (ListedBlob(key="a/odd.bin", size_bytes=1),)

    def test_every_character_of_a_key_is_kept(self, store: BlobStore) -> None:
        key = "Users/a.b@Example.com/x=1+2-3_4/_.bin"
        store.put(key, b"x", "application/octet-stream")

        assert store.get(key) == b"x"
        assert [blob.key for blob in store.list("Users/a.b@Example.com/x=1+")] == [key]
        assert [blob.key for blob in store.list()] == [key]

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
            lambda: store.put_new(key, b"x", "text/plain"),
            lambda: store.presign_get(key, expires_s=60),
            lambda: store.presign_put(key, content_type="text/plain", size_bytes=1, expires_s=60),
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
