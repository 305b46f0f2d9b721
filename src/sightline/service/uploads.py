"""Videos that the client sends to the storage itself, because no request could carry them.

An upload is announced, which makes its analysis' id and keeps how it is to be analysed; the client sends the video to
the address that it was given; then its analysis is a job, whoever says so first, the client or an event of the storage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from json import dumps
from typing import TYPE_CHECKING, Any, Final

from sightline.errors import BadInputError, NotFoundError, NotUploadedError
from sightline.jobs.queue import Job
from sightline.service.gaze_request import Wanted, parse_wanted
from sightline.service.request_fields import no_such_analysis
from sightline.service.video_jobs import VideoJobs
from sightline.service.videos import Place, VideoService, place_of
from sightline.storage.blobs import BlobStore
from sightline.storage.records import Record, RecordStore

if TYPE_CHECKING:
    from sightline.storage.blobs import PresignedPut

KIND = "eye-tracking-upload"
"""The kind of an announced upload's record."""

_KEPT_LONGER = timedelta(days=1)
"""A video whose sending began in time may arrive after its address expired, and the event of it some hours later."""

_DELETED: Final = {"status": "deleted"}
"""The data of an announced upload's record after its deletion."""


@dataclass(frozen=True, slots=True)
class Announced:
    """An upload as it was announced."""

    place: Place
    size_bytes: int
    wanted: Wanted


class Uploads:
    """Announces uploads and makes jobs of what arrived.

    Args:
        blobs: where clients send their videos.
        records: keeps what was announced.
        videos: knows the limits of a video.
        jobs: takes the analyses.
        expires_s: how long an address is good for.
    """

    def __init__(
        self, *, blobs: BlobStore, records: RecordStore, videos: VideoService, jobs: VideoJobs, expires_s: int
    ) -> None:
        self._blobs = blobs
        self._records = records
        self._videos = videos
        self._jobs = jobs
        self._expires_s = expires_s

    def announce(
        self, user_id: str, wanted: Wanted, *, size_bytes: int, content_type: str
    ) -> tuple[Place, PresignedPut]:
        """Make a place for a video of that size and an address to send it to.

        Raises:
            BusyError: too many videos wait already.
            NotReadyError: there is no queue for jobs.
        """
        self._jobs.check_room()
        place = Place.new(user_id)
        put = self._blobs.presign_put(
            place.video_key, content_type=content_type, size_bytes=size_bytes, expires_s=self._expires_s
        )
        now = datetime.now(UTC)
        item = {
            "userId": user_id,
            "timestamp": int(now.timestamp()),
            "status": "awaiting_upload",
            "upload": {"size_bytes": size_bytes, "content_type": content_type, **wanted.to_dict()},
        }
        self._records.put(Record(KIND, place.analysis_id, now, item, put.expires_at + _KEPT_LONGER))
        return place, put

    def find(self, place: Place) -> Announced | None:
        """The upload that was announced for a place, if it was."""
        try:
            item = self._records.get(KIND, place.analysis_id).data
        except NotFoundError:
            return None
        if item.get("userId") != place.user_id:  # the mark of a deleted one names nobody
            return None
        upload: dict[str, Any] = item["upload"]
        return Announced(place, upload["size_bytes"], parse_wanted(upload["parameters"], upload["protocol"]))

    def find_key(self, key: str) -> Announced | None:
        """The upload that was announced for a key of the storage, if it was."""
        place = _upload_of(key)
        return self.find(place) if place else None

    def submit(self, place: Place, wanted: Wanted | None = None) -> Job:
        """Make the job of an upload that arrived; the same one every time.

        Args:
            place: of the upload.
            wanted: what it was announced with, said once more; or None.

        Raises:
            NotFoundError: nobody announced it.
            NotUploadedError: it has not arrived.
            BadInputError: it is not as it was announced.
        """
        once_key = f"upload:{place.analysis_id}"
        if (known := self._jobs.find(place)) is not None:
            _check_same(wanted, parse_wanted(known.payload["parameters"], known.payload["protocol"]))
            return self._jobs.submit_again(known, once_key)
        if (upload := self.find(place)) is None:
            raise no_such_analysis()
        _check_same(wanted, upload.wanted)
        try:
            found = self._blobs.head(place.video_key)
        except NotFoundError:
            raise NotUploadedError(
                "The video has not arrived. Send it with PUT to upload.url of create_upload's answer, "
                "with all of upload.headers, then submit again."
            ) from None
        if found.size_bytes != upload.size_bytes:
            raise BadInputError(
                f"The video that arrived has {found.size_bytes} bytes, announced were {upload.size_bytes}. "
                "Begin again with create_upload."
            )
        return self._jobs.submit_stored(place, place.video_key, upload.wanted, once_key=once_key)

    def submit_stored(self, key: str, user_id: str, wanted: Wanted) -> Job:
        """Make the job of a video that lies in the storage already; the same one for the same video and wishes.

        Raises:
            NotFoundError: nothing is stored under `key`.
            TooLargeError: it is over the limit.
            BusyError: too many videos wait already.
        """
        found = self._videos.check(key)
        identity = [user_id, key, found.size_bytes, found.version, wanted.to_dict()]
        once_key = f"stored:{sha256(dumps(identity, sort_keys=True).encode()).hexdigest()}"
        if (known := self._jobs.find_once(once_key)) is not None:
            return self._jobs.submit_again(known, once_key)
        self._jobs.check_room()
        return self._jobs.submit_stored(Place.new(user_id), key, wanted, once_key=once_key)

    def delete(self, place: Place) -> None:
        """Forget an upload, if it was announced; the video is not touched.

        Its address stays good for a while, and nobody could find a video that came that way. So a mark stays for as
        long, by which `remove_if_deleted` knows it.
        """
        try:
            record = self._records.get(KIND, place.analysis_id)
        except NotFoundError:
            return
        self._records.put(replace(record, data=_DELETED))

    def remove_if_deleted(self, key: str) -> bool:
        """Remove what has just arrived in the storage if its upload was deleted before; whether it was."""
        place = _upload_of(key)
        try:
            deleted = place is not None and self._records.get(KIND, place.analysis_id).data == _DELETED
        except NotFoundError:
            return False
        if deleted:
            self._blobs.delete(key)
        return deleted


def _upload_of(key: str) -> Place | None:
    """The place that an upload with this key has; None where no upload has such a key."""
    place = place_of(key)
    return place if place and place.video_key == key else None


def _check_same(wanted: Wanted | None, announced: Wanted) -> None:
    if wanted not in (None, announced):
        raise BadInputError(
            "parameters or protocol are not those that create_upload was sent. "
            "Leave them out, or submit the video by its s3_key for one more analysis."
        )
