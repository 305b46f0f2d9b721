"""Videos as jobs: accept one, say how far it is, hand out its files, remove it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import partial
from hashlib import file_digest
from typing import Any, BinaryIO

from sightline.errors import BadInputError, BusyError, NotFoundError, UnavailableError
from sightline.jobs.attempt import Attempt, AttemptFailedError
from sightline.jobs.queue import Job, JobQueue
from sightline.jobs.worker import Worker
from sightline.service.expiry import Disk, Sweeper
from sightline.service.gaze_request import Wanted, parse_wanted
from sightline.service.gaze_results import ARTIFACTS, Artifact, links_made
from sightline.service.isolation import CrashError
from sightline.service.request_fields import is_id
from sightline.service.video_file import VideoFile
from sightline.service.videos import KIND, Place, VideoService
from sightline.telemetry import request_id

_TOLD = ("summary", "screening", "quality", "warnings", "model", "disclaimer")
"""What a job's result says; all the rest is in the report."""

_RETRY_AFTER_S = 60  # a queue that is full of videos has room again when one is analysed: a minute or so


class VideoJobs:
    """Accepts videos now and analyses them later, in a worker of this process or of another one.

    Args:
        videos: keeps and analyses them.
        queue: remembers the jobs.
        workers: videos analysed at a time in this process.
        queue_limit: videos that may wait.
        figures: draw the figures too.
        disk: where videos lie on one, and what has expired is to be removed from it.
    """

    def __init__(
        self,
        videos: VideoService,
        queue: JobQueue,
        *,
        workers: int,
        queue_limit: int,
        figures: bool = True,
        disk: Disk | None = None,
    ) -> None:
        self._videos = videos
        self._queue = queue
        self._queue_limit = queue_limit
        self.handler = VideoJobHandler(videos, figures=figures)
        self._worker = Worker(queue, {KIND: self.handler}, threads=workers)
        self._sweeper = Sweeper(partial(self._expired, disk), self.delete_at, disk.tidy) if disk else None

    def start(self) -> None:
        """Begin to work on what is queued, also from before a restart, and to remove what has expired."""
        self._worker.start()
        if self._sweeper:
            self._sweeper.start()

    def stop(self) -> None:
        """Interrupt what is under way; it begins again at the next start."""
        self._worker.stop()
        if self._sweeper:
            self._sweeper.stop()

    def close(self) -> None:
        """Stop, and let go of the queue."""
        self.stop()
        self._queue.close()

    def check_room(self) -> None:
        """Return if another video may wait.

        Raises:
            BusyError: too many wait already.
        """
        waiting = self._queue.waiting()
        if waiting >= self._queue_limit:
            message = f"{waiting} videos are waiting already. Try again in {_RETRY_AFTER_S} s."
            raise BusyError(message, retry_after_s=_RETRY_AFTER_S)

    def submit(
        self,
        video: BinaryIO,
        user_id: str,
        wanted: Wanted,
        *,
        once_key: str | None = None,
        keep_days: int | None = None,
    ) -> Job:
        """Keep a video and queue its analysis.

        Args:
            video: an open file, at its start.
            user_id: whose it is, checked.
            wanted: how to analyse it.
            once_key: the client's name for this upload: sent again, the job it has made already is given back.
            keep_days: after how many days all of it is removed; None leaves that to the deployment.

        Raises:
            BadInputError: `once_key` stands for another upload.
            BusyError: too many videos wait already.
            UnavailableError: the store or the queue cannot be reached: send the same again.
        """
        payload: dict[str, Any] = {"user_id": user_id, **wanted.to_dict(), "keep_days": keep_days}
        if once_key is not None:
            once_key = f"{user_id}/{once_key}"
            payload["sha256"] = file_digest(video, "sha256").hexdigest()  # type: ignore[arg-type]
            video.seek(0)
            if (known := self._queue.find(once_key)) is not None:
                return self.submit_again(_same_upload(known, payload), once_key)
        self.check_room()
        place = Place.new(user_id)
        try:
            self._videos.keep(place, video)
            tagged = payload | {"request_id": request_id.get()}
            job = self._queue.submit(place.analysis_id, KIND, tagged, once_key=once_key, keep_days=keep_days)
        except UnavailableError:
            raise  # the job may be stored: the same upload sent again finds it, and it its video
        except BaseException:
            self._videos.discard(place)
            raise
        if job.id != place.analysis_id:  # the same upload came twice at the same time, and the other one was first
            self._videos.discard(place)
            return _same_upload(job, payload)
        self._worker.wake()
        return job

    def submit_stored(self, place: Place, video_key: str, wanted: Wanted, *, once_key: str) -> Job:
        """Queue the analysis of a video where it lies.

        Args:
            place: where the results go.
            video_key: where the video is, in the same user's prefix.
            wanted: how to analyse it.
            once_key: what was submitted under it before is given back.
        """
        payload = {
            "user_id": place.user_id,
            "video_key": video_key,
            **wanted.to_dict(),
            "request_id": request_id.get(),
        }
        job = self._queue.submit(place.analysis_id, KIND, payload, once_key=once_key)
        self._worker.wake()
        return job

    def submit_again(self, known: Job, once_key: str) -> Job:
        """Give back a job that was submitted under `once_key` before; one that waits may never have been announced, and
        is now.
        """
        if known.state != "queued":
            return known
        keep_days = known.payload.get("keep_days")
        return self._queue.submit(known.id, KIND, known.payload, once_key=once_key, keep_days=keep_days)

    def find(self, place: Place) -> Job | None:
        """The job of a user's analysis, if there is one."""
        try:
            job = self._queue.get(place.analysis_id)
        except NotFoundError:
            return None
        return job if job.payload["user_id"] == place.user_id else None

    def find_once(self, once_key: str) -> Job | None:
        """The job that was submitted under `once_key`, if it is still there."""
        return self._queue.find(once_key)

    def get(self, job_id: str) -> Job:
        """How a job stands.

        Raises:
            NotFoundError: there is no such job.
        """
        return self._queue.get(_check_id(job_id))

    def artifact(self, job_id: str, artifact: Artifact) -> bytes:
        """A file of a job's result.

        Raises:
            NotFoundError: there is no such job, or it is not done.
        """
        job = self.get(job_id)
        if job.state != "done":
            raise NotFoundError(f"The job is {job.state}: it has results once it is done.")
        return self._videos.artifact(_place(job), artifact)

    def video_of(self, job: Job) -> VideoFile:
        """Which bytes the video of a finished job has: those that were analysed.

        Raises:
            NotFoundError: it is gone.
            NotReadyError: it was changed since.
        """
        noted = (job.result or {}).get("video")  # jobs of earlier versions have none
        return self._videos.described(video_key_of(job), VideoFile(**noted) if noted else None)

    def delete(self, job_id: str) -> None:
        """Remove a job with its video, results and record; one that runs is interrupted.

        The files go before the job, so that after a crash in between the same call finds the job and goes on; and once
        more after it, because until then its worker may have stored some.

        Raises:
            NotFoundError: there is no such job.
        """
        self.delete_at(_place(self.get(job_id)))

    def delete_at(self, place: Place) -> None:
        """`delete` of what is at a place, whether or not there is a job."""
        self._videos.delete(place)
        self._queue.delete(place.analysis_id)
        self._videos.delete_files(place)

    def _expired(self, disk: Disk) -> Iterator[Place]:
        """What is to be removed from a disk now."""
        for job in self._queue.expired():
            yield _place(job)
        for place in disk.old_places():
            if self.find(place) is None:  # else its job says when
                yield place


