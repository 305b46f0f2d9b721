from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sightline.errors import NotReadyError
from sightline.jobs.queue import DAY_S, Failure, RetryPolicy
from sightline.jobs.sqlite import SCHEMA_VERSION, SqliteJobQueue
from tests.conftest import PATIENCE_S
from tests.jobs.contract import KIND, Clock, JobQueueContract, claimed


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(tmp_path: Path, clock: Clock) -> Iterator[SqliteJobQueue]:
    queue = SqliteJobQueue(tmp_path / "deep" / "jobs.sqlite3", clock=clock)
    yield queue
    queue.close()


class TestSqliteJobQueue(JobQueueContract):
    pass


def test_a_removed_job_is_in_no_file_while_the_queue_is_open(tmp_path: Path) -> None:
    queue = SqliteJobQueue(tmp_path / "j.sqlite3")
    queue.submit("one", KIND, {"user_id": "Secret person"}, once_key="Secret key")
    queue.delete("one")

    assert not [path for path in tmp_path.iterdir() if b"Secret" in path.read_bytes()]
    queue.close()


def test_jobs_outlive_the_queue(tmp_path: Path) -> None:
    first = SqliteJobQueue(tmp_path / "j.sqlite3")
    first.submit("waits", KIND, {"a": 1})
    first.submit("ran", KIND, {})
    before = first.get("waits")
    first.close()
    second = SqliteJobQueue(tmp_path / "j.sqlite3")

    assert second.get("waits") == before
    assert claimed(second).job.id == "waits"
    second.close()


def test_a_failed_write_leaves_the_job_and_the_queue_as_they_were(queue: SqliteJobQueue) -> None:
    queue.submit("one", KIND, {})
    lease = claimed(queue)
    with pytest.raises(sqlite3.Error):
        queue.fail(lease, Failure("internal", object()), retry=False)  # type: ignore[arg-type]

    assert queue.get("one") == lease.job
    assert queue.complete(lease, {})


def test_expired_jobs_are_named_until_they_are_removed(queue: SqliteJobQueue, clock: Clock) -> None:
    queue.submit("waits", KIND, {"n": 1}, keep_days=1)
    queue.submit("runs", KIND, {"n": 2}, keep_days=1)
    queue.submit("later", KIND, {}, keep_days=2)
    queue.submit("stays", KIND, {})
    claimed(queue)
    assert list(queue.expired()) == []
    clock.pass_s(DAY_S)

    assert [(job.id, job.payload) for job in queue.expired()] == [("waits", {"n": 1}), ("runs", {"n": 2})]
    queue.delete("waits")
    assert [job.id for job in queue.expired()] == ["runs"]


def test_what_another_process_removes_in_between_is_not_named(tmp_path: Path, clock: Clock) -> None:
    queue, other = (SqliteJobQueue(tmp_path / "j.sqlite3", clock=clock) for _ in range(2))
    for name in ("one", "two", "three"):
        queue.submit(name, KIND, {}, keep_days=1)
    clock.pass_s(DAY_S)
    expired = queue.expired()

    assert next(expired).id == "one"
    other.delete("two")
    assert [job.id for job in expired] == ["three"]
    for each in (queue, other):
        each.close()


def test_an_expired_job_is_still_to_be_removed_after_its_key_went_to_another(
    queue: SqliteJobQueue, clock: Clock
) -> None:
    queue.submit("one", KIND, {}, once_key="u/1", keep_days=1)
    clock.pass_s(DAY_S)
    queue.submit("two", KIND, {}, once_key="u/1")

    assert [job.id for job in queue.expired()] == ["one"]


