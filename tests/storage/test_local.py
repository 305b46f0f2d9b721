from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from sightline.errors import BadInputError, NotReadyError
from sightline.storage.addresses import AddressSigner
from sightline.storage.local import LocalBlobStore, write_atomically
from tests.storage.blob_contract import BlobStoreContract


class TestLocalBlobStore(BlobStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> LocalBlobStore:
        return LocalBlobStore(tmp_path / "deep" / "data")


def test_blobs_are_plain_files_that_another_store_finds(tmp_path: Path) -> None:
    LocalBlobStore(tmp_path).put("crack/one/annotated.jpg", b"x", "image/jpeg")

    assert [path.name for path in (tmp_path / "crack" / "one").iterdir()] == ["annotated.jpg"]
    assert LocalBlobStore(tmp_path).get("crack/one/annotated.jpg") == b"x"


def test_delete_leaves_no_empty_folder_behind(tmp_path: Path) -> None:
    store = LocalBlobStore(tmp_path)
    store.put("users/someone/a.bin", b"x", "image/x-odd")
    store.delete("users/someone/a.bin")

    assert list(tmp_path.iterdir()) == []


def test_a_failed_put_leaves_the_old_bytes_and_no_rubbish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = LocalBlobStore(tmp_path)
    store.put("a.json", b"old", "application/json")

    def disk_full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(OSError, match="No space left"):
        store.put("a.json", b"new", "application/json")

    assert store.get("a.json") == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_every_key_is_told_with_the_time_of_its_bytes(tmp_path: Path) -> None:
    store = LocalBlobStore(tmp_path)
    for number, key in enumerate(("users/u/a.bin", "users/u/eye/b.mp4", "crack/one/c.json")):
        store.put(key, b"x", "image/x-odd")
        os.utime(tmp_path / key, (number, number))

    assert dict(store.written("users/")) == {"users/u/a.bin": 0, "users/u/eye/b.mp4": 1}
    assert len(dict(store.written())) == 3


def test_what_killed_processes_left_is_removed_in_time(tmp_path: Path) -> None:
    store = LocalBlobStore(tmp_path)
    store.put("users/someone/a.bin", b"x", "image/x-odd")
    left = [f"users/{whose}/.{'0a' * 16}.part" for whose in ("someone", "gone")]
    for name in left:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"half a video")
        os.utime(tmp_path / name, (1000, 1000))
    store.remove_leftovers(1000)
    assert all((tmp_path / name).exists() for name in left)
    store.remove_leftovers(1001)

    assert not (tmp_path / "users/gone").exists()
    assert store.head("users/someone/a.bin").content_type == "image/x-odd"
    assert not list(tmp_path.rglob("*.part"))


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(NotReadyError, match="cannot be written"):
        LocalBlobStore(tmp_path / "file" / "data")


def test_write_atomically_replaces_a_file(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", b"one")
    write_atomically(tmp_path / "a", b"two")

    assert (tmp_path / "a").read_bytes() == b"two"


def test_addresses_outlive_the_process_that_made_them(tmp_path: Path) -> None:
    query = parse_qs(urlsplit(LocalBlobStore(tmp_path).presign_get("a.txt", expires_s=60)).query)
    expires, signature = int(query["expires"][0]), query["signature"][0]

    assert LocalBlobStore(tmp_path).signer.holds("GET", "a.txt", expires=expires, signature=signature)
    assert not LocalBlobStore(tmp_path / "other").signer.holds("GET", "a.txt", expires=expires, signature=signature)


def test_the_secret_is_the_owner_s_and_no_blob(tmp_path: Path) -> None:
    store = LocalBlobStore(tmp_path)
    store.presign_get("a.txt", expires_s=60)

    (secret,) = tmp_path.iterdir()
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(secret.read_bytes()) == 32
    assert store.list() == ()
    with pytest.raises(BadInputError):
        store.get(secret.name)


def test_all_who_begin_at_the_same_time_share_a_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        signers = list(pool.map(AddressSigner, [tmp_path / ".secret"] * 16))

    assert len({signer.address("GET", "a", expires=1) for signer in signers}) == 1
    assert len(list(tmp_path.iterdir())) == 1