class VideoJobHandler:
    """Carries out one video's job; `sightline.jobs.attempt.Handler`."""

    def __init__(self, videos: VideoService, *, figures: bool) -> None:
        self._videos = videos
        self._figures = figures

    def run(self, job: Job, attempt: Attempt) -> Mapping[str, Any]:
        place = _place(job)
        wanted = parse_wanted(job.payload["parameters"], job.payload["protocol"])
        try:
            found = self._videos.analyse(
                place,
                video_key_of(job),
                wanted,
                figures=self._figures,
                expires_at=job.expires_at,
                progress=attempt.progress,
                check=attempt.check,
            )
        except CrashError as error:
            raise AttemptFailedError(str(error)) from error
        told = {name: found.report[name] for name in _TOLD if name in found.report}
        return told | {"files": list(links_made(figures=self._figures)), "video": asdict(found.video)}

    def forget(self, job: Job) -> None:
        self._videos.delete_files(_place(job))


def links_of(job: Job) -> dict[str, str]:
    """The names of a finished job's files by the names of their links."""
    if job.state != "done" or job.result is None:
        return {}
    made = job.result.get("files", ARTIFACTS)  # before it was told, all were made
    return {link: artifact.name for link, artifact in ARTIFACTS.items() if link in made}


def video_key_of(job: Job) -> str:
    """Where a job's video is."""
    key: str = job.payload.get("video_key") or _place(job).video_key
    return key


def _place(job: Job) -> Place:
    return Place(job.payload["user_id"], job.id)


def _same_upload(job: Job, payload: Mapping[str, Any]) -> Job:
    if any(job.payload.get(name) != value for name, value in payload.items()):
        raise BadInputError("This Idempotency-Key was sent with another upload before. Choose a new one.")
    return job


def _check_id(job_id: str) -> str:
    """Let only ids of the form that this service hands out near the storage."""
    if not is_id(job_id):
        raise NotFoundError("There is no job with this id.")
    return job_id