def test_a_limit_holds_for_jobs_of_before_too(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "j.sqlite3"
    before = SqliteJobQueue(path, clock=clock)
    for name, days in (("short", 3), ("long", 300), ("unlimited", None)):
        before.submit(name, KIND, {}, keep_days=days)
    before.close()
    queue = SqliteJobQueue(path, clock=clock, keep_days=30)

    def kept_days(name: str) -> int | None:
        job = queue.get(name)
        return (job.expires_at - job.created_at).days if job.expires_at else None

    queue.submit("new", KIND, {})
    queue.submit("newer", KIND, {}, keep_days=31)
    assert {name: kept_days(name) for name in ("short", "long", "unlimited", "new", "newer")} == {
        "short": 3,
        "long": 30,
        "unlimited": 30,
        "new": 30,
        "newer": 30,
    }
    queue.close()
    again = SqliteJobQueue(path, clock=clock)  # what was told is kept to
    assert [again.get(name).expires_at is None for name in ("short", "unlimited", "new")] == [False, False, False]
    again.close()


VERSION_1 = """
PRAGMA journal_mode = WAL;
CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, once_key TEXT UNIQUE, kind TEXT NOT NULL,
    payload TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'queued', created_s REAL NOT NULL, started_s REAL,
    finished_s REAL, due_s REAL NOT NULL, token TEXT, attempts INTEGER NOT NULL DEFAULT 0,
    units_done INTEGER NOT NULL DEFAULT 0, units_total INTEGER NOT NULL DEFAULT 0, units_per_s REAL, result TEXT,
    failure_code TEXT, failure_reason TEXT
);
CREATE INDEX jobs_by_due ON jobs (state, due_s);
PRAGMA user_version = 1;
INSERT INTO jobs (id, once_key, kind, payload, created_s, due_s) VALUES ('old', 'u/1', 'gaze', '{"a": 1}', 9, 9);
"""


def test_several_bring_a_file_of_the_first_version_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite3"
    connection = sqlite3.connect(path)
    connection.executescript(VERSION_1)
    connection.close()
    with ThreadPoolExecutor(4) as pool:
        queues = list(pool.map(SqliteJobQueue, [path] * 4))

    assert {queue.get("old").expires_at for queue in queues} == {None}
    assert claimed(queues[0]).job.payload == {"a": 1}
    assert list(queues[0].expired()) == []
    for queue in queues:
        queue.close()


WORK = """
import os, sys, time
from pathlib import Path
from sightline.jobs.sqlite import SqliteJobQueue
queue, taken = SqliteJobQueue(Path(sys.argv[1])), []
print("ready", flush=True)
sys.stdin.readline()
for _ in range(2000):
    if (lease := queue.claim(["gaze"])) is not None:
        flag = Path(sys.argv[1] + "." + lease.job.id)
        os.close(os.open(flag, os.O_CREAT | os.O_EXCL))  # fails where another process is at the same job
        time.sleep(0.002)
        flag.unlink()
        assert queue.complete(lease, {"by": os.getpid()})
        taken.append(lease.job.id)
    elif queue.waiting() == 0:
        break
print(" ".join(taken))
"""


def test_processes_never_run_one_job_at_the_same_time_nor_twice(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite3"
    queue = SqliteJobQueue(path)
    names = [f"job-{number}" for number in range(60)]
    for name in names:
        queue.submit(name, KIND, {})
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WORK, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    taken = [process.communicate(timeout=PATIENCE_S)[0].split() for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sorted(name for names in taken for name in names) == sorted(names)
    assert {queue.get(name).state for name in names} == {"done"}
    queue.close()


def test_a_job_of_a_process_that_was_killed_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite3"
    clock = Clock()
    queue = SqliteJobQueue(path, clock=clock, lease_s=10, retry=RetryPolicy(first_pause_s=0))
    queue.submit("one", KIND, {})
    claim_and_die = (
        "import os, signal, sys; from pathlib import Path; from sightline.jobs.sqlite import SqliteJobQueue\n"
        f"queue = SqliteJobQueue(Path(sys.argv[1]), clock=lambda: {clock.now_s}, lease_s=10)\n"
        "assert queue.claim(['gaze']); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", claim_and_die, str(path)], check=False)

    assert queue.get("one").state == "running"
    assert queue.claim([KIND]) is None
    clock.pass_s(11)
    assert claimed(queue).job.attempts == 2
    queue.close()


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()

    with pytest.raises(NotReadyError, match="newer version"):
        SqliteJobQueue(path)


@pytest.mark.parametrize("content", [b"no database at all" * 100, None])
def test_what_is_no_database_says_so(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "j.sqlite3"
    path.mkdir() if content is None else path.write_bytes(content)

    with pytest.raises(NotReadyError, match=r"j\.sqlite3"):
        SqliteJobQueue(path)
