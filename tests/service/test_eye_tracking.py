from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from sightline.errors import BadInputError, NotFoundError, SightlineError, TooLargeError
from sightline.service.gaze_setup import GazeService, open_gaze_service
from sightline.service.isolation import CrashError
from sightline.settings import Settings
from sightline.storage.local import LocalBlobStore
from sightline.storage.sqlite import SqliteRecordStore
from tests.service.faces import (
    CSV_HEAD,
    PICTURE,
    PICTURE_RESULT,
    SUMMARY,
    VIDEO,
    FakeVideoAnalysis,
    fake_picture_analysis,
)

VIDEO_TEXT = base64.b64encode(VIDEO).decode()
PICTURE_TEXT = base64.b64encode(PICTURE).decode()


@pytest.fixture
def analysis() -> FakeVideoAnalysis:
    return FakeVideoAnalysis()


@pytest.fixture
def gaze(settings: Settings, analysis: FakeVideoAnalysis) -> Iterator[GazeService]:
    gaze = open_gaze_service(
        settings.model_copy(update={"s3_bucket": "seoul-ht-09", "max_upload_bytes": 10_000}),
        analyse_video=analysis,
        analyse_picture=fake_picture_analysis,
    )
    yield gaze
    gaze.close()


@pytest.fixture
def blobs(settings: Settings) -> LocalBlobStore:
    return LocalBlobStore(settings.results_dir / "files")


def record_of(settings: Settings, analysis_id: str) -> dict[str, Any]:
    records = SqliteRecordStore(settings.results_dir / "records.sqlite3")
    try:
        return dict(records.get("eye-tracking", analysis_id).data)
    finally:
        records.close()


def video_request(**fields: Any) -> dict[str, Any]:
    return {"action": "analyze_video", "file_data": VIDEO_TEXT, "user_id": "u1", "file_name": "video.mp4"} | fields


def test_a_video_as_the_contract_has_it(gaze: GazeService, settings: Settings, blobs: LocalBlobStore) -> None:
    before = int(time.time())
    answer = gaze.eye_tracking.handle(video_request())
    analysis_id = answer["analysis_id"]
    folder = f"users/u1/eye/{analysis_id}"

    assert UUID(analysis_id).version == 4
    assert answer["status"] == "success"
    assert answer["summary"] == SUMMARY
    assert answer["video_path"] == f"s3://seoul-ht-09/{folder}/raw_video.mp4"
    assert answer["csv_path"] == f"s3://seoul-ht-09/{folder}/analysis_results.csv"
    assert answer["screening"]["verdict"] == "insufficient_data"
    assert blobs.get(f"{folder}/raw_video.mp4") == VIDEO
    assert blobs.get(f"{folder}/analysis_results.csv").decode().startswith(CSV_HEAD)
    item = record_of(settings, analysis_id)
    assert (item["analysisId"], item["testType"], item["userId"]) == (analysis_id, "eye-tracking", "u1")
    assert before <= item["timestamp"] <= time.time()
    assert (item["status"], item["results"]["summary"]) == ("success", SUMMARY)


def test_parameters_and_protocol_reach_the_analysis(gaze: GazeService, analysis: FakeVideoAnalysis) -> None:
    protocol = [{"start_s": 0, "end_s": 1, "target": "up"}]
    gaze.eye_tracking.handle(video_request(parameters={"step": 3, "max_frames": 50}, protocol=protocol))
    [wanted] = analysis.wanted

    assert (wanted.options.step, wanted.options.max_frames, wanted.options.blink_thresh) == (3, 50, 0.18)
    assert wanted.protocol == ({"start_s": 0, "end_s": 1, "target": "up"},)


def test_a_request_with_the_least_there_can_be(gaze: GazeService) -> None:
    answer = gaze.eye_tracking.handle({"action": "analyze_video", "file_data": VIDEO_TEXT})

    assert "/users/anonymous/eye/" in answer["video_path"]


def test_a_picture_as_the_contract_has_it_and_what_is_kept_of_it(
    gaze: GazeService, settings: Settings, blobs: LocalBlobStore
) -> None:
    request = {"action": "analyze_image", "file_data": PICTURE_TEXT, "user_id": "u1", "file_name": "face.jpg"}
    answer = gaze.eye_tracking.handle(request)

    assert answer == {"analysis_id": answer["analysis_id"], "result": PICTURE_RESULT, "status": "success"}
    item = record_of(settings, answer["analysis_id"])
    assert item["userId"] == "u1"
    assert item["results"]["eye_open"] == 0.3
    assert "landmarks" not in item["results"]
    assert blobs.list() == ()


def test_a_picture_without_a_face_is_a_success_too(gaze: GazeService) -> None:
    request = {"action": "analyze_image", "file_data": base64.b64encode(PICTURE + b"empty").decode()}
    answer = gaze.eye_tracking.handle(request)

    assert answer["status"] == "success"
    assert answer["result"]["detected"] is False
    assert answer["result"]["reason"]


@pytest.mark.parametrize("name", [{"file_name": "My Video.MOV"}, {}])
def test_a_stored_video(gaze: GazeService, settings: Settings, blobs: LocalBlobStore, name: dict[str, str]) -> None:
    key = f"users/u1/eye/{uuid4()}/raw_video.mp4"
    blobs.put(key, VIDEO, "video/mp4")
    answer = gaze.eye_tracking.handle({"action": "process_s3_file", "s3_key": key, "user_id": "u1"} | name)

    assert answer["summary"] == SUMMARY
    assert answer["video_path"] == f"s3://seoul-ht-09/{key}"
    assert answer["csv_path"] == f"s3://seoul-ht-09/users/u1/eye/{answer['analysis_id']}/analysis_results.csv"
    assert blobs.get(answer["csv_path"].removeprefix("s3://seoul-ht-09/"))
    assert record_of(settings, answer["analysis_id"])["userId"] == "u1"


