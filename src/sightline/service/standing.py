"""How an analysis stands, whichever way it was begun, and its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sightline.errors import NotFoundError
from sightline.jobs.queue import Job
from sightline.service.gaze_results import ARTIFACTS
from sightline.service.request_fields import no_such_analysis
from sightline.service.video_jobs import VideoJobs, links_of, video_key_of
from sightline.service.videos import Place, VideoService

if TYPE_CHECKING:
    from sightline.service.uploads import Uploads

_DOWNLOAD_EXPIRES_S: Final = 900
"""How long an address of a result is good for: whoever asks again gets a new one."""

_DOWNLOADS: Final = ("csv", "report")

_NOTHING_YET: Final[Mapping[str, Any]] = {
    "progress": 0.0,
    "frames_done": 0,
    "frames_total": 0,
    "attempts": 0,
    "result": None,
    "reason": None,
    "code": None,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Finds an analysis among jobs, finished analyses and announced uploads."""

    videos: VideoService
    jobs: VideoJobs
    uploads: Uploads

    def of(self, place: Place) -> dict[str, Any]:
        """How an analysis stands, as JSON can say it.

        Raises:
            NotFoundError: this user has none with this id.
        """
        if (job := self.jobs.find(place)) is not None:
            return self._of_job(place, job)
        try:
            item = self.videos.recorded(place)
        except NotFoundError:
            if self.uploads.find(place) is None:
                raise no_such_analysis() from None
            return _standing(place, "awaiting_upload")
        result = self._recorded_result(place, item)
        return _standing(place, "done", progress=1.0, attempts=1, result=result)

    def delete(self, place: Place) -> None:
        """Remove an analysis with its video, results and all that is known of it; one under way is interrupted.

        A video of the user's that the analysis was given by its `s3_key` stays.

        Raises:
            NotFoundError: this user has none with this id.
        """
        self.of(place)
        self.jobs.delete_at(place)
        self.uploads.delete(place)

    def _of_job(self, place: Place, job: Job) -> dict[str, Any]:
        done = job.state == "done" and job.result is not None
        result = None
        if job.state == "done" and job.result is not None:
            result = video_answer(self.videos, place, video_key_of(job), job.result)
            result["downloads"] = self._downloads(place, tuple(links_of(job)))
        return _standing(
            place,
            job.state,
            progress=1.0 if done else round(job.progress.fraction, 4),
            frames_done=job.progress.done,
            frames_total=job.progress.total,
            attempts=job.attempts,
            result=result,
            reason=job.failure.reason if job.failure else None,
            code=job.failure.code if job.failure else None,
        )

    def _recorded_result(self, place: Place, item: Mapping[str, Any]) -> dict[str, Any]:
        results = item["results"]
        if "summary" not in results:
            return {"analysis_id": place.analysis_id, "result": results, "status": item["status"]}
        answer = video_answer(self.videos, place, item.get("s3Key", place.video_key), results)
        return answer | {"downloads": self._downloads(place, _DOWNLOADS)}

    def _downloads(self, place: Place, made: tuple[str, ...]) -> dict[str, str]:
        return {
            link: self.videos.download(place, ARTIFACTS[link], expires_s=_DOWNLOAD_EXPIRES_S)
            for link in _DOWNLOADS
            if link in made
        }


def video_answer(videos: VideoService, place: Place, video_key: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """The contract's answer for an analysed video."""
    return {
        "analysis_id": place.analysis_id,
        "summary": document["summary"],
        "screening": document.get("screening"),
        "video_path": videos.address(video_key),
        "csv_path": videos.address(place.key(ARTIFACTS["csv"].name)),
        "status": "success",
    }


def _standing(place: Place, state: str, **known: Any) -> dict[str, Any]:
    return {"analysis_id": place.analysis_id, "state": state} | {**_NOTHING_YET, **known}
