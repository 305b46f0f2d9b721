"""Puts the gaze side of the service together from the settings: which storage, which queue, which analysis."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from sightline.jobs.queue import JobQueue
from sightline.jobs.sqlite import SqliteJobQueue
from sightline.service.eye_tracking import EyeTracking
from sightline.service.pictures import PictureAnalysis, analyse_picture
from sightline.service.video_analysis import VideoAnalysis, analyse_isolated
from sightline.service.video_jobs import VideoJobs
from sightline.service.videos import VideoService
from sightline.settings import Settings
from sightline.storage.local import LocalBlobStore
from sightline.storage.sqlite import SqliteRecordStore


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
) -> GazeService:
    """A service on the data folder; its worker does not run yet (`service.jobs.start()`).

    Args:
        settings: where videos and results lie, which limits, how many workers.
        analyse_video: looks at videos.
        analyse_picture: looks at pictures.
        queue: remembers jobs; a file in the data folder where it is None.

    Raises:
        NotReadyError: the data folder cannot be used.
    """
    folder = settings.results_dir
    blobs = LocalBlobStore(folder / "files")
    with ExitStack() as opened:
        records = SqliteRecordStore(folder / "records.sqlite3")
        opened.callback(records.close)
        videos = VideoService(
            blobs=blobs,
            records=records,
            analyse=analyse_video,
            bucket=settings.s3_bucket,
            max_bytes=settings.max_video_bytes,
        )
        jobs = VideoJobs(
            videos,
            queue or SqliteJobQueue(folder / "jobs.sqlite3"),
            workers=settings.job_workers,
            queue_limit=settings.job_queue_limit,
        )
        opened.pop_all()
    return GazeService(EyeTracking(videos, analyse_picture, settings.max_upload_bytes), jobs, videos)
