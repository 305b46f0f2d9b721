"""Puts the gaze side of the service together from the settings: which storage, which queue, which analysis."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from sightline.errors import NotReadyError
from sightline.jobs.queue import JobQueue
from sightline.service.expiry import Disk
from sightline.service.eye_tracking import EyeTracking
from sightline.service.no_queue import NoQueue
from sightline.service.pictures import PictureAnalysis, analyse_picture
from sightline.service.standing import Standing
from sightline.service.uploads import Uploads
from sightline.service.video_analysis import VideoAnalysis, analyse_isolated
from sightline.service.video_jobs import VideoJobs
from sightline.service.videos import VideoService
from sightline.settings import Settings
from sightline.storage.blobs import BlobStore
from sightline.storage.records import RecordStore


@dataclass(frozen=True, slots=True)
class GazeService:
    """The two ways to have a face looked at: at once in answer to a request, and as a job."""

    eye_tracking: EyeTracking
    jobs: VideoJobs
    videos: VideoService

    def close(self) -> None:
        """Stop the worker and let go of the storage."""
        self.jobs.close()
        self.videos.close()


def open_gaze_service(
    settings: Settings,
    *,
    analyse_video: VideoAnalysis = analyse_isolated,
    analyse_picture: PictureAnalysis = analyse_picture,
    queue: JobQueue | None = None,
    figures: bool = True,
    clock: Callable[[], float] = time.time,
) -> GazeService:
    """A service on the data folder, or on S3 and DynamoDB; its worker does not run yet (`service.jobs.start()`).

    Args:
        settings: where videos and results lie, which limits, how many workers.
        analyse_video: looks at videos.
        analyse_picture: looks at pictures.
        queue: remembers jobs; where it is None, SQS or a file in the data folder, as the settings have it.
        figures: jobs draw the figures too.
        clock: gives the time in seconds since 1970, by which jobs and files expire.

    Raises:
        NotReadyError: the data folder cannot be used, or the cloud's bucket, region or credentials are not set.
    """
    with ExitStack() as opened:
        blobs, records, disk = _open_storage(settings, clock)
        opened.callback(records.close)
        videos = VideoService(
            blobs=blobs,
            records=records,
            analyse=analyse_video,
            bucket=settings.s3_bucket,
            max_bytes=settings.max_video_bytes,
            retention_days=settings.retention_days,
        )
        jobs = VideoJobs(
            videos,
            queue or open_queue(settings, clock=clock),
            workers=settings.job_workers,
            queue_limit=settings.job_queue_limit,
            figures=figures,
            disk=disk,
        )
        opened.pop_all()
    uploads = Uploads(blobs=blobs, records=records, videos=videos, jobs=jobs, expires_s=settings.upload_expires_s)
    eye_tracking = EyeTracking(
        videos=videos,
        analyse_picture=analyse_picture,
        max_bytes=settings.max_upload_bytes,
        uploads=uploads,
        standing=Standing(videos, jobs, uploads),
    )
    return GazeService(eye_tracking, jobs, videos)


def _open_storage(settings: Settings, clock: Callable[[], float]) -> tuple[BlobStore, RecordStore, Disk | None]:
    if settings.dynamodb_table is not None:
        if "s3_bucket" not in settings.model_fields_set:  # its default is a name for this machine, there somebody's
            raise NotReadyError("S3_BUCKET is not set: it should name the bucket for files beside DYNAMODB_TABLE.")
        from sightline.storage.dynamodb import DynamoRecordStore
        from sightline.storage.s3 import S3BlobStore

        return S3BlobStore(settings.s3_bucket), DynamoRecordStore(settings.dynamodb_table), None
    from sightline.storage.local import LocalBlobStore
    from sightline.storage.sqlite import SqliteRecordStore

    folder = settings.results_dir
    blobs, records = LocalBlobStore(folder / "files"), SqliteRecordStore(folder / "records.sqlite3")
    return blobs, records, Disk(blobs, records, settings.retention_days, clock)


def open_queue(settings: Settings, *, clock: Callable[[], float] = time.time) -> JobQueue:
    """The queue that the settings describe; without an address of one beside a table, what refuses jobs."""
    if settings.dynamodb_table is None:
        from sightline.jobs.sqlite import SqliteJobQueue

        return SqliteJobQueue(settings.results_dir / "jobs.sqlite3", clock=clock, keep_days=settings.retention_days)
    if settings.job_queue_url is None:
        return NoQueue(
            "There is no queue for jobs: SIGHTLINE_JOB_QUEUE_URL should name the SQS queue beside DYNAMODB_TABLE."
        )
    from sightline.jobs.sqs import SqsJobQueue

    return SqsJobQueue(
        table=settings.dynamodb_table,
        queue_url=settings.job_queue_url,
        dead_letter_url=settings.dead_letter_queue_url,
        keep_days=settings.retention_days,
        clock=clock,
    )
