from __future__ import annotations

import os
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from sightline.errors import BadInputError, BusyError, NotFoundError
from sightline.jobs.queue import Job, RetryPolicy
from sightline.jobs.sqlite import SqliteJobQueue
from sightline.service.gaze_request import parse_wanted
from sightline.service.gaze_results import ARTIFACTS
from sightline.service.gaze_setup import GazeService, open_gaze_service
from sightline.service.isolation import CrashError
from sightline.settings import Settings
from sightline.storage.local import LocalBlobStore
from tests.conftest import OTHER_ID
from tests.jobs.handlers import until
from tests.service.faces import REPORT, VIDEO, FakeVideoAnalysis

WANTED = parse_wanted({"step": 2}, [{"start_s": 0, "end_s": 1, "target": "down"}])


def opened(settings: Settings, analysis: FakeVideoAnalysis) -> GazeService:
    queue = SqliteJobQueue(settings.results_dir / "jobs.sqlite3", retry=RetryPolicy(first_pause_s=0.01, factor=1))
    return open_gaze_service(settings, analyse_video=analysis, queue=queue)


@pytest.fixture
def analysis() -> FakeVideoAnalysis:
    return FakeVideoAnalysis()


@pytest.fixture
def gaze(settings: Settings, analysis: FakeVideoAnalysis) -> Iterator[GazeService]:
    gaze = opened(settings, analysis)
    gaze.jobs.start()
    yield gaze
    gaze.close()


@pytest.fixture
def blobs(settings: Settings) -> LocalBlobStore:
    settings.results_dir.mkdir(exist_ok=True)
    return LocalBlobStore(settings.results_dir / "files")


def submitted(gaze: GazeService, video: bytes = VIDEO, **options: Any) -> Job:
    return gaze.jobs.submit(BytesIO(video), "u1", WANTED, **options)


def ended(gaze: GazeService, job: Job) -> Job:
    until(lambda: gaze.jobs.get(job.id).state in ("done", "failed"))
    return gaze.jobs.get(job.id)


def test_a_video_becomes_a_result_with_files(
    gaze: GazeService, analysis: FakeVideoAnalysis, blobs: LocalBlobStore
) -> None:
    job = ended(gaze, submitted(gaze))

    assert (job.state, job.attempts, job.failure) == ("done", 1, None)
    told = {name: value for name, value in REPORT.items() if name != "filters"}
    assert job.result is not None
    video = job.result["video"]
    assert job.result == told | {"files": list(ARTIFACTS), "video": video}
    assert (video["sha256"], video["size_bytes"]) == (sha256(VIDEO).hexdigest(), len(VIDEO))
    assert (job.progress.done, job.progress.total, job.progress.fraction) == (100, 100, 1.0)
    assert analysis.wanted == [WANTED]
    names = {"raw_video.mp4"} | {artifact.name for artifact in ARTIFACTS.values()}
    assert {blob.key for blob in blobs.list()} == {f"users/u1/eye/{job.id}/{name}" for name in names}
    assert gaze.jobs.artifact(job.id, ARTIFACTS["csv"]).startswith(b"frame_idx,time_sec")
    assert gaze.jobs.artifact(job.id, ARTIFACTS["figure_html"]).startswith(b"<html>")


def test_progress_is_seen_while_it_runs_and_files_only_after_it(gaze: GazeService, analysis: FakeVideoAnalysis) -> None:
    analysis.hold.clear()
    job = submitted(gaze)
    until(lambda: gaze.jobs.get(job.id).progress.done == 40)

    seen = gaze.jobs.get(job.id)
    assert (seen.state, seen.progress.total, seen.progress.fraction) == ("running", 100, 0.4)
    assert seen.progress.per_s
    with pytest.raises(NotFoundError, match="running"):
        gaze.jobs.artifact(job.id, ARTIFACTS["csv"])
    analysis.hold.set()
    assert ended(gaze, job).state == "done"


def test_bad_input_fails_at_once_with_its_reason(gaze: GazeService, analysis: FakeVideoAnalysis) -> None:
    job = ended(gaze, submitted(gaze, b"no video"))

    assert job.failure is not None
    assert (job.state, job.attempts, analysis.calls) == ("failed", 1, 1)
    assert (job.failure.code, job.failure.reason) == ("bad_input", "these bytes are no video that can be read")


