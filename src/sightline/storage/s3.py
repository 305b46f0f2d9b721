"""Blobs in an S3 bucket, or in what speaks S3: streamed, for a function that has little memory and a small disk.

obstore does the work, which starts in a tenth of botocore's time. It cannot bind an address to a content type and a
length, so that is botocore's, imported when the first such address is asked for.
"""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from sightline.errors import NotFoundError, TooLargeError, UnavailableError
from sightline.storage.blobs import BlobInfo, ListedBlob, PresignedPut, check_expires, check_key, check_presigned
from sightline.storage.s3_access import open_bucket, s3_errors
from sightline.storage.s3_reader import open_reader

if TYPE_CHECKING:
    from obstore import GetResult

# Of a multipart upload: S3 takes 10,000 parts, which is 84 GB; so many at a time, and those that are being read, are
# some 50 MB of memory, and enough to fill a function's network.
_PART_BYTES = 8 << 20
_PARTS_AT_A_TIME = 3
_COPY_BYTES = 1 << 20


class S3BlobStore:
    """`BlobStore` in a bucket, under the same keys.

    Args:
        bucket: its name. Nothing is asked of it yet: the first call tells whether it is there.

    Raises:
        MissingExtraError: obstore is not installed.
        NotReadyError: `AWS_REGION` or the credentials are missing.

    Every method may raise besides:
        NotReadyError: the bucket is not there, or the credentials may not do this.
        UnavailableError: S3 cannot be reached, or refuses for the moment.
    """

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket
        self._store = open_bucket(bucket)

    def put(self, key: str, data: bytes, content_type: str) -> None:
        self._put(key, data, content_type)

    def put_from(self, key: str, file: BinaryIO, content_type: str) -> None:
        check_key(key)
        first, second = file.read(_PART_BYTES), file.read(_PART_BYTES)
        if second:
            self._put(key, itertools.chain((first, second), _pieces(file)), content_type)
        else:
            self._put(key, first, content_type)  # one request where a multipart upload takes three

    def put_new(self, key: str, data: bytes, content_type: str) -> bool:
        from obstore.exceptions import AlreadyExistsError

        try:
            with self._errors(check_key(key), "s3:PutObject"):
                self._store.put(key, data, attributes={"Content-Type": content_type}, mode="create")
        except AlreadyExistsError:
            return False
        return True

    def get(self, key: str) -> bytes:
        with self._errors(check_key(key), "s3:GetObject"):
            return self._store.get(key).bytes().to_bytes()

    def open(self, key: str) -> BinaryIO:
        return open_reader(self._store, self._bucket, self._look_at(key).meta)

    @contextmanager
    def as_file(self, key: str) -> Iterator[Path]:
        with self._errors(check_key(key), "s3:GetObject"):
            found = self._store.get(key)
        _check_room(found.meta["size"])
        handle, name = tempfile.mkstemp(prefix="sightline-", suffix=Path(key).suffix)
        os.close(handle)
        try:
            self._download(found, key, Path(name))
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def head(self, key: str) -> BlobInfo:
        found = self._look_at(key)
        content_type = found.attributes.get("Content-Type", "application/octet-stream")
        version = str(found.meta["e_tag"])
        return BlobInfo(key=key, size_bytes=found.meta["size"], content_type=content_type, version=version)

    def list(self, prefix: str = "") -> tuple[ListedBlob, ...]:
        folder = prefix.rpartition("/")[0]
        with self._errors(prefix, "s3:ListBucket"):
            found = self._store.list(check_key(folder) if folder else None, chunk_size=1000).collect()
        blobs = (ListedBlob(key=each["path"], size_bytes=each["size"]) for each in found)
        return tuple(sorted((blob for blob in blobs if blob.key.startswith(prefix)), key=lambda blob: blob.key))

    def delete(self, key: str) -> None:
        with self._errors(check_key(key), "s3:DeleteObject"):
            self._store.delete(key)

    def presign_get(self, key: str, *, expires_s: int) -> str:
        from obstore import sign  # the crack function has no botocore

        with self._errors(check_key(key), "s3:GetObject"):
            return sign(self._store, "GET", key, timedelta(seconds=check_expires(expires_s)))

    def presign_put(self, key: str, *, content_type: str, size_bytes: int, expires_s: int) -> PresignedPut:
        check_presigned(content_type, size_bytes)
        expires_at = datetime.now(UTC) + timedelta(seconds=expires_s)
        wanted = {"Key": check_key(key), "ContentType": content_type, "ContentLength": size_bytes}
        url = self._presign("put_object", wanted, expires_s)
        return PresignedPut(url=url, headers={"Content-Type": content_type}, expires_at=expires_at)

    def _presign(self, method: str, wanted: dict[str, Any], expires_s: int) -> str:
        from sightline.cloud.clients import client
        from sightline.cloud.errors import cloud_errors

        with cloud_errors("files"):
            url: str = client("s3").generate_presigned_url(
                method, Params={"Bucket": self._bucket, **wanted}, ExpiresIn=check_expires(expires_s)
            )
        return url

    def _put(self, key: str, data: bytes | Iterator[bytes], content_type: str) -> None:
        with self._errors(check_key(key), "s3:PutObject"):
            self._store.put(
                key,
                data,
                attributes={"Content-Type": content_type},
                chunk_size=_PART_BYTES,
                max_concurrency=_PARTS_AT_A_TIME,
            )

    def _look_at(self, key: str) -> GetResult:
        """The answer to a HEAD."""
        try:
            with self._errors(check_key(key), "s3:GetObject"):
                return self._store.get(key, options={"head": True})
        except NotFoundError:
            # An answer to HEAD has no body, so it does not tell a key that is missing from a bucket that is.
            with self._errors(key, "s3:GetObject"):
                self._store.get(key, options={"range": (0, 1)})
            raise

    def _download(self, found: GetResult, key: str, path: Path) -> None:
        """Write a blob's bytes to a file of this machine.

        Raises:
            UnavailableError: the disk is full.
        """
        try:
            with self._errors(key, "s3:GetObject"), path.open("wb") as file:
                for piece in found.stream(min_chunk_size=_COPY_BYTES):
                    file.write(piece)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise _too_full(found.meta["size"]) from error
            raise

    def _errors(self, key: str, permission: str) -> AbstractContextManager[None]:
        return s3_errors(self._bucket, key, permission)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PART_BYTES):
        yield piece


def _check_room(size_bytes: int) -> None:
    """Check that a file fits into the temporary folder before it is fetched in vain.

    Raises:
        TooLargeError: not even if the folder were empty.
        UnavailableError: not now.
    """
    room = shutil.disk_usage(tempfile.gettempdir())
    if size_bytes > room.total:
        raise TooLargeError(
            f"The file has {size_bytes} bytes, and the temporary folder has {room.total}: it cannot be worked on here."
        )
    if size_bytes > room.free:
        raise _too_full(size_bytes)


def _too_full(size_bytes: int) -> UnavailableError:
    return UnavailableError(f"The temporary folder has no room for a file of {size_bytes} bytes now. Try again later.")
