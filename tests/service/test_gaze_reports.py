"""The sealed report of a finished job."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from sightline.errors import NotFoundError, NotReadyError
from sightline.evidence.verification import Outcome
from sightline.evidence.verify import verify
from sightline.service.gaze_reports import FORMATS, Format, GazeReports
from sightline.service.gaze_setup import GazeService
from sightline.service.signing import Signer
from sightline.service.video_jobs import video_key_of
from sightline.service.videos import VideoService
from sightline.settings import Settings
from sightline.storage.local import LocalBlobStore
from tests.service.faces import VIDEO
from tests.service.uploading import arrived, ask, ended


def finished(gaze: GazeService, blobs: LocalBlobStore) -> str:
    analysis_id = arrived(gaze, blobs)
    ask(gaze, "submit", analysis_id=analysis_id)
    gaze.jobs.start()
    assert ended(gaze, analysis_id)["state"] == "done"
    return analysis_id


@pytest.mark.parametrize("report_format", FORMATS)
def test_a_report_holds_and_names_its_video(
    gaze: GazeService, blobs: LocalBlobStore, small: Settings, tmp_path: Path, report_format: Format
) -> None:
    job_id = finished(gaze, blobs)
    report = tmp_path / f"report.{report_format}"
    report.write_bytes(GazeReports(gaze.jobs, Signer(small)).make(job_id, report_format, "ko"))
    video = tmp_path / "renamed.mp4"
    video.write_bytes(VIDEO)

    checked = verify(report, originals=[video], key=None)

    assert checked.holds, checked
    assert checked.manifest is not None
    assert checked.manifest["originals"][0]["sha256"] == sha256(VIDEO).hexdigest()
    assert [check.outcome for check in checked.checks if check.subject == "original"] == [Outcome.HOLDS]


def test_a_report_reads_no_video_that_is_as_it_was(
    gaze: GazeService, blobs: LocalBlobStore, small: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A video may have gigabytes. It is read when it is analysed, and again only where its file was replaced."""
    job_id = finished(gaze, blobs)
    reports = GazeReports(gaze.jobs, Signer(small))
    with monkeypatch.context() as patched:
        patched.setattr(VideoService, "open", None)
        assert reports.make(job_id, "html", "en")
    key = video_key_of(gaze.jobs.get(job_id))
    blobs.put(key, VIDEO, "video/mp4")  # the same bytes in another file
    assert reports.make(job_id, "html", "en")
    blobs.put(key, VIDEO + b"x", "video/mp4")
    with pytest.raises(NotReadyError, match="not the one that was analysed"):
        reports.make(job_id, "html", "en")
    blobs.delete(key)
    with pytest.raises(NotFoundError):
        reports.make(job_id, "html", "en")


def test_a_job_of_an_earlier_version_has_its_video_read(
    gaze: GazeService, blobs: LocalBlobStore, small: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = gaze.jobs.get(finished(gaze, blobs))
    assert job.result is not None
    noted = {name: value for name, value in job.result.items() if name != "video"}
    monkeypatch.setattr(gaze.jobs, "get", lambda _: replace(job, result=noted))

    assert sha256(VIDEO).hexdigest() in GazeReports(gaze.jobs, Signer(small)).make(job.id, "html", "en").decode()


def test_only_a_finished_job_has_a_report(gaze: GazeService, blobs: LocalBlobStore, small: Settings) -> None:
    reports = GazeReports(gaze.jobs, Signer(small))
    waiting = arrived(gaze, blobs)
    ask(gaze, "submit", analysis_id=waiting)
    for job_id in (waiting, "00000000-0000-4000-8000-000000000000", "../x"):
        with pytest.raises(NotFoundError):
            reports.make(job_id, "pdf", "en")