def test_a_crash_is_tried_again(gaze: GazeService, analysis: FakeVideoAnalysis) -> None:
    analysis.errors = [CrashError("The analysis crashed: its process was ended by SIGSEGV.")]
    job = ended(gaze, submitted(gaze))

    assert (job.state, job.attempts, analysis.calls) == ("done", 2, 2)


def test_a_video_that_always_crashes_fails_with_the_reason(gaze: GazeService, analysis: FakeVideoAnalysis) -> None:
    analysis.errors = [CrashError("The analysis crashed: its process was ended by SIGSEGV.")] * 3
    job = ended(gaze, submitted(gaze))

    assert job.failure is not None
    assert (job.state, job.attempts) == ("failed", 3)
    assert "SIGSEGV" in job.failure.reason
    assert "3 times" in job.failure.reason


def test_a_restart_in_the_middle_begins_again_and_ends_once(
    settings: Settings, analysis: FakeVideoAnalysis, blobs: LocalBlobStore
) -> None:
    analysis.hold.clear()
    first = opened(settings, analysis)
    first.jobs.start()
    job = submitted(first)
    until(lambda: analysis.calls == 1)
    first.close()
    second = opened(settings, analysis)
    assert (second.jobs.get(job.id).state, second.jobs.get(job.id).attempts) == ("queued", 0)
    analysis.hold.set()
    second.jobs.start()

    assert (ended(second, job).state, ended(second, job).attempts) == ("done", 1)
    second.close()


WORK_UNTIL_KILLED = """
import sys
from pathlib import Path
from sightline.jobs.sqlite import SqliteJobQueue
from sightline.service.gaze_setup import open_gaze_service
from sightline.settings import Settings
from tests.service.faces import FakeVideoAnalysis
analysis = FakeVideoAnalysis()
analysis.hold.clear()
folder = Path(sys.argv[1])
queue = SqliteJobQueue(folder / "jobs.sqlite3", lease_s=0.5)
gaze = open_gaze_service(Settings(data_dir=folder), analyse_video=analysis, queue=queue)
gaze.jobs.start()
sys.stdin.read()
"""