def test_a_stored_picture_of_a_user_whom_only_the_key_names(
    gaze: GazeService, settings: Settings, blobs: LocalBlobStore
) -> None:
    blobs.put("users/u2/face.jpeg", PICTURE, "image/jpeg")
    answer = gaze.eye_tracking.handle({"action": "process_s3_file", "s3_key": "users/u2/face.jpeg"})

    assert answer["result"]["detected"] is True
    assert record_of(settings, answer["analysis_id"])["userId"] == "u2"


@pytest.mark.parametrize(
    "key",
    [
        "users/u2/eye/x/raw_video.mp4",
        "users/u1/../u2/raw_video.mp4",
        "users/u1/./a.mp4",
        "users/u1",
        "users/u1/",
        "users//a.mp4",
        "/users/u1/a.mp4",
        "crack/x/a.mp4",
        "records.mp4",
        "../files/users/u1/a.mp4",
        "users/u1/.hidden.mp4",
        "users\\u1\\a.mp4",
        "users/u1/\0.mp4",
        "",
        7,
        None,
        ["users/u1/a.mp4"],
    ],
)
def test_no_key_leads_out_of_the_user_s_own(gaze: GazeService, blobs: LocalBlobStore, key: object) -> None:
    blobs.put("users/u2/eye/x/raw_video.mp4", VIDEO, "video/mp4")
    blobs.put("crack/x/a.mp4", VIDEO, "video/mp4")
    request = {"action": "process_s3_file", "s3_key": key, "user_id": "u1", "file_name": "a.mp4"}

    with pytest.raises(BadInputError):
        gaze.eye_tracking.handle(request)


def test_a_key_without_a_file(gaze: GazeService) -> None:
    with pytest.raises(NotFoundError):
        gaze.eye_tracking.handle({"action": "process_s3_file", "s3_key": "users/u1/eye/none.mp4"})


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (None, "JSON object"),
        ([], "JSON object"),
        ("analyze_video", "JSON object"),
        ({}, "action is missing"),
        ({"action": "analyse_video"}, "action is 'analyse_video': it should be one of analyze_image, analyze_video"),
        ({"action": ["analyze_video"]}, "action is"),
        ({"action": "analyze_video"}, "file_data is missing"),
        ({"action": "analyze_image"}, "file_data is missing"),
        (video_request(file_data="no base64!"), "file_data is no base64"),
        (video_request(file_data=7), "file_data should be a text"),
        (video_request(user_id="../other"), "user_id"),
        (video_request(file_name=7), "file_name"),
        (video_request(file_name="a" * 300), "file_name"),
        (video_request(parameters={"blink": 1}), "'blink'"),
        (video_request(parameters={"step": -1}), "step is -1"),
        (video_request(protocol="up"), "protocol"),
        ({"action": "process_s3_file"}, "s3_key is missing"),
        ({"action": "process_s3_file", "s3_key": "/etc/a.mp4"}, "should start with 'users/anonymous/'"),
        ({"action": "process_s3_file", "s3_key": "users/u1/a.exe"}, "s3_key ends in '.exe'"),
        ({"action": "process_s3_file", "s3_key": "users/u1/a.mp4", "file_name": "a"}, "file_name ends in ''"),
        (video_request(file_data=PICTURE_TEXT), "no video"),
        ({"action": "analyze_image", "file_data": VIDEO_TEXT}, "no picture"),
    ],
)
def test_a_request_that_cannot_be_says_why_and_leaves_nothing(
    gaze: GazeService, blobs: LocalBlobStore, request_: object, words: str
) -> None:
    with pytest.raises(BadInputError) as caught:
        gaze.eye_tracking.handle(request_)
    assert words in caught.value.message
    assert blobs.list() == ()


def test_files_over_the_limit(gaze: GazeService, blobs: LocalBlobStore) -> None:
    large = base64.b64encode(VIDEO + bytes(20_000)).decode()
    with pytest.raises(TooLargeError, match="10000 bytes"):
        gaze.eye_tracking.handle(video_request(file_data=large))
    blobs.put("users/u1/a.jpg", PICTURE + bytes(20_000), "image/jpeg")
    with pytest.raises(TooLargeError, match="10000 bytes"):
        gaze.eye_tracking.handle({"action": "process_s3_file", "s3_key": "users/u1/a.jpg"})


@pytest.mark.parametrize("error", [BadInputError("the video holds no frame"), CrashError("The analysis crashed.")])
def test_a_failed_analysis_keeps_nothing_but_what_was_there(
    gaze: GazeService, blobs: LocalBlobStore, analysis: FakeVideoAnalysis, error: Exception
) -> None:
    key = "users/u1/eye/before/raw_video.mp4"
    blobs.put(key, VIDEO, "video/mp4")
    for request in (video_request(), {"action": "process_s3_file", "s3_key": key}):
        analysis.errors.append(error)
        with pytest.raises(type(error)):
            gaze.eye_tracking.handle(request)

    assert [blob.key for blob in blobs.list()] == [key]


class Left(Exception):  # noqa: N818
    pass


def test_who_goes_away_ends_the_work(gaze: GazeService, analysis: FakeVideoAnalysis, blobs: LocalBlobStore) -> None:
    analysis.hold.clear()

    def check() -> None:
        raise Left

    with pytest.raises(Left):
        gaze.eye_tracking.handle(video_request(), check=check)
    assert blobs.list() == ()


def test_a_data_folder_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SightlineError, match="cannot be"):
        open_gaze_service(Settings(data_dir=tmp_path / "file"))
