"""The contract for records: JSON documents by kind and id. Every backend passes `tests/storage/record_contract.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Record:
    """One finished piece of work.

    Attributes:
        kind: what sort of work, such as `crack`; an id is unique within its kind.
        id: the name the outside world knows it by.
        created_at: an aware time; backends keep it to the microsecond, in UTC.
        data: what JSON can say, and no more.
        expires_at: an aware time after which the record is not there any more, kept in UTC to the second; None keeps
            it for good.
    """

    kind: str
    id: str
    created_at: datetime
    data: Mapping[str, Any]
    expires_at: datetime | None = None


class RecordStore(Protocol):
    """Records by kind and id. Safe to call from several threads. An expired record counts as not there."""

    def put(self, record: Record) -> None:
        """Store a record, replacing the one of the same kind and id."""
        ...

    def put_new(self, record: Record) -> bool:
        """Store a record unless one of the same kind and id is there and has not expired. Of several at the same
        time one stores.

        Returns:
            Whether it was stored.
        """
        ...

    def get(self, kind: str, record_id: str) -> Record:
        """Read a record.

        Raises:
            NotFoundError: there is none of that kind and id, or it has expired.
        """
        ...

    def list(self, kind: str, *, limit: int = 50) -> tuple[Record, ...]:
        """The `limit` newest records of a kind that have not expired, newest first."""
        ...

    def delete(self, kind: str, record_id: str) -> None:
        """Remove a record; one that is not there is gone already, so that is no error."""
        ...

    def close(self) -> None:
        """Let go of the backend; the store is not used after it."""
        ...
