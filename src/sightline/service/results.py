"""Finished work as a few files and one record: there as a whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from uuid import UUID

from sightline.errors import NotFoundError
from sightline.storage.blobs import BlobStore
from sightline.storage.records import Record, RecordStore

_REMOVED_AT_A_TIME = 100  # one is, where this is asked after every result


class ResultStore:
    """Results of one kind, each with the same files; safe to call from several threads.

    Args:
        kind: what sort of result; files lie under `KIND/ID/NAME`.
        content_types: of the files, by name.
        blobs: takes the files.
        records: takes one record per result, written last and removed last.
        writers: write files side by side; their owner's to close.
    """

    def __init__(
        self,
        kind: str,
        content_types: Mapping[str, str],
        *,
        blobs: BlobStore,
        records: RecordStore,
        writers: ThreadPoolExecutor,
    ) -> None:
        self._kind = kind
        self._content_types = content_types
        self._blobs = blobs
        self._records = records
        self._writers = writers

    def put(self, record: Record, files: Mapping[str, Callable[[], bytes]]) -> None:
        """Make and store the files side by side, then the record; all of it or, where something fails, nothing."""

        def put(name: str, make: Callable[[], bytes]) -> None:
            self._blobs.put(self._key(record.id, name), make(), self._content_types[name])

        try:
            side_by_side(self._writers, [partial(put, name, make) for name, make in files.items()])
            self._records.put(record)
        except BaseException:
            self._delete_blobs(record.id)
            raise

    def file(self, result_id: str, name: str) -> bytes:
        """One of the files of a result.

        Raises:
            NotFoundError: there is no such result.
        """
        self._records.get(self._kind, self._checked(result_id))
        return self._blobs.get(self._key(result_id, name))

    def address(self, result_id: str, name: str, *, expires_s: int) -> str:
        """Where anybody may fetch one of the files of a result for so many seconds, from the store itself.

        Raises:
            NotFoundError: there is no such result.
        """
        self._records.get(self._kind, self._checked(result_id))
        return self._blobs.presign_get(self._key(result_id, name), expires_s=expires_s)

    def keep_newest(self, count: int) -> None:
        """Remove older results than the newest `count`, where the storage is too small to keep all."""
        for record in self._records.list(self._kind, limit=count + _REMOVED_AT_A_TIME)[count:]:
            self.delete(record.id)

    def delete(self, result_id: str) -> None:
        """Remove a result with all its files.

        The record goes last: after a crash in between the result is still found, to be removed again.

        Raises:
            NotFoundError: there is no such result.
        """
        self._records.get(self._kind, self._checked(result_id))
        self._delete_blobs(result_id)
        self._records.delete(self._kind, result_id)

    def _delete_blobs(self, result_id: str) -> None:
        for name in self._content_types:
            self._blobs.delete(self._key(result_id, name))

    def _key(self, result_id: str, name: str) -> str:
        return f"{self._kind}/{result_id}/{name}"

    def _checked(self, result_id: str) -> str:
        if not is_id(result_id):
            raise NotFoundError("There is no result with this id.")
        return result_id


def side_by_side(writers: ThreadPoolExecutor, puts: Sequence[Callable[[], None]]) -> None:
    """Run all of them, and wait for all of them before the first error is raised."""
    running = [writers.submit(put) for put in puts]
    wait(running)
    for done in running:
        done.result()


def is_id(text: str) -> bool:
    """Whether it has the form of the ids that this service hands out: only such come near the storage."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
