"""How analyses stand, whoever asks, and their deletion."""

from __future__ import annotations

import base64
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from sightline.errors import NotFoundError
from sightline.service.gaze_setup import GazeService
from sightline.settings import Settings
from sightline.storage.local import LocalBlobStore
from sightline.storage.sqlite import SqliteRecordStore
from tests.jobs.handlers import until
from tests.service.faces import PICTURE, PICTURE_RESULT, VIDEO, FakeVideoAnalysis
from tests.service.uploading import announced, arrived, ask, ended


@pytest.mark.parametrize("begun_by", ["announcement", "job", "request"])
def test_nobody_else_s_analysis_is_found(gaze: GazeService, blobs: LocalBlobStore, begun_by: str) -> None:
    if begun_by == "request":
        video = base64.b64encode(VIDEO).decode()
        analysis_id = ask(gaze, "analyze_video", file_data=video)["analysis_id"]
    else:
        analysis_id = arrived(gaze, blobs)
    if begun_by == "job":
        ask(gaze, "submit", analysis_id=analysis_id)
    for action in ("submit", "get_status", "delete_analysis"):
        for other in ("u2", None):
            with pytest.raises(NotFoundError):
                ask(gaze, action, analysis_id=analysis_id, user_id=other)
    assert ask(gaze, "get_status", analysis_id=analysis_id)


def test_an_analysis_that_was_answered_at_once_stands_too(gaze: GazeService, blobs: LocalBlobStore) -> None:
    video = ask(gaze, "analyze_video", file_data=base64.b64encode(VIDEO).decode())
    status = ask(gaze, "get_status", analysis_id=video["analysis_id"])
    assert (status["state"], status["progress"]) == ("done", 1.0)
    assert status["result"].items() >= video.items()
    assert set(status["result"]["downloads"]) == {"csv", "report"}

    blobs.put("users/u1/in/a.mp4", VIDEO, "video/mp4")
    stored = ask(gaze, "process_s3_file", s3_key="users/u1/in/a.mp4")
    assert ask(gaze, "get_status", analysis_id=stored["analysis_id"])["result"].items() >= stored.items()

    picture = ask(gaze, "analyze_image", file_data=base64.b64encode(PICTURE).decode())
    result = ask(gaze, "get_status", analysis_id=picture["analysis_id"])["result"]
    assert result["result"] == {name: value for name, value in PICTURE_RESULT.items() if name != "landmarks"}
    assert "downloads" not in result


@pytest.mark.parametrize("state", ["awaiting_upload", "arrived", "queued", "running", "done", "at once"])
def test_a_deleted_analysis_leaves_nothing(
    gaze: GazeService, analysis: FakeVideoAnalysis, blobs: LocalBlobStore, small: Settings, state: str
) -> None:
    if state == "at once":
        analysis_id = ask(gaze, "analyze_video", file_data=base64.b64encode(VIDEO).decode())["analysis_id"]
    else:
        analysis_id = announced(gaze)["analysis_id"]
    if state not in ("awaiting_upload", "at once"):
        blobs.put(f"users/u1/eye/{analysis_id}/raw_video.mp4", VIDEO, "video/mp4")
    if state in ("queued", "running", "done"):
        ask(gaze, "submit", analysis_id=analysis_id)
    if state == "running":
        analysis.hold.clear()
        gaze.jobs.start()
        until(lambda: analysis.calls == 1)
    if state == "done":
        gaze.jobs.start()
        ended(gaze, analysis_id)

    answer = ask(gaze, "delete_analysis", analysis_id=analysis_id)
    assert answer == {"analysis_id": analysis_id, "status": "deleted"}
    for action in ("submit", "get_status", "delete_analysis"):
        with pytest.raises(NotFoundError):
            ask(gaze, action, analysis_id=analysis_id)
    gaze.jobs.stop()
    assert blobs.list() == ()
    records = SqliteRecordStore(small.results_dir / "records.sqlite3")
    marks = [[record.data for record in records.list(kind)] for kind in ("eye-tracking", "eye-tracking-upload")]
    assert marks == [[{"status": "deleted"}], [] if state == "at once" else [{"status": "deleted"}]]
    records.close()


def test_a_deleted_analysis_does_not_come_back_with_its_worker_s_record(
    gaze: GazeService, blobs: LocalBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker asked for the last time before the deletion, and records its results after it."""
    analysis_id = arrived(gaze, blobs)
    ask(gaze, "submit", analysis_id=analysis_id)
    record, complete, found = gaze.videos.record, gaze.jobs._queue.complete, []

    def record_after_deletion(*args: Any, **named: Any) -> None:
        ask(gaze, "delete_analysis", analysis_id=analysis_id)
        record(*args, **named)

    def look_and_complete(*args: Any) -> bool:
        with pytest.raises(NotFoundError):
            ask(gaze, "get_status", analysis_id=analysis_id)
        found.append(complete(*args))
        return bool(found[-1])

    monkeypatch.setattr(gaze.videos, "record", record_after_deletion)
    monkeypatch.setattr(gaze.jobs._queue, "complete", look_and_complete)
    gaze.jobs.start()
    until(lambda: bool(found))
    gaze.jobs.stop()

    assert found == [False]
    assert blobs.list() == ()
    with pytest.raises(NotFoundError):
        ask(gaze, "get_status", analysis_id=analysis_id)


def test_a_video_that_arrives_after_its_deletion_goes_too(gaze: GazeService, blobs: LocalBlobStore) -> None:
    deleted, kept = announced(gaze), announced(gaze)
    ask(gaze, "delete_analysis", analysis_id=deleted["analysis_id"])
    for answer in (deleted, kept):
        blobs.put(answer["s3_key"], VIDEO, "video/mp4")

    uploads = gaze.eye_tracking.uploads
    assert [uploads.remove_if_deleted(answer["s3_key"]) for answer in (deleted, kept)] == [True, False]
    assert [blob.key for blob in blobs.list()] == [kept["s3_key"]]
    assert not uploads.remove_if_deleted("users/u1/in/a.mp4")


def test_a_video_that_is_deleted_as_its_analysis_begins_names_nobody(
    gaze: GazeService, blobs: LocalBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason goes into dead letters, which a deletion does not reach."""

    def too_late(key: str) -> AbstractContextManager[Path]:
        blobs.delete(key)
        return blobs.as_file(key)

    monkeypatch.setattr(gaze.videos._blobs, "as_file", too_late)
    analysis_id = arrived(gaze, blobs)
    ask(gaze, "submit", analysis_id=analysis_id)
    gaze.jobs.start()

    status = ended(gaze, analysis_id)
    assert (status["state"], status["code"], status["attempts"]) == ("failed", "not_found", 1)
    assert "users/" not in status["reason"]
