"""Videos that no request could carry: announced, sent to the storage, submitted, asked after, deleted."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from sightline.errors import (
    BadInputError,
    BusyError,
    NotFoundError,
    NotReadyError,
    NotUploadedError,
    SightlineError,
    TooLargeError,
)
from sightline.service.gaze_setup import GazeService, open_gaze_service
from sightline.service.no_queue import NoQueue
from sightline.settings import Settings
from sightline.storage.local import LocalBlobStore
from sightline.storage.sqlite import SqliteRecordStore
from tests.jobs.handlers import until
from tests.service.faces import SUMMARY, VIDEO, FakeVideoAnalysis
from tests.service.uploading import Answer, announced, arrived, ask, ended

PROTOCOL = [{"start_s": 0, "end_s": 1, "target": "up"}]


def test_an_upload_from_its_announcement_to_its_result(
    gaze: GazeService, analysis: FakeVideoAnalysis, blobs: LocalBlobStore
) -> None:
    before = datetime.now(UTC)
    answer = announced(gaze, file_name="Me.MOV", parameters={"step": 3}, protocol=PROTOCOL)
    analysis_id = answer["analysis_id"]
    upload = answer["upload"]

    assert UUID(analysis_id).version == 4
    assert answer["s3_key"] == f"users/u1/eye/{analysis_id}/raw_video.mp4"
    assert answer["status"] == "awaiting_upload"
    assert upload["method"] == "PUT"
    assert upload["url"].startswith("/files/users/u1/eye/")
    assert upload["headers"]["Content-Type"] == "video/quicktime"
    assert timedelta(seconds=890) < datetime.fromisoformat(upload["expires_at"]) - before < timedelta(seconds=960)
    waiting = ask(gaze, "get_status", analysis_id=analysis_id)
    assert (waiting["state"], waiting["progress"], waiting["result"]) == ("awaiting_upload", 0.0, None)

    blobs.put(answer["s3_key"], VIDEO, "video/quicktime")
    assert ask(gaze, "submit", analysis_id=analysis_id) == {
        "analysis_id": analysis_id,
        "job_id": analysis_id,
        "state": "queued",
        "status": "accepted",
    }
    gaze.jobs.start()
    status = ended(gaze, analysis_id)
    assert {name: value for name, value in status.items() if name != "result"} == {
        "analysis_id": analysis_id,
        "state": "done",
        "progress": 1.0,
        "frames_done": 100,
        "frames_total": 100,
        "attempts": 1,
        "reason": None,
        "code": None,
    }
    result = status["result"]
    assert (result["summary"], result["status"]) == (SUMMARY, "success")
    assert result["video_path"] == f"s3://sightline/{answer['s3_key']}"
    assert result["csv_path"] == f"s3://sightline/users/u1/eye/{analysis_id}/analysis_results.csv"
    assert set(result["downloads"]) == {"csv", "report"}
    [wanted] = analysis.wanted
    assert (wanted.options.step, wanted.protocol) == (3, tuple(PROTOCOL))


def test_what_runs_tells_how_far_it_is(gaze: GazeService, analysis: FakeVideoAnalysis, blobs: LocalBlobStore) -> None:
    analysis.hold.clear()
    analysis_id = arrived(gaze, blobs)
    ask(gaze, "submit", analysis_id=analysis_id)
    gaze.jobs.start()
    until(lambda: ask(gaze, "get_status", analysis_id=analysis_id)["frames_done"] == 40)

    status = ask(gaze, "get_status", analysis_id=analysis_id)
    assert (status["state"], status["progress"], status["frames_total"]) == ("running", 0.4, 100)
    assert (status["attempts"], status["result"]) == (1, None)


def test_what_failed_tells_why(gaze: GazeService, blobs: LocalBlobStore) -> None:
    answer = announced(gaze)
    blobs.put(answer["s3_key"], bytes(len(VIDEO)), "video/mp4")
    ask(gaze, "submit", analysis_id=answer["analysis_id"])
    gaze.jobs.start()
    status = ended(gaze, answer["analysis_id"])

    assert (status["state"], status["code"], status["result"]) == ("failed", "bad_input", None)
    assert status["reason"] == "these bytes are no video that can be read"


@pytest.mark.parametrize(
    ("fields", "content_type"),
    [
        ({}, "video/mp4"),
        ({"file_name": "a.webm"}, "video/webm"),
        ({"content_type": "video/3gpp"}, "video/3gpp"),
        ({"file_name": "a.mp4", "content_type": "video/quicktime"}, "video/quicktime"),
        ({"size_bytes": 5000.0}, "video/mp4"),
    ],
)
def test_what_a_video_is_sent_as(gaze: GazeService, fields: Answer, content_type: str) -> None:
    assert announced(gaze, **fields)["upload"]["headers"]["Content-Type"] == content_type


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"size_bytes": None}, "size_bytes is missing"),
        ({"size_bytes": 0}, "size_bytes is 0"),
        ({"size_bytes": -1}, "size_bytes is -1"),
        ({"size_bytes": True}, "size_bytes is True"),
        ({"size_bytes": "9"}, "size_bytes is '9'"),
        ({"size_bytes": "\ud800"}, r"size_bytes is '\ud800'"),
        ({"size_bytes": 1.5}, "size_bytes is 1.5"),
        ({"size_bytes": float("inf")}, "size_bytes is inf"),
        ({"file_name": "a.exe"}, "file_name ends in '.exe'"),
        ({"file_name": "a.jpg"}, "file_name ends in '.jpg'"),
        ({"file_name": "a.exe", "content_type": "video/mp4"}, "file_name ends in"),
        ({"content_type": "text/html"}, "content_type is 'text/html'"),
        ({"content_type": "video/mp4\r\nx: y"}, "content_type is"),
        ({"content_type": ["video/mp4"]}, "content_type is"),
        ({"user_id": "../u2"}, "user_id"),
        ({"parameters": {"step": 0}}, "step is 0"),
        ({"protocol": [{"target": "up"}]}, "protocol"),
    ],
)
def test_an_announcement_that_cannot_be_says_why(gaze: GazeService, fields: Answer, words: str) -> None:
    with pytest.raises(BadInputError) as caught:
        announced(gaze, **fields)
    assert words in caught.value.message


def test_a_submission_of_nothing_says_what_it_may_name(gaze: GazeService) -> None:
    with pytest.raises(BadInputError, match="analysis_id is missing: send it, or the s3_key"):
        gaze.eye_tracking.handle({"action": "submit", "user_id": "u1"})


def test_a_video_over_the_limit_is_told_before_it_is_sent(gaze: GazeService) -> None:
    assert announced(gaze, size_bytes=5000)
    with pytest.raises(TooLargeError, match="at most 5000 bytes"):
        announced(gaze, size_bytes=5001)


def test_an_upload_that_has_not_arrived_names_the_way(gaze: GazeService) -> None:
    analysis_id = announced(gaze)["analysis_id"]
    with pytest.raises(NotUploadedError, match="PUT"):
        ask(gaze, "submit", analysis_id=analysis_id)
    assert ask(gaze, "get_status", analysis_id=analysis_id)["state"] == "awaiting_upload"


def test_an_upload_of_another_length_is_refused(gaze: GazeService, blobs: LocalBlobStore) -> None:
    answer = announced(gaze)
    blobs.put(answer["s3_key"], VIDEO + b"1", "video/mp4")
    with pytest.raises(BadInputError, match=f"has {len(VIDEO) + 1} bytes, announced were {len(VIDEO)}"):
        ask(gaze, "submit", analysis_id=answer["analysis_id"])


def test_submitting_again_is_the_same_job_however_it_is_named(gaze: GazeService, blobs: LocalBlobStore) -> None:
    analysis_id = arrived(gaze, blobs, parameters={"step": 2})
    key = f"users/u1/eye/{analysis_id}/raw_video.mp4"
    for request in (
        {"analysis_id": analysis_id},
        {"analysis_id": analysis_id},
        {"analysis_id": analysis_id, "s3_key": key},
        {"s3_key": key},
        {"s3_key": key, "parameters": {"step": 2}},
        {"analysis_id": analysis_id, "parameters": {"step": 2}},
    ):
        assert ask(gaze, "submit", **request)["job_id"] == analysis_id

    gaze.jobs.start()
    ended(gaze, analysis_id)
    assert ask(gaze, "submit", analysis_id=analysis_id)["state"] == "done"


def test_an_upload_with_other_wishes_is_refused_or_one_more_analysis(gaze: GazeService, blobs: LocalBlobStore) -> None:
    analysis_id = arrived(gaze, blobs, parameters={"step": 2})
    for _ in range(2):  # before and after it was submitted
        with pytest.raises(BadInputError, match="create_upload"):
            ask(gaze, "submit", analysis_id=analysis_id, parameters={"step": 3})
        ask(gaze, "submit", analysis_id=analysis_id)
    key = f"users/u1/eye/{analysis_id}/raw_video.mp4"
    assert ask(gaze, "submit", s3_key=key, parameters={"step": 3})["job_id"] != analysis_id
    with pytest.raises(BadInputError, match="two videos"):
        ask(gaze, "submit", analysis_id=analysis_id, s3_key="users/u1/other.mp4")


def test_a_stored_video_is_one_job_for_the_same_wishes(
    gaze: GazeService, analysis: FakeVideoAnalysis, blobs: LocalBlobStore
) -> None:
    blobs.put("users/u1/in/a.mp4", VIDEO, "video/mp4")
    first = ask(gaze, "submit", s3_key="users/u1/in/a.mp4", parameters={"step": 2})
    assert ask(gaze, "submit", s3_key="users/u1/in/a.mp4", parameters={"step": 2}) == first
    assert ask(gaze, "submit", s3_key="users/u1/in/a.mp4")["job_id"] != first["job_id"]
    other = VIDEO[:-1] + b"1"
    blobs.put("users/u1/in/a.mp4", other, "video/mp4")
    assert ask(gaze, "submit", s3_key="users/u1/in/a.mp4", parameters={"step": 2})["job_id"] != first["job_id"]

    gaze.jobs.start()
    result = ended(gaze, first["analysis_id"])["result"]
    assert result["video_path"] == "s3://sightline/users/u1/in/a.mp4"
    assert result["csv_path"] == f"s3://sightline/users/u1/eye/{first['analysis_id']}/analysis_results.csv"
    ask(gaze, "delete_analysis", analysis_id=first["analysis_id"])
    assert blobs.get("users/u1/in/a.mp4") == other


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({}, BadInputError),
        ({"s3_key": "users/u2/a.mp4"}, BadInputError),
        ({"s3_key": "users/u1/../u2/a.mp4"}, BadInputError),
        ({"s3_key": "users/u1/none.mp4"}, NotFoundError),
        ({"s3_key": "users/u1/large.mp4"}, TooLargeError),
        ({"analysis_id": 7}, BadInputError),
        ({"analysis_id": ""}, BadInputError),
        ({"analysis_id": "../u2"}, NotFoundError),
        ({"analysis_id": str(uuid4())}, NotFoundError),
        ({"analysis_id": str(uuid4()).upper()}, NotFoundError),
    ],
)
def test_what_cannot_be_submitted(
    gaze: GazeService, blobs: LocalBlobStore, request_: Answer, error: type[SightlineError]
) -> None:
    blobs.put("users/u2/a.mp4", VIDEO, "video/mp4")
    blobs.put("users/u1/large.mp4", VIDEO + bytes(5000), "video/mp4")
    with pytest.raises(error):
        ask(gaze, "submit", **request_)


def test_more_than_may_wait_are_turned_away_before_they_are_sent(gaze: GazeService, blobs: LocalBlobStore) -> None:
    late = arrived(gaze, blobs)
    for number in range(3):
        blobs.put(f"users/u1/in/{number}.mp4", VIDEO, "video/mp4")
        ask(gaze, "submit", s3_key=f"users/u1/in/{number}.mp4")
    with pytest.raises(BusyError):
        announced(gaze)
    blobs.put("users/u1/in/3.mp4", VIDEO, "video/mp4")
    with pytest.raises(BusyError):
        ask(gaze, "submit", s3_key="users/u1/in/3.mp4")
    assert ask(gaze, "submit", s3_key="users/u1/in/0.mp4")["status"] == "accepted"
    assert ask(gaze, "submit", analysis_id=late)["status"] == "accepted"  # it has arrived: to refuse it frees nothing


def test_without_a_queue_jobs_are_refused_and_all_else_goes_on(settings: Settings, blobs: LocalBlobStore) -> None:
    queue = NoQueue("There is no queue: set SIGHTLINE_JOB_QUEUE_URL.")
    gaze = open_gaze_service(settings, analyse_video=FakeVideoAnalysis(), queue=queue)
    blobs.put("users/u1/in/a.mp4", VIDEO, "video/mp4")
    for action, fields in (("create_upload", {"size_bytes": 9}), ("submit", {"s3_key": "users/u1/in/a.mp4"})):
        with pytest.raises(NotReadyError, match="SIGHTLINE_JOB_QUEUE_URL"):
            ask(gaze, action, **fields)
    analysis_id = ask(gaze, "process_s3_file", s3_key="users/u1/in/a.mp4")["analysis_id"]
    assert ask(gaze, "get_status", analysis_id=analysis_id)["state"] == "done"
    assert ask(gaze, "delete_analysis", analysis_id=analysis_id)["status"] == "deleted"
    gaze.jobs.start()  # its worker has nothing to do
    gaze.close()


def test_records_and_announcements_are_forgotten_in_time(settings: Settings, blobs: LocalBlobStore) -> None:
    settings = settings.model_copy(update={"retention_days": 30, "upload_expires_s": 600})
    gaze = open_gaze_service(settings, analyse_video=FakeVideoAnalysis())
    now = datetime.now(UTC)
    analysis_id = ask(gaze, "analyze_video", file_data=base64.b64encode(VIDEO).decode())["analysis_id"]
    upload_id = announced(gaze)["analysis_id"]
    gaze.close()
    records = SqliteRecordStore(settings.results_dir / "records.sqlite3")
    expiries = [
        records.get(kind, record_id).expires_at
        for kind, record_id in (("eye-tracking", analysis_id), ("eye-tracking-upload", upload_id))
    ]
    records.close()

    for expires_at, days in zip(expiries, (30, 1), strict=True):
        assert expires_at is not None
        assert timedelta(0) <= expires_at - now - timedelta(days=days) < timedelta(hours=1)


def test_figures_are_drawn_where_they_are_wanted(settings: Settings, blobs: LocalBlobStore, tmp_path: Path) -> None:
    gaze = open_gaze_service(settings, analyse_video=FakeVideoAnalysis(), figures=False)
    analysis_id = arrived(gaze, blobs)
    ask(gaze, "submit", analysis_id=analysis_id)
    gaze.jobs.start()
    ended(gaze, analysis_id)
    names = {blob.key.rpartition("/")[2] for blob in blobs.list()}
    gaze.close()

    assert names == {"raw_video.mp4", "analysis_results.csv", "report.json"}
