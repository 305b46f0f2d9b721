"""The contract for files: bytes under a key, with a type. Every backend passes `tests/storage/blob_contract.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from sightline.errors import BadInputError

MAX_KEY_BYTES = 1024
"""S3's own limit, so that a key which works on a disk works in the cloud."""

# A part starts with a letter, a digit or an underscore: "..", hidden names (a backend's own) and a leading "-" are out.
# 200 characters leave a file system (255 bytes) room for what the local backend appends to a name.
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._@=+-]{0,199}", re.ASCII)

MAX_EXPIRES_S = 7 * 24 * 3600
"""How long an address may be good for: S3's own limit."""

_CONTENT_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,63}/[a-z0-9][a-z0-9.+-]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """What is known about a blob without reading it.

    Attributes:
        key: its name.
        size_bytes: its length.
        content_type: as it was stored with.
        version: another text once the blob was replaced by other bytes; it does not count where infos are compared.
    """

    key: str
    size_bytes: int
    content_type: str
    version: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ListedBlob:
    """What a listing tells of a blob. Its content type is not among it: S3 would have to be asked blob by blob."""

    key: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class PresignedPut:
    """An address that takes one blob from somebody without credentials.

    Attributes:
        url: where to send it by PUT; absolute, or a path of the local service (`/files/...`).
        headers: what has to be sent with it, by name, beside `Content-Length`, which every client sends by itself.
        expires_at: when the address ends, in UTC.
    """

    url: str
    headers: Mapping[str, str]
    expires_at: datetime


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

    def put_new(self, key: str, data: bytes, content_type: str) -> bool:
        """Like `put`, but only where nothing is stored under `key`. Of several at the same time one stores.

        Returns:
            Whether it was stored.
        """
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
            TooLargeError: this machine's temporary folder could not hold it, even if it were empty.
            UnavailableError: it could, but is too full at the moment.
        """
        ...

    def head(self, key: str) -> BlobInfo:
        """Describe a blob.

        Raises:
            NotFoundError: nothing is stored under `key`.
        """
        ...

    def list(self, prefix: str = "") -> tuple[ListedBlob, ...]:
        """Every blob whose key starts with the characters of `prefix`, in the order of their keys.

        Everything in the folder that `prefix` ends in is looked through, so a prefix that ends with `/` costs least.
        """
        ...

    def delete(self, key: str) -> None:
        """Remove a blob; one that is not there is gone already, so that is no error."""
        ...

    def presign_get(self, key: str, *, expires_s: int) -> str:
        """An address to GET a blob at without credentials, whether it is there already or not.

        Args:
            key: the blob.
            expires_s: for how long the address is good, 1 to `MAX_EXPIRES_S`; on S3 no longer than the credentials.

        Returns:
            An absolute URL, or a path of the local service (`/files/...`).
        """
        ...

    def presign_put(self, key: str, *, content_type: str, size_bytes: int, expires_s: int) -> PresignedPut:
        """An address to PUT one blob to without credentials.

        Args:
            key: the blob; one that is there already is replaced.
            content_type: the only one that the address takes.
            size_bytes: the only length that it takes.
            expires_s: for how long it is good, 1 to `MAX_EXPIRES_S`; on S3 no longer than the credentials.

        Raises:
            BadInputError: that is no content type, or no length.
        """
        ...


def check_key(key: str) -> str:
    """Return `key` if every backend can hold it: parts of ASCII letters, digits and `._@=+-`, joined by `/`.

    Raises:
        BadInputError: the key is empty, too long, climbs out of its folder or holds another character.
    """
    if len(key) > MAX_KEY_BYTES or not all(_PART.fullmatch(part) for part in key.split("/")):
        raise BadInputError(f"{key[:80]!r} is no storage key: use letters, digits and ._@=+- in parts joined by '/'.")
    return key


def check_presigned(content_type: str, size_bytes: int) -> None:
    """Check what an address for an upload is to be bound to.

    Raises:
        BadInputError: the content type is none (small letters, without parameters), or the length is negative.
    """
    if not _CONTENT_TYPE.fullmatch(content_type):
        raise BadInputError(f"{content_type[:80]!r} is no content type such as video/mp4.")
    if size_bytes < 0:
        raise BadInputError(f"size_bytes is {size_bytes}: should be 0 or more.")


def check_expires(expires_s: int) -> int:
    """Return `expires_s` if an address can be good for so long.

    Raises:
        ValueError: it cannot.
    """
    if not 1 <= expires_s <= MAX_EXPIRES_S:
        raise ValueError(f"expires_s is {expires_s}: should be from 1 to {MAX_EXPIRES_S} seconds")
    return expires_s