def test_a_server_that_is_killed_in_the_middle_loses_nothing(
    settings: Settings, analysis: FakeVideoAnalysis, blobs: LocalBlobStore
) -> None:
    gaze = opened(settings, analysis)
    job = submitted(gaze)
    other = subprocess.Popen(
        [sys.executable, "-c", WORK_UNTIL_KILLED, str(settings.results_dir)],
        stdin=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    until(lambda: gaze.jobs.get(job.id).progress.done == 40)
    other.kill()
    other.communicate()
    assert gaze.jobs.get(job.id).state == "running"
    gaze.jobs.start()

    ended_job = ended(gaze, job)
    assert (ended_job.state, ended_job.attempts, analysis.calls) == ("done", 2, 1)
    assert gaze.jobs.artifact(job.id, ARTIFACTS["csv"])
    gaze.close()


def test_a_deleted_job_is_gone_with_all_its_files(gaze: GazeService, blobs: LocalBlobStore) -> None:
    kept, gone = (ended(gaze, submitted(gaze)) for _ in range(2))
    gaze.jobs.delete(gone.id)

    assert {blob.key.split("/")[3] for blob in blobs.list()} == {kept.id}
    for call in (
        lambda: gaze.jobs.get(gone.id),
        lambda: gaze.jobs.delete(gone.id),
        lambda: gaze.jobs.artifact(gone.id, ARTIFACTS["csv"]),
    ):
        with pytest.raises(NotFoundError):
            call()
    assert gaze.jobs.artifact(kept.id, ARTIFACTS["csv"])


@pytest.mark.parametrize("late", [False, True])
def test_a_job_that_is_deleted_while_it_runs_leaves_nothing(
    gaze: GazeService, analysis: FakeVideoAnalysis, blobs: LocalBlobStore, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    """Deleted in the middle, and (late) after the last time that its worker looked, before it stores anything."""
    going = threading.Event()
    if late:
        put_from = gaze.videos._blobs.put_from

        def put_after_delete(key: str, *rest: Any) -> None:
            if key.endswith(".csv"):
                gaze.jobs.delete(job.id)
                going.set()
            put_from(key, *rest)

        monkeypatch.setattr(gaze.videos._blobs, "put_from", put_after_delete)
    analysis.hold.clear()
    job = submitted(gaze)
    until(lambda: analysis.calls == 1)
    if late:
        analysis.hold.set()
        assert going.wait(60)
    else:
        gaze.jobs.delete(job.id)
    other = submitted(gaze)
    analysis.hold.set()
    if not late:
        assert ended(gaze, other).state == "done"
        gaze.jobs.delete(other.id)
    gaze.jobs.stop()

    assert [blob.key for blob in blobs.list() if job.id in blob.key] == []


def test_the_same_upload_under_the_same_key_is_one_job(gaze: GazeService, blobs: LocalBlobStore) -> None:
    first = submitted(gaze, once_key="k")
    second = submitted(gaze, once_key="k")

    assert second.id == first.id
    assert ended(gaze, first).id == submitted(gaze, once_key="k").id
    assert len({blob.key.split("/")[3] for blob in blobs.list()}) == 1
    assert gaze.jobs.submit(BytesIO(VIDEO), "u2", WANTED, once_key="k").id != first.id
    assert submitted(gaze, once_key="other").id != first.id


def test_the_same_key_for_another_upload_is_refused(gaze: GazeService) -> None:
    submitted(gaze, once_key="k")

    with pytest.raises(BadInputError, match="Idempotency-Key"):
        submitted(gaze, VIDEO + b"1", once_key="k")
    with pytest.raises(BadInputError, match="Idempotency-Key"):
        gaze.jobs.submit(BytesIO(VIDEO), "u1", parse_wanted(), once_key="k")


def test_the_same_upload_twice_at_the_same_time_is_one_job(
    gaze: GazeService, blobs: LocalBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = submitted(gaze, once_key="k")
    monkeypatch.setattr(gaze.jobs._queue, "find", lambda _: None)  # the second asked just before the first was stored

    assert submitted(gaze, once_key="k").id == first.id
    assert {blob.key.split("/")[3] for blob in blobs.list()} == {first.id}


def test_more_than_may_wait_are_turned_away(settings: Settings, blobs: LocalBlobStore) -> None:
    gaze = opened(settings.model_copy(update={"job_queue_limit": 2}), FakeVideoAnalysis())
    jobs = [submitted(gaze) for _ in range(2)]
    with pytest.raises(BusyError) as caught:
        submitted(gaze)
    assert caught.value.retry_after_s > 0
    assert len(blobs.list()) == 2

    gaze.jobs.delete(jobs[0].id)
    submitted(gaze)
    gaze.close()


def test_a_video_that_cannot_be_stored_makes_no_job(
    gaze: GazeService, blobs: LocalBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gaze.jobs._queue, "submit", disk_full)
    with pytest.raises(OSError, match="No space left"):
        submitted(gaze)
    assert blobs.list() == ()


def test_memory_does_not_grow_with_the_video(settings: Settings, tmp_path: Path) -> None:
    gaze = opened(settings, FakeVideoAnalysis())
    (tmp_path / "big.mp4").write_bytes(VIDEO)
    os.truncate(tmp_path / "big.mp4", 40_000_000)
    with (tmp_path / "big.mp4").open("rb") as file:
        tracemalloc.start()
        gaze.jobs.submit(file, "u1", WANTED, once_key="k")
        peak_bytes = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    gaze.close()

    assert peak_bytes < 5_000_000


@pytest.mark.parametrize("job_id", ["", "..", "../../etc/passwd", "missing", "{id}/", "{ID}", "{{{id}}}", OTHER_ID])
def test_ids_that_were_not_handed_out_find_nothing(gaze: GazeService, job_id: str) -> None:
    real = submitted(gaze).id
    wrong = job_id.format(id=real, ID=real.upper())
    if wrong == real:
        return
    with pytest.raises(NotFoundError):
        gaze.jobs.get(wrong)
    with pytest.raises(NotFoundError):
        gaze.jobs.delete(wrong)
    assert gaze.jobs.get(real)
