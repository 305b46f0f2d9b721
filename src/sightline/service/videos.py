"""The use case behind every door that takes videos: keep the video, analyse it, keep what was found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final
from uuid import uuid4

from sightline.errors import NotFoundError, NotReadyError, TooLargeError
from sightline.service.disk import room_needed
from sightline.service.gaze_request import Wanted
from sightline.service.gaze_results import ARTIFACTS, Artifact
from sightline.service.request_fields import is_id
from sightline.service.video_analysis import VideoAnalysis, never_interrupted, unheard
from sightline.service.video_file import VideoFile, describe
from sightline.storage.blobs import BlobInfo, BlobStore
from sightline.storage.records import Record, RecordStore
from sightline.telemetry import timed

KIND = "eye-tracking"
"""The contract's `testType`, and the kind of our records."""

RAW_VIDEO = "raw_video.mp4"
"""The contract's name, whatever the container is; its bytes tell."""

_SUCCESS = "success"

_DELETED: Final = {"status": "deleted"}
"""The data of an analysis' record after its deletion: a mark that names nobody."""

_MARK_LASTS = timedelta(days=1)
"""A worker that was told to stop does within seconds; one that hangs is ended by its platform within the hour."""


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


def place_of(key: str) -> Place | None:
    """The place that a file of an analysis lies in; None where the key is not one that this service makes."""
    match key.split("/"):
        case ["users", user_id, "eye", analysis_id, _] if is_id(analysis_id):
            return Place(user_id, analysis_id)
    return None


@dataclass(frozen=True, slots=True)
class Analysed:
    """What was found in a video: the report as JSON can say it, and the file that it speaks of."""

    report: dict[str, Any]
    video: VideoFile


