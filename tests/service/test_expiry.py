"""What has expired goes from a disk: files, records and jobs, with nobody asking for it."""

from __future__ import annotations

import base64
import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from sightline.errors import NotFoundError
from sightline.jobs.queue import DAY_S, Job
from sightline.service.expiry import Sweeper
from sightline.service.gaze_request import parse_wanted
from sightline.service.gaze_setup import GazeService, open_gaze_service
from sightline.service.videos import Place
from sightline.settings import Settings
from sightline.storage.local import LocalBlobStore
from tests.jobs.contract import Clock
from tests.jobs.handlers import until
from tests.service.faces import VIDEO, FakeVideoAnalysis, fake_picture_analysis
from tests.service.uploading import ask

WANTED = parse_wanted()
SOMEBODY = "somebody@example.com"


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.now_s = time.time()  # records and files are of the real time
    return clock


@pytest.fixture
def opened(settings: Settings, analysis: FakeVideoAnalysis, clock: Clock) -> Iterator[Callable[..., GazeService]]:
    """Opens the service on the same folder as often as is wanted; its sweeper and its worker do not run yet."""
    services = []

    def opened(**changes: Any) -> GazeService:
        changed = settings.model_copy(update=changes)
        gaze = open_gaze_service(changed, analyse_video=analysis, analyse_picture=fake_picture_analysis, clock=clock)
        services.append(gaze)
        return gaze

    yield opened
    analysis.hold.set()
    for gaze in services:
        gaze.close()


def submitted(gaze: GazeService, keep_days: int | None = None, **options: Any) -> Job:
    return gaze.jobs.submit(BytesIO(VIDEO), SOMEBODY, WANTED, keep_days=keep_days, **options)


def done(gaze: GazeService, job: Job) -> Job:
    until(lambda: gaze.jobs.get(job.id).state == "done")
    return job


def files_in(folder: Path, part: str = "") -> list[Path]:
    """The files below a folder whose path has that in it, also while others delete some."""
    return [path for parent, _, names in os.walk(folder) for name in names if part in str(path := Path(parent, name))]


def left_of(folder: Path, analysis_id: str) -> list[Path]:
    """The files of the data folder that still know of an analysis by their name or by what is in them."""
    return [path for path in files_in(folder) if analysis_id in str(path) or analysis_id.encode() in path.read_bytes()]


def age(folder: Path, days: float) -> None:
    """Let every file of a folder be as old as that."""
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - days * DAY_S,) * 2)


def test_what_expired_while_the_server_was_off_is_gone_after_its_next_start(
    opened: Callable[..., GazeService], settings: Settings, clock: Clock
) -> None:
    first = opened()
    first.jobs.start()
    week, month, always = (done(first, submitted(first, days)) for days in (7, 30, None))
    first.close()
    clock.pass_s(8 * DAY_S)
    second = opened()

    with pytest.raises(NotFoundError):  # from its second on, whether or not anybody came by
        second.jobs.get(week.id)
    with pytest.raises(NotFoundError):
        second.jobs.delete(week.id)
    assert LocalBlobStore(settings.results_dir / "files").list(f"users/{SOMEBODY}/eye/{week.id}/")
    second.jobs.start()
    until(lambda: not files_in(settings.results_dir / "files", week.id))
    second.close()
    mark = left_of(settings.results_dir, week.id)
    assert [path.name for path in mark] == ["records.sqlite3"]  # the deletion's own, which names nobody
    assert SOMEBODY.encode() in mark[0].read_bytes()  # the other two are still there
    third = opened()
    assert [third.jobs.get(job.id).state for job in (month, always)] == ["done", "done"]


