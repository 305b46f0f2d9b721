"""The use case behind every door that takes videos: keep the video, analyse it, keep what was found."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO
from uuid import uuid4

from sightline.errors import NotFoundError, TooLargeError
from sightline.service.gaze_request import Wanted
from sightline.service.gaze_results import ARTIFACTS, Artifact
from sightline.service.video_analysis import VideoAnalysis, never_interrupted, unheard
from sightline.storage.blobs import BlobStore
from sightline.storage.records import Record, RecordStore

KIND = "eye-tracking"
"""The contract's `testType`, and the kind of our records."""

RAW_VIDEO = "raw_video.mp4"
"""The contract's name, whatever the container is; its bytes tell."""

_SUCCESS = "success"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files of one analysis lie: in the user's prefix, by the contract's keys."""

    user_id: str
    analysis_id: str

    @classmethod
    def new(cls, user_id: str) -> Place:
        """A place of its own for a new analysis."""
        return cls(user_id, str(uuid4()))

    def key(self, name: str) -> str:
        return f"users/{self.user_id}/eye/{self.analysis_id}/{name}"

    @property
    def video_key(self) -> str:
        return self.key(RAW_VIDEO)


class VideoService:
    """Analyses videos and keeps them with their results. Safe to call from several threads.

    Args:
        blobs: takes videos and artifacts.
        records: takes a record for each analysis, written last.
        analyse: looks at a video.
        bucket: what `s3://` addresses in answers name.
        max_bytes: the largest video.
    """

    def __init__(
        self, *, blobs: BlobStore, records: RecordStore, analyse: VideoAnalysis, bucket: str, max_bytes: int
    ) -> None:
        self._blobs = blobs
        self._records = records
        self._analyse = analyse
        self._bucket = bucket
        self.max_bytes = max_bytes

    def keep(self, place: Place, video: BinaryIO) -> None:
        """Store a video before it is analysed, piece by piece."""
        self._blobs.put_from(place.video_key, video, "video/mp4")

    def read(self, key: str, max_bytes: int) -> bytes:
        """A stored file of at most `max_bytes`.

        Raises:
            NotFoundError: there is none.
            TooLargeError: it is larger.
        """
        self._check_size(key, max_bytes)
        return self._blobs.get(key)

    def analyse(
        self,
        place: Place,
        video_key: str,
        wanted: Wanted,
        *,
        figures: bool = False,
        progress: Callable[[int, int], None] = unheard,
        check: Callable[[], None] = never_interrupted,
    ) -> dict[str, Any]:
        """Analyse a stored video, store the artifacts and the record. Doing it again changes nothing.

        Args:
            place: where the results go.
            video_key: where the video is.
            wanted: how to analyse it.
            figures: draw the figures too.
            progress: called with frames done and frames there are.
            check: called often; what it raises ends the work with nothing stored.

        Returns:
            the report as JSON can say it.

        Raises:
            NotFoundError: there is no such video.
            BadInputError: it is no video that can be read.
            TooLargeError: it is over a limit.
            CrashError: the analysis crashed.
        """
        self._check_size(video_key, self.max_bytes)
        with self._blobs.as_file(video_key) as video, TemporaryDirectory(prefix="sightline-") as folder:
            self._analyse(video, Path(folder), wanted, figures=figures, progress=progress, check=check)
            document: dict[str, Any] = json.loads(Path(folder, ARTIFACTS["report"].name).read_bytes())
            check()
            for artifact in ARTIFACTS.values():
                made = Path(folder, artifact.name)
                if made.exists():
                    with made.open("rb") as file:
                        self._blobs.put_from(place.key(artifact.name), file, artifact.content_type)
        self.record(place, {"summary": document["summary"], "screening": document.get("screening")})
        return document

    def record(self, place: Place, results: Mapping[str, Any]) -> None:
        """Store the contract's item for a finished analysis."""
        now = datetime.now(UTC)
        item = {
            "analysisId": place.analysis_id,
            "testType": KIND,
            "userId": place.user_id,
            "timestamp": int(now.timestamp()),
            "results": results,
            "status": _SUCCESS,
        }
        self._records.put(Record(KIND, place.analysis_id, now, item))

    def artifact(self, place: Place, artifact: Artifact) -> bytes:
        """One file of a finished analysis.

        Raises:
            NotFoundError: there is none.
        """
        return self._blobs.get(place.key(artifact.name))

    def delete(self, place: Place) -> None:
        """Remove the video, the results and the record, as far as they are there."""
        self._records.delete(KIND, place.analysis_id)
        for blob in self._blobs.list(place.key("")):
            self._blobs.delete(blob.key)

    def address(self, key: str) -> str:
        """The `s3://` address of a key."""
        return f"s3://{self._bucket}/{key}"

    def close(self) -> None:
        """Let go of the storage."""
        self._records.close()

    def _check_size(self, key: str, max_bytes: int) -> None:
        try:
            size_bytes = self._blobs.head(key).size_bytes
        except NotFoundError:
            raise NotFoundError("There is no such file in the store.") from None
        if size_bytes > max_bytes:
            raise TooLargeError(f"The file has {size_bytes} bytes; at most {max_bytes} bytes are accepted.")
