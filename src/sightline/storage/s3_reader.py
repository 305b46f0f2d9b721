"""A blob in S3 as a file that is read piece by piece, in any order."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from sightline.storage.s3_access import s3_errors

if TYPE_CHECKING:
    from obstore import GetOptions, ObjectMeta
    from obstore.store import S3Store

_READ_BYTES = 1 << 20  # a request takes some 20 ms whatever it fetches; a megabyte takes as long again


def open_reader(store: S3Store, bucket: str, found: ObjectMeta) -> BinaryIO:
    """Open what a HEAD has found: a version that is replaced meanwhile ends in an error, never in a mixture."""
    return cast("BinaryIO", io.BufferedReader(_Ranges(store, bucket, found), _READ_BYTES))


class _Ranges(io.RawIOBase):
    """Reads a range with a request; nothing is held open in between."""

    def __init__(self, store: S3Store, bucket: str, found: ObjectMeta) -> None:
        self._store = store
        self._bucket = bucket
        self._found = found
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._found["size"]}[whence]
        if start + offset < 0:
            raise ValueError(f"negative seek position {start + offset}")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        piece = self._read(len(view))
        view[: len(piece)] = piece
        return len(piece)

    def readall(self) -> bytes:  # RawIOBase's own would ask for 8 KB at a time
        return self._read(self._found["size"])

    def _read(self, size: int) -> bytes:
        end = min(self._at + size, self._found["size"])
        if self._at >= end:
            return b""
        options: GetOptions = {"range": (self._at, end), "if_match": self._found["e_tag"]}
        with s3_errors(self._bucket, self._found["path"], "s3:GetObject"):
            piece = self._store.get(self._found["path"], options=options).bytes().to_bytes()
        self._at += len(piece)
        return piece
