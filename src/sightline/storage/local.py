"""Blobs as files under one folder: a key is a path, so that people can look at their results with any program."""

from __future__ import annotations

import mimetypes
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from sightline.errors import NotFoundError, NotReadyError
from sightline.storage.addresses import AddressSigner
from sightline.storage.blobs import BlobInfo, ListedBlob, PresignedPut, check_expires, check_key, check_presigned

_TYPES = mimetypes.MimeTypes()  # the table that Python brings, not the machine's: the same answer everywhere
_TYPE_SUFFIX = ".type"
_SIGNED_WITH = ".secret"  # a file of each folder
_PART = re.compile(r"\.[0-9a-f]{32}\.part")
_COPY_BYTES = 1 << 20  # at a time: large enough that the calls cost nothing beside the disk


class LocalBlobStore:
    """`BlobStore` on a disk.

    A content type that the key's ending does not tell already is kept in a hidden file beside the blob. Hidden names
    are no valid keys, so neither these nor the temporary files of a `put` under way can be read or listed.

    Presigned addresses are paths below `/files/`, where the local service answers them (`sightline.web.file_routes`).

    Args:
        root: the folder; made if it is missing.

    Raises:
        NotReadyError: the folder cannot be made or written.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        try:
            root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=root):
                pass
        except OSError as error:
            raise NotReadyError(f"The data folder {root} cannot be written: {error.strerror}.") from error

    def put(self, key: str, data: bytes, content_type: str) -> None:
        self.put_from(key, BytesIO(data), content_type)

    def put_from(self, key: str, file: BinaryIO, content_type: str) -> None:
        path, start = self._path(key), file.tell()
        try:
            _write(path, file, content_type)
        except (FileNotFoundError, FileExistsError):  # a delete took the empty folder away in between
            file.seek(start)
            _write(path, file, content_type)

    def put_new(self, key: str, data: bytes, content_type: str) -> bool:
        path = self._path(key)
        try:
            return _write_new(path, data, content_type)
        except FileNotFoundError:  # a delete took the empty folder away in between
            return _write_new(path, data, content_type)

    def get(self, key: str) -> bytes:
        with self.open(key) as file:
            return file.read()

    def open(self, key: str) -> BinaryIO:
        try:
            return self._path(key).open("rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise _not_found(key) from None

    @contextmanager
    def as_file(self, key: str) -> Iterator[Path]:
        self.head(key)
        yield self._path(key)

    def head(self, key: str) -> BlobInfo:
        info = self._info(self._path(key))
        if info is None:
            raise _not_found(key)
        return info

    def list(self, prefix: str = "") -> tuple[ListedBlob, ...]:
        found = (self._info(path) for path in self._files(prefix))
        blobs = (ListedBlob(info.key, info.size_bytes) for info in found if info is not None)
        return tuple(sorted(blobs, key=lambda blob: blob.key))

    def delete(self, key: str) -> None:
        path = self._path(key)
        if path.is_dir():
            return
        with suppress(NotADirectoryError):
            _type_file(path).unlink(missing_ok=True)
            path.unlink(missing_ok=True)
        self._remove_empty(path.parent)

    def written(self, prefix: str = "") -> Iterator[tuple[str, float]]:
        """Every key below a prefix with the time at which its bytes were written, in seconds since 1970."""
        for path in self._files(prefix):
            try:
                found = path.stat()
            except FileNotFoundError:  # deleted in between
                continue
            yield self._key(path), found.st_mtime

    def remove_leftovers(self, before_s: float) -> None:
        """Remove what calls of `put` left that were killed in the middle, and before that time.

        Args:
            before_s: in seconds since 1970; long enough ago that no `put` of then can still be under way.
        """
        for parent, _, files in os.walk(self._root):
            for path in (Path(parent, name) for name in files if _PART.fullmatch(name)):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < before_s:
                        path.unlink()
                        self._remove_empty(path.parent)

    def presign_get(self, key: str, *, expires_s: int) -> str:
        return self.signer.address("GET", check_key(key), expires=int(time.time()) + check_expires(expires_s))

    def presign_put(self, key: str, *, content_type: str, size_bytes: int, expires_s: int) -> PresignedPut:
        check_presigned(content_type, size_bytes)
        expires = int(time.time()) + check_expires(expires_s)
        return PresignedPut(
            url=self.signer.address(
                "PUT", check_key(key), expires=expires, content_type=content_type, size_bytes=size_bytes
            ),
            headers={"Content-Type": content_type},
            expires_at=datetime.fromtimestamp(expires, UTC),
        )

    @cached_property
    def signer(self) -> AddressSigner:
        """What makes this folder's addresses and checks them."""
        return AddressSigner(self._root / _SIGNED_WITH)

    def _files(self, prefix: str) -> Iterator[Path]:
        """The files of the blobs below a prefix."""
        folder = prefix.rpartition("/")[0]
        top = self._path(folder) if folder else self._root
        names = (Path(parent, name) for parent, _, files in os.walk(top) for name in files if not name.startswith("."))
        return (path for path in names if self._key(path).startswith(prefix))

    def _remove_empty(self, folder: Path) -> None:
        """An empty folder goes, for its name may say whose it was, with those it leaves empty; one with blobs stays."""
        with suppress(OSError):
            while folder != self._root:
                folder.rmdir()
                folder = folder.parent

    def _path(self, key: str) -> Path:
        return self._root.joinpath(*check_key(key).split("/"))

    def _key(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()

    def _info(self, path: Path) -> BlobInfo | None:
        """Describe the blob in a file; None where there is none (any more)."""
        try:
            found = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        try:
            content_type = _type_file(path).read_text()
        except FileNotFoundError:
            content_type = _type_of_name(path.name)
        version = f"{found.st_ino}-{found.st_mtime_ns}"
        return BlobInfo(key=self._key(path), size_bytes=found.st_size, content_type=content_type, version=version)


def write_atomically(path: Path, data: bytes | BinaryIO) -> None:
    """Write a file, from bytes or from what is left to read in an open one, so that its name never stands
    for half of it, not even after a power cut.

    The bytes go to a hidden file beside it, reach the disk (fsync), and only then take the name. The folder itself is
    not synced, which would double the cost (4 ms each on a cloud disk): a name lost with the power is one nobody was
    told of yet, because the record that tells of it is written and synced afterwards.
    """
    with _written_beside(path, data) as temporary:
        temporary.replace(path)


@contextmanager
def _written_beside(path: Path, data: bytes | BinaryIO) -> Iterator[Path]:
    """A hidden file beside `path` that holds `data`, also on the disk itself; gone after the `with`."""
    temporary = path.with_name(f".{uuid4().hex}.part")  # as `_PART` has it
    try:
        with temporary.open("xb") as file:
            shutil.copyfileobj(BytesIO(data) if isinstance(data, bytes) else data, file, _COPY_BYTES)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _write(path: Path, data: BinaryIO, content_type: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if content_type == _type_of_name(path.name):
        _type_file(path).unlink(missing_ok=True)
    else:
        write_atomically(_type_file(path), content_type.encode())
    write_atomically(path, data)


def _write_new(path: Path, data: bytes, content_type: str) -> bool:
    """Write a file unless it is there; whether it was written. The type goes second, for it may be another one's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _written_beside(path, data) as temporary:
        try:
            path.hardlink_to(temporary)
        except FileExistsError:
            return False
    if content_type != _type_of_name(path.name):
        write_atomically(_type_file(path), content_type.encode())
    return True


def _type_file(path: Path) -> Path:
    return path.with_name(f".{path.name}{_TYPE_SUFFIX}")


def _type_of_name(name: str) -> str:
    return _TYPES.guess_type(name)[0] or "application/octet-stream"


def _not_found(key: str) -> NotFoundError:
    return NotFoundError(f"Nothing is stored under {key!r}.")
