"""The use case behind every door: look at a photo, keep what was found, find it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sightline.service.analysis import examine_photo
from sightline.service.loading import ModelLoader
from sightline.service.results import ResultStore
from sightline.storage.blobs import BlobStore
from sightline.storage.records import Record, RecordStore
from sightline.telemetry import timed

if TYPE_CHECKING:
    from sightline.crack.engine import CrackEngine
    from sightline.crack.report import CrackReport
    from sightline.service.references import Reference

KIND = "crack"
ANNOTATED = "annotated.jpg"
MASK = "mask.png"
REPORT = "report.json"
_CONTENT_TYPES = {ANNOTATED: "image/jpeg", MASK: "image/png", REPORT: "application/json"}

# A photo that arrives while the model still loads waits for it. Loading takes about a second; a client gives the whole
# answer 60 s.
MODEL_WAIT_S = 30.0

_WRITERS = 6  # the three files of two results at a time, each a request to S3


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

    Safe to call from several threads. What compares photos works on the same model and storage, which are this
    service's to close.

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
        self.blobs = blobs
        self.records = records
        self.max_bytes = max_bytes
        self.max_pixels = max_pixels
        self.writers = ThreadPoolExecutor(_WRITERS, thread_name_prefix="sightline-store")
        self._results = ResultStore(KIND, _CONTENT_TYPES, blobs=blobs, records=records, writers=self.writers)

    def analyse(self, read_photo: Callable[[], bytes], reference: Reference = "auto") -> StoredAnalysis:
        """Look at a photo and store what was found.

        Args:
            read_photo: fetches the bytes of the picture file. Called when its turn has come, so that photos which
                wait need no memory.
            reference: what gives the scale, as `detect_cracks` takes it.

        Raises:
            BadInputError: the bytes are no picture that can be read, or the reference is not found in it.
            TooLargeError: the photo is over a limit.
            NotReadyError: there is no model to look at it with.
        """
        engine = self.model.wait(MODEL_WAIT_S)
        found = examine_photo(
            read_photo(), engine=engine, max_bytes=self.max_bytes, max_pixels=self.max_pixels, reference=reference
        )
        file_id, created_at = str(uuid4()), datetime.now(UTC)
        document = {"file_id": file_id, "created_at": created_at.isoformat()} | found.report.to_dict()
        files = {
            ANNOTATED: found.annotated_jpeg,
            MASK: found.mask_png,
            REPORT: lambda: json.dumps(document, ensure_ascii=False, allow_nan=False).encode(),
        }
        with timed("store"):
            self._results.put(Record(KIND, file_id, created_at, _summary(found.report)), files)
        return StoredAnalysis(file_id, found.report, document)

    def artifact(self, file_id: str, name: str) -> bytes:
        """One of the files of a result: `ANNOTATED`, `MASK` or `REPORT`.

        Raises:
            NotFoundError: there is no such result.
        """
        return self._results.file(file_id, name)

    def address(self, file_id: str, name: str, *, expires_s: int) -> str:
        """Where anybody may fetch one of the files of a result for so many seconds, from the store itself.

        Raises:
            NotFoundError: there is no such result.
        """
        return self._results.address(file_id, name, expires_s=expires_s)

    def keep_newest(self, count: int) -> None:
        """Remove older results than the newest `count`, where the storage is too small to keep all."""
        self._results.keep_newest(count)

    def delete(self, file_id: str) -> None:
        """Remove a result with all its files.

        Raises:
            NotFoundError: there is no such result.
        """
        self._results.delete(file_id)

    def close(self) -> None:
        """Let go of the storage."""
        self.writers.shutdown()
        self.records.close()


def _summary(report: CrackReport) -> dict[str, Any]:
    """What lists of results show without opening each report."""
    return {
        "has_crack": report.has_crack,
        "confidence": report.confidence,
        "crack_count": len(report.instances),
        "model": report.model.name,
        "model_version": report.model.version,
    }
