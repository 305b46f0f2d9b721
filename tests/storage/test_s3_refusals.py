"""What S3 says no to, and what becomes of it: an error of ours that says what to do, and nothing left behind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest

from sightline.errors import NotFoundError, NotReadyError, SightlineError, TooLargeError, UnavailableError
from sightline.storage.s3 import S3BlobStore
from tests.clouds.cloud import Cloud
from tests.clouds.faults import FaultyCloud
from tests.clouds.fixtures import in_cloud
from tests.clouds.ministack import Ministack
from tests.clouds.server import free_ports

BUCKET = "sightline-test"
MB = 1 << 20


class Room(NamedTuple):
    """What `shutil.disk_usage` answers."""

    total: int
    used: int
    free: int


CALLS: dict[str, Callable[[S3BlobStore], object]] = {
    "put": lambda store: store.put("a", b"x", "text/plain"),
    "put_from": lambda store: store.put_from("a", BytesIO(bytes(20 * MB)), "text/plain"),
    "put_new": lambda store: store.put_new("a", b"x", "text/plain"),
    "get": lambda store: store.get("a"),
    "open": lambda store: store.open("a"),
    "as_file": lambda store: store.as_file("a").__enter__(),
    "head": lambda store: store.head("a"),
    "list": lambda store: store.list("a/"),
    "delete": lambda store: store.delete("a"),
}
PERMISSION = {
    "put": "s3:PutObject",
    "put_from": "s3:PutObject",
    "put_new": "s3:PutObject",
    "list": "s3:ListBucket",
    "delete": "s3:DeleteObject",
}


@pytest.fixture
def faulty(ministack: Ministack) -> Iterator[FaultyCloud]:
    ministack.make_bucket(BUCKET)
    with FaultyCloud(ministack) as cloud, in_cloud(cloud):
        yield cloud


@pytest.fixture
def tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for temporary files."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def uploads_left(cloud: Cloud) -> list[object]:
    found = cloud.client("s3").list_multipart_uploads(Bucket=BUCKET)
    return list(found.get("Uploads", []))


@pytest.mark.parametrize("call", CALLS)
def test_a_bucket_that_is_not_there(cloud_environment: Ministack, call: str) -> None:
    with pytest.raises(NotReadyError, match="no bucket nobodys-bucket"):
        CALLS[call](S3BlobStore("nobodys-bucket"))


@pytest.mark.parametrize("call", CALLS)
def test_wrong_credentials(cloud_environment: Ministack, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    bucket = cloud_environment.make_bucket(BUCKET)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")

    with pytest.raises(NotReadyError, match=rf"credentials \(SignatureDoesNotMatch\)|No access to the bucket {BUCKET}"):
        CALLS[call](S3BlobStore(bucket))


@pytest.mark.parametrize("call", PERMISSION)
def test_a_permission_that_is_missing_is_named(
    ministack: Ministack, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    bucket = ministack.make_bucket(BUCKET)
    ministack.environment = ministack.make_user(
        "reader", {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    )
    with in_cloud(ministack), pytest.raises(NotReadyError, match=rf"{BUCKET} \(AccessDenied\).*{PERMISSION[call]}\."):
        CALLS[call](S3BlobStore(bucket))


@pytest.mark.parametrize("call", ["put", "put_from", "open", "as_file", "list", "delete"])
def test_an_s3_that_cannot_be_reached(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = Cloud()
    cloud.point_at(free_ports(1)[0])
    with in_cloud(cloud), pytest.raises(UnavailableError, match="files cannot be reached"):
        CALLS[call](S3BlobStore(BUCKET))


@pytest.mark.parametrize(("status", "code"), [(503, "SlowDown"), (500, "InternalError"), (429, "TooManyRequests")])
def test_a_moment_of_overload_is_waited_out(faulty: FaultyCloud, status: int, code: str) -> None:
    store = S3BlobStore(BUCKET)
    faulty.refuse("s3", status=status, code=code, times=2)
    store.put("a", b"x", "text/plain")
    faulty.refuse("s3", status=status, code=code, times=2)

    assert store.get("a") == b"x"
    assert faulty.refused == 4


@pytest.mark.parametrize("call", CALLS)
def test_an_overload_that_lasts(faulty: FaultyCloud, call: str) -> None:
    faulty.refuse("s3")
    with pytest.raises(UnavailableError, match="files cannot be reached"):
        CALLS[call](S3BlobStore(BUCKET))
    assert 0 < faulty.refused <= 15  # five attempts of each of up to three parts


def test_credentials_that_ended(faulty: FaultyCloud) -> None:
    faulty.refuse("s3", status=400, code="ExpiredToken")
    with pytest.raises(NotReadyError, match="ExpiredToken"):
        S3BlobStore(BUCKET).get("a")


def test_a_bucket_of_another_region(cloud_environment: Ministack, monkeypatch: pytest.MonkeyPatch) -> None:
    store = S3BlobStore(cloud_environment.make_bucket(BUCKET))
    store.put("a", b"x", "text/plain")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")

    with pytest.raises(NotReadyError, match="another region"):
        S3BlobStore(BUCKET).get("a")


def test_an_answer_to_a_faulty_request_is_a_bug_and_stays_one(faulty: FaultyCloud) -> None:
    faulty.refuse("s3", status=400, code="InvalidRequest")
    with pytest.raises(Exception, match="InvalidRequest") as caught:
        S3BlobStore(BUCKET).get("a")
    assert not isinstance(caught.value, SightlineError)


def test_a_large_upload_that_s3_refuses_leaves_no_parts(faulty: FaultyCloud) -> None:
    store = S3BlobStore(BUCKET)
    faulty.refuse("s3", method="PUT")
    with pytest.raises(UnavailableError):
        store.put_from("a.mp4", BytesIO(bytes(40 * MB)), "video/mp4")

    assert ("POST", f"/{BUCKET}/a.mp4?uploads=") in faulty.answered, "no upload was begun"
    assert store.list() == ()
    assert uploads_left(faulty) == []


def test_a_large_upload_that_its_sender_breaks_off_leaves_no_parts(faulty: FaultyCloud) -> None:
    class Left(Exception):  # noqa: N818
        pass

    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() >= 32 * MB:
                raise Left
            return super().read(size)

    with pytest.raises(Left):
        S3BlobStore(BUCKET).put_from("a.mp4", Broken(bytes(40 * MB)), "video/mp4")
    assert any("uploadId" in path for method, path in faulty.answered if method == "PUT"), "no part was sent"
    assert uploads_left(faulty) == []


def test_a_download_that_breaks_goes_on_where_it_was(faulty: FaultyCloud, tmp: Path) -> None:
    store, data = S3BlobStore(BUCKET), os.urandom(3 * MB)
    store.put("a.bin", data, "application/octet-stream")
    faulty.cut(1 * MB, 500_000)

    with store.as_file("a.bin") as path:
        assert path.read_bytes() == data


def test_a_download_that_fails_leaves_no_temporary_file(faulty: FaultyCloud, tmp: Path) -> None:
    store = S3BlobStore(BUCKET)
    store.put("a.bin", bytes(3 * MB), "application/octet-stream")
    faulty.cut(*[100_000] * 50)

    with pytest.raises(UnavailableError), store.as_file("a.bin"):
        pytest.fail("it came whole")
    assert list(tmp.iterdir()) == []


def test_a_blob_replaced_while_it_is_read(cloud_environment: Ministack) -> None:
    store = S3BlobStore(cloud_environment.make_bucket(BUCKET))
    store.put("a.bin", b"1" * 3 * MB, "application/octet-stream")
    with store.open("a.bin") as file:
        assert file.read(10) == b"1" * 10
        store.put("a.bin", b"2" * 3 * MB, "application/octet-stream")
        with pytest.raises(UnavailableError, match=r"^A file in the store was replaced"):
            file.read()
        store.delete("a.bin")
        with pytest.raises(NotFoundError):
            file.read()


@pytest.mark.parametrize(
    ("room", "error", "words"),
    [(Room(1000, 0, 1000), TooLargeError, "has 1000"), (Room(10_000, 8000, 2000), UnavailableError, "no room")],
)
def test_a_file_that_the_temporary_folder_cannot_hold_is_not_fetched(
    faulty: FaultyCloud, tmp: Path, monkeypatch: pytest.MonkeyPatch, room: Room, error: type[SightlineError], words: str
) -> None:
    store = S3BlobStore(BUCKET)
    store.put("a.bin", bytes(5000), "application/octet-stream")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room)

    with pytest.raises(error, match=words), store.as_file("a.bin"):
        pytest.fail("it fitted")
    assert list(tmp.iterdir()) == []


def test_a_disk_that_fills_up_meanwhile(faulty: FaultyCloud, tmp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def on_a_full_disk(prefix: str, suffix: str) -> tuple[int, str]:
        path = tmp / f"{prefix}x{suffix}"
        path.symlink_to("/dev/full")  # every write there ends in ENOSPC
        return os.open(path, os.O_WRONLY), str(path)

    store = S3BlobStore(BUCKET)
    store.put("a.bin", bytes(3 * MB), "application/octet-stream")
    monkeypatch.setattr(tempfile, "mkstemp", on_a_full_disk)

    with pytest.raises(UnavailableError, match=f"no room for a file of {3 * MB} bytes"), store.as_file("a.bin"):
        pytest.fail("it fitted")
    assert list(tmp.iterdir()) == []
