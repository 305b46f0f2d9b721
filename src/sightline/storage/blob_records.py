"""Records as JSON files in a blob store, for what has a bucket and needs no database."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from math import ceil
from typing import Any

from sightline.errors import BadInputError, NotFoundError
from sightline.storage.blobs import BlobStore, check_key
from sightline.storage.records import Record

_CONTENT_TYPE = "application/json"

_READ_AT_A_TIME = 8
"""Records of a list: one after the other, those of twenty photos took half a second of S3's answers."""


class BlobRecordStore:
    """`RecordStore` in which the record `id` of a kind is the blob `PREFIX/KIND/ID.json`.

    Made for reading and writing one record at a time. `list` reads every record of the kind, and an expired record
    stays a file until it is replaced or deleted: let the bucket expire files as well.

    Args:
        blobs: where the files lie; stays open when this store is closed.
        prefix: the folder for records in it.
    """

    def __init__(self, blobs: BlobStore, prefix: str = "records") -> None:
        self._blobs = blobs
        self._prefix = check_key(prefix)

    def put(self, record: Record) -> None:
        self._blobs.put(self._key(record.kind, record.id), _to_json(record), _CONTENT_TYPE)

    def put_new(self, record: Record) -> bool:
        key, content = self._key(record.kind, record.id), _to_json(record)
        if self._blobs.put_new(key, content, _CONTENT_TYPE):
            return True
        if self._find(key) is not None:
            return False
        # What is there has expired. Of two that replace it in the same moment both may be told that they stored, and
        # the later one did: a record lives for days, so nobody waits for the moment at which it ends.
        self._blobs.delete(key)
        return self._blobs.put_new(key, content, _CONTENT_TYPE)

    def get(self, kind: str, record_id: str) -> Record:
        try:
            found = self._find(self._key(kind, record_id))
        except BadInputError:  # no key, so nothing was ever stored under it
            found = None
        if found is None:
            raise NotFoundError(f"There is no {kind} result {record_id!r}.")
        return found

    def list(self, kind: str, *, limit: int = 50) -> tuple[Record, ...]:
        keys = [blob.key for blob in self._blobs.list(f"{self._prefix}/{check_key(kind)}/")]
        with ThreadPoolExecutor(_READ_AT_A_TIME) as readers:
            found = [record for record in readers.map(self._find, keys) if record is not None]
        return tuple(sorted(found, key=lambda record: (-record.created_at.timestamp(), record.id))[:limit])

    def delete(self, kind: str, record_id: str) -> None:
        with suppress(BadInputError):  # no key, so nothing was ever stored under it
            self._blobs.delete(self._key(kind, record_id))

    def close(self) -> None:
        """Nothing is held open."""

    def _key(self, kind: str, record_id: str) -> str:
        """Where a record lies.

        Raises:
            BadInputError: its kind or id could not be part of a key.
        """
        if "/" in kind or "/" in record_id:
            raise BadInputError(f"{kind}/{record_id} is no record: neither kind nor id may contain '/'.")
        return check_key(f"{self._prefix}/{kind}/{record_id}.json")

    def _find(self, key: str) -> Record | None:
        """The record of a blob; None where there is none, or it has expired."""
        try:
            content: dict[str, Any] = json.loads(self._blobs.get(key))
        except NotFoundError:
            return None
        expires_at = content["expires_at"]
        if expires_at is not None and expires_at <= datetime.now(UTC).timestamp():
            return None
        return Record(
            kind=content["kind"],
            id=content["id"],
            created_at=datetime.fromisoformat(content["created_at"]),
            data=content["data"],
            expires_at=None if expires_at is None else datetime.fromtimestamp(expires_at, UTC),
        )


def _to_json(record: Record) -> bytes:
    content = {
        "kind": record.kind,
        "id": record.id,
        "created_at": record.created_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "expires_at": ceil(record.expires_at.timestamp()) if record.expires_at else None,
        "data": record.data,
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
