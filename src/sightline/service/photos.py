"""The use case behind every door: look at a photo, keep what was found, find it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sightline.errors import NotFoundError
from sightline.service.analysis import examine_photo
from sightline.service.loading import ModelLoader
from sightline.storage.blobs import BlobStore
from sightline.storage.records import Record, RecordStore
from sightline.telemetry import timed

if TYPE_CHECKING:
    from sightline.crack.engine import CrackEngine
    from sightline.crack.report import CrackReport

KIND = "crack"
ANNOTATED = "annotated.jpg"
MASK = "mask.png"
REPORT = "report.json"
_CONTENT_TYPES = {ANNOTATED: "image/jpeg", MASK: "image/png", REPORT: "application/json"}

# A photo that arrives while the model still loads waits for it. Loading takes about a second; a client gives the whole
# answer 60 s.
_MODEL_WAIT_S = 30.0

_REMOVED_AT_A_TIME = 100  # one is, where this is asked after every photo


@dataclass(frozen=True, slots=True)
class StoredAnalysis:
    """A finished analysis.

    Attributes:
        file_id: under which it is found again.
        report: what was found.
        document: the same as it is stored, JSON-ready: `report.to_dict()` with `file_id` and `created_at`.
    """

    file_id: str
    report: CrackReport
    document: dict[str, Any]


class PhotoService:
    """Analyses photos and keeps the results; the photos themselves are not kept.

    Safe to call from several threads.

    Args:
        model: loads the engine.
        blobs: takes the annotated picture, the mask and the report.
        records: takes one record per result, written last: a result either is there as a whole or is not there.
        max_bytes: largest photo file.
        max_pixels: largest photo, width times height.
    """

    def __init__(
        self,
        *,
        model: ModelLoader[CrackEngine],
        blobs: BlobStore,
        records: RecordStore,
        max_bytes: int,
        max_pixels: int,
    ) -> None:
        self.model = model
        self._blobs = blobs
        self._records = records
        self._max_bytes = max_bytes
        self._max_pixels = max_pixels
        self._writers = ThreadPoolExecutor(2 * len(_CONTENT_TYPES), thread_name_prefix="sightline-store")

    def analyse(self, read_photo: Callable[[], bytes]) -> StoredAnalysis:
        """Look at a photo and store what was found.

        Args:
            read_photo: fetches the bytes of the picture file. Called when its turn has come, so that photos which
                wait need no memory.

        Raises:
            BadInputError: the bytes are no picture that can be read.
            TooLargeError: the photo is over a limit.
            NotReadyError: there is no model to look at it with.
        """
        engine = self.model.wait(_MODEL_WAIT_S)
        found = examine_photo(read_photo(), engine=engine, max_bytes=self._max_bytes, max_pixels=self._max_pixels)
        file_id, created_at = str(uuid4()), datetime.now(UTC)
        document = {"file_id": file_id, "created_at": created_at.isoformat()} | found.report.to_dict()
        files = {
            ANNOTATED: found.annotated_jpeg,
            MASK: found.mask_png,
            REPORT: lambda: json.dumps(document, ensure_ascii=False, allow_nan=False).encode(),
        }
        with timed("store"):
            self._store(Record(KIND, file_id, created_at, _summary(found.report)), files)
        return StoredAnalysis(file_id, found.report, document)

    def artifact(self, file_id: str, name: str) -> bytes:
        """One of the files of a result: `ANNOTATED`, `MASK` or `REPORT`.

        Raises:
            NotFoundError: there is no such result.
        """
        self._records.get(KIND, _check_id(file_id))
        return self._blobs.get(_key(file_id, name))

    def address(self, file_id: str, name: str, *, expires_s: int) -> str:
        """Where anybody may fetch one of the files of a result for so many seconds, from the store itself.

        Raises:
            NotFoundError: there is no such result.
        """
        self._records.get(KIND, _check_id(file_id))
        return self._blobs.presign_get(_key(file_id, name), expires_s=expires_s)

    def keep_newest(self, count: int) -> None:
        """Remove older results than the newest `count`, where the storage is too small to keep all."""
        for record in self._records.list(KIND, limit=count + _REMOVED_AT_A_TIME)[count:]:
            self.delete(record.id)

    def delete(self, file_id: str) -> None:
        """Remove a result with all its files.

        The record goes last: after a crash in between the result is still found, to be removed again.

        Raises:
            NotFoundError: there is no such result.
        """
        self._records.get(KIND, _check_id(file_id))
        self._delete_blobs(file_id)
        self._records.delete(KIND, file_id)

    def close(self) -> None:
        """Let go of the storage."""
        self._writers.shutdown()
        self._records.close()

    def _store(self, record: Record, files: dict[str, Callable[[], bytes]]) -> None:
        """Make and store the files side by side, then the record; all of it or, where something fails, nothing."""

        def put(name: str, make: Callable[[], bytes]) -> None:
            self._blobs.put(_key(record.id, name), make(), _CONTENT_TYPES[name])

        try:
            puts = [self._writers.submit(put, name, make) for name, make in files.items()]
            wait(puts)
            for done in puts:
                done.result()
            self._records.put(record)
        except BaseException:
            self._delete_blobs(record.id)
            raise

    def _delete_blobs(self, file_id: str) -> None:
        for name in _CONTENT_TYPES:
            self._blobs.delete(_key(file_id, name))


def _summary(report: CrackReport) -> dict[str, Any]:
    """What lists of results show without opening each report."""
    return {
        "has_crack": report.has_crack,
        "confidence": report.confidence,
        "crack_count": len(report.instances),
        "model": report.model.name,
        "model_version": report.model.version,
    }


def _key(file_id: str, name: str) -> str:
    return f"{KIND}/{file_id}/{name}"


def _check_id(file_id: str) -> str:
    """Let only ids of the form that this service hands out near the storage."""
    try:
        if str(UUID(file_id)) == file_id:
            return file_id
    except ValueError:
        pass
    raise NotFoundError("There is no result with this id.")
