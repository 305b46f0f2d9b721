"""The contract for files: bytes under a key, with a content type. Every backend passes `tests/storage/contract.py`."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from sightline.errors import BadInputError

MAX_KEY_BYTES = 1024
"""S3's own limit, so that a key which works on a disk works in the cloud."""

# A part starts with a letter, a digit or an underscore: "..", hidden names (a backend's own) and a leading "-" are out.
# 200 characters leave a file system (255 bytes) room for what the local backend appends to a name.
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._@=+-]{0,199}", re.ASCII)


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """What is known about a blob without reading it."""

    key: str
    size_bytes: int
    content_type: str


class BlobStore(Protocol):
    """Bytes under keys like `crack/<id>/annotated.jpg`. Safe to call from several threads."""

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Store `data`, replacing what was there: a reader sees the old bytes or the new ones, never a mixture.

        No key may be the folder of another one: a disk cannot hold both `a` and `a/b`.
        """
        ...

    def put_from(self, key: str, file: BinaryIO, content_type: str) -> None:
        """Like `put`, with what is left to read in `file`, piece by piece: memory does not grow with it."""
        ...

    def get(self, key: str) -> bytes:
        """Read a blob whole.

        Raises:
            NotFoundError: nothing is stored under `key`.
        """
        ...

    def open(self, key: str) -> BinaryIO:
        """Open a blob for reading piece by piece; the caller closes it.

        Raises:
            NotFoundError: nothing is stored under `key`.
        """
        ...

    def as_file(self, key: str) -> AbstractContextManager[Path]:
        """The blob as a file of this machine, for what reads files only. It is not to be changed, and may be gone
        after the `with`.

        Raises:
            NotFoundError: nothing is stored under `key`.
        """
        ...

    def head(self, key: str) -> BlobInfo:
        """Describe a blob.

        Raises:
            NotFoundError: nothing is stored under `key`.
        """
        ...

    def list(self, prefix: str = "") -> tuple[BlobInfo, ...]:
        """Describe every blob whose key starts with the characters of `prefix`, in the order of their keys."""
        ...

    def delete(self, key: str) -> None:
        """Remove a blob; one that is not there is gone already, so that is no error."""
        ...


def check_key(key: str) -> str:
    """Return `key` if every backend can hold it: parts of ASCII letters, digits and `._@=+-`, joined by `/`.

    Raises:
        BadInputError: the key is empty, too long, climbs out of its folder or holds another character.
    """
    if len(key) > MAX_KEY_BYTES or not all(_PART.fullmatch(part) for part in key.split("/")):
        raise BadInputError(f"{key[:80]!r} is no storage key: use letters, digits and ._@=+- in parts joined by '/'.")
    return key