class VideoService:
    """Analyses videos and keeps them with their results. Safe to call from several threads.

    Args:
        blobs: takes videos and artifacts.
        records: takes a record for each analysis, written last.
        analyse: looks at a video.
        bucket: what `s3://` addresses in answers name.
        max_bytes: the largest video.
        retention_days: after how many days a record is forgotten; None keeps it.
    """

    def __init__(
        self,
        *,
        blobs: BlobStore,
        records: RecordStore,
        analyse: VideoAnalysis,
        bucket: str,
        max_bytes: int,
        retention_days: int | None = None,
    ) -> None:
        self._blobs = blobs
        self._records = records
        self._analyse = analyse
        self._bucket = bucket
        self._retention = None if retention_days is None else timedelta(days=retention_days)
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
        self.check(key, max_bytes)
        return self._blobs.get(key)

    def open(self, key: str) -> BinaryIO:
        """Open a stored file for reading piece by piece; the caller closes it.

        Raises:
            NotFoundError: there is none.
        """
        with _without_its_key():
            return self._blobs.open(key)

    def analyse(
        self,
        place: Place,
        video_key: str,
        wanted: Wanted,
        *,
        figures: bool = False,
        expires_at: datetime | None = None,
        progress: Callable[[int, int], None] = unheard,
        check: Callable[[], None] = never_interrupted,
    ) -> Analysed:
        """Analyse a stored video, store the artifacts and the record. Doing it again changes nothing.

        Args:
            place: where the results go.
            video_key: where the video is.
            wanted: how to analyse it.
            figures: draw the figures too.
            expires_at: when its record expires; None leaves it to the time after which all of them do.
            progress: called with frames done and frames there are.
            check: called often; what it raises ends the work with nothing stored.

        Raises:
            NotFoundError: there is no such video.
            BadInputError: it is no video that can be read.
            TooLargeError: it is over a limit.
            CrashError: the analysis crashed.
            UnavailableError: there is no room for the video or its results on this machine now.
        """
        version = self.check(video_key).version
        with ExitStack() as opened:
            opened.enter_context(room_needed())
            with timed("fetch"), _without_its_key():
                video = opened.enter_context(self._blobs.as_file(video_key))
            check()
            folder = Path(opened.enter_context(TemporaryDirectory(prefix="sightline-")))
            with timed("digest"), video.open("rb") as file:
                original = describe(file, version)
            with timed("analyse"):
                self._analyse(video, folder, wanted, figures=figures, progress=progress, check=check)
            check()
            document: dict[str, Any] = json.loads((folder / ARTIFACTS["report"].name).read_bytes())
            with timed("store"):
                self._store(place, folder)
                results = {"summary": document["summary"], "screening": document.get("screening")}
                self.record(place, results, video_key=video_key, expires_at=expires_at)
        return Analysed(document, original)

    def described(self, key: str, known: VideoFile | None) -> VideoFile:
        """Which bytes a stored video has; it is read only where nobody knows yet, or it was replaced.

        Args:
            key: where it lies.
            known: which it had when it was analysed, if that was noted.

        Raises:
            NotFoundError: it is gone.
            NotReadyError: it is another one by now: whatever was measured, it was not measured in this one.
        """
        with _without_its_key():
            version = self._blobs.head(key).version
        if known is not None and known.version == version:
            return known
        with timed("digest"), self.open(key) as file:
            found = describe(file, version)
        if known is not None and known.sha256 != found.sha256:
            raise NotReadyError("The video is not the one that was analysed: it was changed in the storage.")
        return found

    def _store(self, place: Place, folder: Path) -> None:
        """Store the artifacts that an analysis left in a folder."""
        for artifact in ARTIFACTS.values():
            made = folder / artifact.name
            if made.exists():
                with made.open("rb") as file:
                    self._blobs.put_from(place.key(artifact.name), file, artifact.content_type)

    def record(
        self,
        place: Place,
        results: Mapping[str, Any],
        *,
        video_key: str | None = None,
        expires_at: datetime | None = None,
    ) -> None:
        """Store the contract's item for a finished analysis; that of the first finished run stays.

        Args:
            place: whose analysis it is, and which.
            results: what was found.
            video_key: where the video is, if it was one.
            expires_at: when the record expires; None leaves it to the time after which all of them do.
        """
        now = datetime.now(UTC)
        item = {
            "analysisId": place.analysis_id,
            "testType": KIND,
            "userId": place.user_id,
            "timestamp": int(now.timestamp()),
            "results": results,
            "status": _SUCCESS,
        }
        if video_key is not None:
            item["s3Key"] = video_key
        if expires_at is None and self._retention is not None:
            expires_at = now + self._retention
        self._records.put_new(Record(KIND, place.analysis_id, now, item, expires_at))

    def recorded(self, place: Place) -> Mapping[str, Any]:
        """The contract's item of a finished analysis.

        Raises:
            NotFoundError: there is none, it is another user's, or it was deleted.
        """
        item = self._records.get(KIND, place.analysis_id).data
        if item.get("userId") != place.user_id:  # a mark has none
            raise NotFoundError("There is no such analysis.")
        return item

    def download(self, place: Place, artifact: Artifact, *, expires_s: int) -> str:
        """An address that hands out a file of an analysis, without any other sign of who asks."""
        return self._blobs.presign_get(place.key(artifact.name), expires_s=expires_s)

    def artifact(self, place: Place, artifact: Artifact) -> bytes:
        """One file of a finished analysis.

        Raises:
            NotFoundError: there is none.
        """
        return self._blobs.get(place.key(artifact.name))

    def discard(self, place: Place) -> None:
        """Remove the video, the results and the record of an analysis that nobody learnt of."""
        self.delete_files(place)
        self._records.delete(KIND, place.analysis_id)

    def delete(self, place: Place) -> None:
        """Remove the video, the results and the record, as far as they are there.

        A worker may be about to store its results. So a mark takes the record's place for a while, and no run that
        ends later is recorded. It comes last: after a crash in between the analysis is still found, to be removed
        again.
        """
        self.delete_files(place)
        now = datetime.now(UTC)
        self._records.put(Record(KIND, place.analysis_id, now, _DELETED, now + _MARK_LASTS))

    def delete_files(self, place: Place) -> None:
        """Remove the video and the results, as far as they are there."""
        for blob in self._blobs.list(place.key("")):
            self._blobs.delete(blob.key)

    def address(self, key: str) -> str:
        """The `s3://` address of a key."""
        return f"s3://{self._bucket}/{key}"

    def close(self) -> None:
        """Let go of the storage."""
        self._records.close()

    def check(self, key: str, max_bytes: int | None = None) -> BlobInfo:
        """Describe a stored file of at most `max_bytes`, or as large as a video may be.

        Raises:
            NotFoundError: there is none.
            TooLargeError: it is larger.
        """
        with _without_its_key():
            info = self._blobs.head(key)
        if info.size_bytes > (limit := max_bytes or self.max_bytes):
            raise TooLargeError(f"The file has {info.size_bytes} bytes; at most {limit} bytes are accepted.")
        return info


@contextmanager
def _without_its_key() -> Iterator[None]:
    """Say that a file is missing without its key, which names a person: a job's reason ends in dead letters."""
    try:
        yield
    except NotFoundError:
        raise NotFoundError("There is no such file in the store.") from None