def test_nothing_of_a_person_is_left_when_all_has_expired(
    opened: Callable[..., GazeService], settings: Settings, clock: Clock
) -> None:
    gaze = opened()
    gaze.jobs.start()
    job = done(gaze, submitted(gaze, 1, once_key="k"))
    gaze.jobs.stop()
    clock.pass_s(DAY_S)
    gaze.jobs.start()
    until(lambda: not files_in(settings.results_dir / "files"))
    gaze.close()

    assert not list((settings.results_dir / "files").iterdir())
    content = b"".join(path.read_bytes() for path in files_in(settings.results_dir))
    assert SOMEBODY.encode() not in content
    assert job.id.encode() in content


def test_a_job_that_runs_when_it_expires_leaves_nothing(
    opened: Callable[..., GazeService], settings: Settings, clock: Clock, analysis: FakeVideoAnalysis
) -> None:
    analysis.hold.clear()
    worker, sweeping = opened(), opened(job_workers=0)
    worker.jobs.start()
    job = submitted(worker, 1)
    until(lambda: worker.jobs.get(job.id).progress.done == 40)
    clock.pass_s(DAY_S)
    sweeping.jobs.start()
    until(lambda: list(worker.jobs._queue.expired()) == [])
    sweeping.jobs.stop()
    analysis.hold.set()
    worker.jobs.stop()

    assert not list((settings.results_dir / "files").rglob("*"))
    with pytest.raises(NotFoundError):
        worker.videos.recorded(Place(SOMEBODY, job.id))


def test_the_record_of_an_analysis_expires_with_its_job(opened: Callable[..., GazeService], clock: Clock) -> None:
    clock.now_s -= 2 * DAY_S
    gaze = opened()
    gaze.jobs.start()
    job = submitted(gaze, 1)
    place = Place(SOMEBODY, job.id)
    done(gaze, job)

    with pytest.raises(NotFoundError):  # what was recorded has expired in the real time
        gaze.videos.recorded(place)


