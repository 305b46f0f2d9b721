"""Addresses of the local service that hold for one file and for a while: a signature stands for the permission.

They are to a folder of this machine what presigned URLs are to S3, and bind an upload to its type and length alike.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
import time
from pathlib import Path
from urllib.parse import quote, urlencode

PREFIX = "/files/"
_SECRET_BYTES = 32  # as long as what SHA-256 makes of it


class AddressSigner:
    """Makes addresses and checks them, with a secret that every process on the same folder reads from the same file.

    Args:
        secret_file: made if it is missing, for its owner's eyes only. Without it, old addresses are good for nothing.
    """

    def __init__(self, secret_file: Path) -> None:
        self._secret = _read_secret(secret_file)

    def address(self, method: str, key: str, *, expires: int, content_type: str = "", size_bytes: int = 0) -> str:
        """A path with its query. `expires` is in seconds since 1970; the last two are an upload's."""
        query = {"expires": expires, "signature": self._sign(method, key, expires, content_type, size_bytes)}
        return f"{PREFIX}{quote(key)}?{urlencode(query)}"

    def holds(
        self, method: str, key: str, *, expires: int, signature: str, content_type: str = "", size_bytes: int = 0
    ) -> bool:
        """Whether a request is the one that its address was made for, in time."""
        expected = self._sign(method, key, expires, content_type, size_bytes)
        return hmac.compare_digest(expected.encode(), signature.encode()) and time.time() < expires

    def _sign(self, method: str, key: str, expires: int, content_type: str, size_bytes: int) -> str:
        text = "\n".join((method, key, str(expires), content_type, str(size_bytes)))  # no part can hold a line's end
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def _read_secret(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        _make_secret(path)
        return path.read_bytes()


def _make_secret(path: Path) -> None:
    """Write a secret, whole or not at all; where another process was faster, its secret stays."""
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_SECRET_BYTES))
        path.hardlink_to(name)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