def test_several_processes_may_sweep_one_folder(
    opened: Callable[..., GazeService], settings: Settings, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    services = [opened() for _ in range(3)]
    for _ in range(6):
        submitted(services[0], 1)
    clock.pass_s(DAY_S)
    for gaze in services:
        gaze.jobs.start()
    until(lambda: not list(services[0].jobs._queue.expired()))
    for gaze in services:
        gaze.jobs.stop()

    assert not list((settings.results_dir / "files").rglob("*"))
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_with_a_limit_all_that_is_older_goes_however_it_came(
    opened: Callable[..., GazeService], settings: Settings, clock: Clock
) -> None:
    files = settings.results_dir / "files"
    before = opened()
    video = base64.b64encode(VIDEO).decode()
    before_id = ask(before, "analyze_video", file_data=video)["analysis_id"]
    upload = ask(before, "create_upload", size_bytes=len(VIDEO))
    LocalBlobStore(files).put(upload["s3_key"], VIDEO, "video/mp4")  # and never submitted
    LocalBlobStore(files).put("users/u1/in/own.mp4", VIDEO, "video/mp4")  # where no analysis of ours lies
    LocalBlobStore(files).put("crack/one/mask.png", b"mask", "image/png")
    age(files, 31)
    limited = opened(retention_days=30)
    after_id = ask(limited, "analyze_video", file_data=video)["analysis_id"]
    picture_id = ask(limited, "analyze_image", file_data=base64.b64encode(b"\xff\xd8\xff").decode())["analysis_id"]
    limited.jobs.start()
    until(lambda: not list(files.glob(f"users/u1/eye/{before_id}*")) and not (files / upload["s3_key"]).exists())
    limited.jobs.stop()

    assert {path.name for path in (files / "users/u1/eye").iterdir()} == {after_id}
    assert (files / "users/u1/in/own.mp4").exists()
    assert (files / "crack/one/mask.png").exists()
    for kept in (after_id, picture_id):
        assert ask(limited, "get_status", analysis_id=kept)["state"] == "done"
    with pytest.raises(NotFoundError):
        ask(limited, "get_status", analysis_id=before_id)


def test_files_of_a_job_go_with_the_job_and_not_by_their_age(
    opened: Callable[..., GazeService], settings: Settings, clock: Clock
) -> None:
    gaze = opened(retention_days=30)
    old = submitted(gaze)
    clock.pass_s(20 * DAY_S)
    job = submitted(gaze)
    age(settings.results_dir / "files", 60)  # such as copies of a backup
    clock.pass_s(20 * DAY_S)
    gaze.jobs.start()
    until(lambda: not files_in(settings.results_dir / "files", old.id))
    gaze.jobs.stop()

    assert gaze.jobs.get(job.id)
    assert [path.name for path in (settings.results_dir / "files").rglob(job.id)] == [job.id]


def test_without_a_limit_age_alone_removes_nothing(opened: Callable[..., GazeService], settings: Settings) -> None:
    gaze = opened()
    ask(gaze, "analyze_video", file_data=base64.b64encode(VIDEO).decode())
    files = settings.results_dir / "files"
    (files / f".{'0' * 32}.part").write_bytes(b"half a video")
    before = sorted(path for path in files.rglob("*.*") if path.suffix != ".part")
    age(files, 4000)
    gaze.jobs.start()
    until(lambda: not files_in(files, ".part"))

    assert sorted(files.rglob("*.*")) == before


class Shelf:
    """Places that a sweeper is to remove; `broken` ones cannot be."""

    def __init__(self, *names: str) -> None:
        self.there = [Place(SOMEBODY, name) for name in names]
        self.broken: set[str] = set()
        self.tidied = 0

    def expired(self) -> Iterator[Place]:
        yield from list(self.there)

    def delete(self, place: Place) -> None:
        if place.analysis_id in self.broken:
            raise PermissionError(13, "Permission denied", f"users/{SOMEBODY}/raw_video.mp4")
        self.there.remove(place)

    def tidy(self) -> None:
        self.tidied += 1

    def sweeper(self, **options: Any) -> Sweeper:
        return Sweeper(self.expired, self.delete, self.tidy, **options)


def test_one_that_cannot_be_removed_does_not_keep_the_others(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    shelf = Shelf("a", "b", "c")
    shelf.broken = {"b"}
    sweeper = shelf.sweeper()
    sweeper.sweep()

    assert [place.analysis_id for place in shelf.there] == ["b"]
    assert shelf.tidied == 1
    told = [(record.message, record.fields) for record in caplog.records]  # type: ignore[attr-defined]
    assert told == [
        ("expired_not_removed", {"error": "PermissionError", "errno": 13, "analysis_id": "b"}),
        ("expired_removed", {"analyses": 2}),
    ]
    assert SOMEBODY not in json.dumps(told) + caplog.text
    shelf.broken.clear()
    sweeper.sweep()
    assert shelf.there == []


def test_a_sweeper_goes_on_after_what_it_could_not_look_at(caplog: pytest.LogCaptureFixture) -> None:
    shelf = Shelf("a")
    looks = []

    def expired() -> Iterator[Place]:
        looks.append(1)
        if len(looks) < 3:
            raise OSError(28, "No space left on device")
        return shelf.expired()

    with_faults = Sweeper(expired, shelf.delete, shelf.tidy, every_s=0.001)
    with_faults.start()
    with_faults.start()
    until(lambda: shelf.there == [])
    with_faults.stop()

    assert [record.message for record in caplog.records][:2] == ["sweep_failed", "sweep_failed"]


def test_a_sweeper_stops_between_two_and_starts_again() -> None:
    shelf = Shelf("a", "b", "c")

    def stop_at_first(place: Place) -> None:
        shelf.delete(place)
        sweeper._stopping.set()

    sweeper = Sweeper(shelf.expired, stop_at_first, shelf.tidy)
    sweeper.start()
    until(lambda: len(shelf.there) == 2)
    sweeper.stop()
    assert len(shelf.there) == 2
    sweeper.start()
    until(lambda: len(shelf.there) == 1)
    sweeper.stop()
    sweeper.stop()


def test_closing_what_never_ran_is_no_error(settings: Settings) -> None:
    with closing(open_gaze_service(settings)):
        pass
