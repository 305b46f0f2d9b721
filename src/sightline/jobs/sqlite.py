"""Jobs in one SQLite file: nothing to install or start, and the workers of several processes may share it."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sightline import sqlite_file
from sightline.errors import NotFoundError, NotReadyError
from sightline.jobs.queue import DAY_S, LEASE_S, LOST, Failure, Job, Lease, Progress, RetryPolicy, State, shortest

# What makes a file of the version before into one of this version, from nothing on.
_STEPS = (
    """
    CREATE TABLE jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        once_key TEXT UNIQUE,
        kind TEXT NOT NULL,
        payload TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'queued',
        created_s REAL NOT NULL,
        started_s REAL,
        finished_s REAL,
        due_s REAL NOT NULL,
        token TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        units_done INTEGER NOT NULL DEFAULT 0,
        units_total INTEGER NOT NULL DEFAULT 0,
        units_per_s REAL,
        result TEXT,
        failure_code TEXT,
        failure_reason TEXT
    );
    CREATE INDEX jobs_by_due ON jobs (state, due_s);
    """,
    """
    ALTER TABLE jobs ADD COLUMN expires_s REAL;
    CREATE INDEX jobs_by_expiry ON jobs (expires_s) WHERE expires_s IS NOT NULL;
    """,
)
SCHEMA_VERSION = len(_STEPS)
_COLUMNS = (
    "id, kind, payload, state, created_s, started_s, finished_s, attempts, units_done, units_total, units_per_s, "
    "result, failure_code, failure_reason, expires_s"
)
_ALIVE = "(expires_s IS NULL OR expires_s > ?)"
_REPORT_EVERY_S = 0.5  # a person sees no more than two figures a second, and every report is a write that is synced


class SqliteJobQueue:
    """`JobQueue` in a file.

    `due_s` is when something is to be done about a job: for a queued one the earliest start, for a running one the
    end of its lease. Times are of the machine's clock, which all processes at one file share.

    Args:
        path: the file; made if it is missing, its folder too.
        lease_s: how long a lease holds.
        retry: how often a job is tried.
        clock: gives the time in seconds.
        keep_days: after how many days a job expires at the latest, those of before too; None keeps it.

    Raises:
        NotReadyError: the file cannot be opened, is no database, or was written by a newer Sightline.
    """

    def __init__(
        self,
        path: Path,
        *,
        lease_s: float = LEASE_S,
        retry: RetryPolicy | None = None,
        clock: Callable[[], float] = time.time,
        keep_days: int | None = None,
    ) -> None:
        self._lease_s = lease_s
        self._retry = retry or RetryPolicy()
        self._clock = clock
        self._keep_days = keep_days
        self._lock = threading.Lock()
        try:
            self._connection = sqlite_file.connect(path, isolation_level=None)
        except (sqlite3.Error, OSError) as error:
            raise NotReadyError(f"The jobs in {path} cannot be opened: {error}.") from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._connection.close()
            raise NotReadyError(f"The jobs in {path} cannot be used: {error}.") from error

    def _prepare(self) -> None:
        sqlite_file.prepare(self._connection)
        sqlite_file.upgrade(self._connection, _STEPS)
        if self._keep_days is not None:
            self._connection.execute(
                "UPDATE jobs SET expires_s = created_s + :s WHERE expires_s IS NULL OR expires_s > created_s + :s",
                {"s": self._keep_days * DAY_S},
            )

    @property
    def lease_s(self) -> float:
        return self._lease_s

    @property
    def report_every_s(self) -> float:
        return _REPORT_EVERY_S

    def submit(
        self,
        job_id: str,
        kind: str,
        payload: Mapping[str, Any],
        *,
        once_key: str | None = None,
        keep_days: int | None = None,
    ) -> Job:
        now_s, days = self._clock(), shortest(self._keep_days, keep_days)
        expires_s = None if days is None else now_s + days * DAY_S
        text = json.dumps(payload, allow_nan=False)
        with self._writing() as database:
            # One that has expired gives up its names; under its id it waits for being removed with its files.
            database.execute("DELETE FROM jobs WHERE id = ? AND expires_s <= ?", (job_id, now_s))
            database.execute("UPDATE jobs SET once_key = NULL WHERE once_key = ? AND expires_s <= ?", (once_key, now_s))
            database.execute(
                "INSERT INTO jobs (id, once_key, kind, payload, created_s, due_s, expires_s) "
                "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (job_id, once_key, kind, text, now_s, now_s, expires_s),
            )
            row = database.execute(
                f"SELECT {_COLUMNS} FROM jobs WHERE id = ? OR once_key = ? ORDER BY id = ? LIMIT 1",  # noqa: S608
                (job_id, once_key, job_id),
            ).fetchone()
        return _to_job(row)

    def find(self, once_key: str) -> Job | None:
        row = self._row(f"once_key = ? AND {_ALIVE}", once_key, self._clock())
        return None if row is None else _to_job(row)

    def get(self, job_id: str) -> Job:
        row = self._row(f"id = ? AND {_ALIVE}", job_id, self._clock())
        if row is None:
            raise NotFoundError("There is no job with this id.")
        return _to_job(row)

    def waiting(self) -> int:
        query = f"SELECT count(*) FROM jobs WHERE state = 'queued' AND {_ALIVE}"  # noqa: S608
        with self._lock:
            count = self._connection.execute(query, (self._clock(),)).fetchone()[0]
        return int(count)

    def claim(self, kinds: Collection[str]) -> Lease | None:
        now_s = self._clock()
        if self._row(f"state IN ('queued', 'running') AND due_s <= ? AND {_ALIVE}", now_s, now_s) is None:
            return None  # asked every second, and mostly true: no need to lock other processes out
        with self._writing() as database:
            self._take_back(now_s)
            row = database.execute(
                "SELECT id FROM jobs WHERE state = 'queued' AND due_s <= ? "  # noqa: S608
                f"AND {_ALIVE} AND kind IN ({', '.join('?' * len(kinds))}) ORDER BY number LIMIT 1",
                (now_s, now_s, *kinds),
            ).fetchone()
            if row is None:
                return None
            token = uuid4().hex
            database.execute(
                "UPDATE jobs SET state = 'running', token = ?, due_s = ?, attempts = attempts + 1, started_s = ?, "
                "units_done = 0, units_total = 0, units_per_s = NULL WHERE id = ?",
                (token, now_s + self._lease_s, now_s, row[0]),
            )
            found = database.execute(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", row).fetchone()  # noqa: S608
        return Lease(_to_job(found), token)

    def _take_back(self, now_s: float) -> None:
        """End the leases that expired. Inside a transaction."""
        expired = self._connection.execute(
            "SELECT id, token, attempts FROM jobs WHERE state = 'running' AND due_s <= ?", (now_s,)
        ).fetchall()
        for job_id, token, attempts in expired:
            self._end_attempt(job_id, token, attempts, LOST, retry=True)

    def extend(self, lease: Lease) -> bool:
        return self._change(lease, "due_s = ?", self._clock() + self._lease_s)

    def report(self, lease: Lease, progress: Progress) -> bool:
        values = (progress.done, progress.total, progress.per_s)
        return self._change(lease, "units_done = ?, units_total = ?, units_per_s = ?", *values)

    def complete(self, lease: Lease, result: Mapping[str, Any]) -> bool:
        text = json.dumps(result, ensure_ascii=False, allow_nan=False)
        return self._change(lease, "state = 'done', token = NULL, finished_s = ?, result = ?", self._clock(), text)

    def fail(self, lease: Lease, failure: Failure, *, retry: bool) -> bool:
        with self._writing():
            return self._end_attempt(lease.job.id, lease.token, lease.job.attempts, failure, retry=retry)

    def _end_attempt(self, job_id: str, token: str, attempts: int, failure: Failure, *, retry: bool) -> bool:
        """Queue a job again after a pause or let it fail. Inside a transaction."""
        now_s = self._clock()
        if retry and attempts < self._retry.attempts:
            due_s = now_s + self._retry.pause_s(attempts)
            return self._update(job_id, token, "state = 'queued', token = NULL, due_s = ?", due_s)
        failure = failure.after(attempts)
        changes = "state = 'failed', token = NULL, finished_s = ?, failure_code = ?, failure_reason = ?"
        return self._update(job_id, token, changes, now_s, failure.code, failure.reason)

    def release(self, lease: Lease) -> bool:
        changes = "state = 'queued', token = NULL, due_s = ?, attempts = attempts - 1"
        return self._change(lease, changes, self._clock())

    def delete(self, job_id: str) -> None:
        with self._writing() as database:
            database.execute("DELETE FROM jobs WHERE id = ?", (job_id,))
        with self._lock:  # the log holds the job's payload too, which says whose video it was
            sqlite_file.empty_log(self._connection)

    def expired(self) -> Iterator[Job]:
        now_s = self._clock()
        with self._lock:
            ids = self._connection.execute("SELECT id FROM jobs WHERE expires_s <= ? ORDER BY number", (now_s,))
            found = ids.fetchall()
        for (job_id,) in found:  # each read when it is its turn: there may be thousands, and others may remove them too
            row = self._row("id = ? AND expires_s <= ?", job_id, now_s)
            if row is not None:
                yield _to_job(row)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that keeps every other writer out from its first statement on."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _row(self, condition: str, *values: object) -> tuple[Any, ...] | None:
        with self._lock:
            row: tuple[Any, ...] | None = self._connection.execute(
                f"SELECT {_COLUMNS} FROM jobs WHERE {condition} LIMIT 1",  # noqa: S608
                values,
            ).fetchone()
        return row

    def _change(self, lease: Lease, changes: str, *values: object) -> bool:
        with self._writing():
            return self._update(lease.job.id, lease.token, changes, *values)

    def _update(self, job_id: str, token: str, changes: str, *values: object) -> bool:
        """Change a job that `token` holds. Inside a transaction."""
        cursor = self._connection.execute(
            f"UPDATE jobs SET {changes} WHERE id = ? AND token = ? AND state = 'running'",  # noqa: S608
            (*values, job_id, token),
        )
        return cursor.rowcount == 1


def _to_job(row: tuple[Any, ...]) -> Job:
    (job_id, kind, payload, state, created_s, started_s, finished_s, attempts, done, total, per_s, *ended) = row
    result, code, reason, expires_s = ended
    known_state: State = state
    return Job(
        id=job_id,
        kind=kind,
        payload=json.loads(payload),
        state=known_state,
        created_at=datetime.fromtimestamp(created_s, UTC),
        started_at=_to_time(started_s),
        finished_at=_to_time(finished_s),
        attempts=attempts,
        progress=Progress(done, total, per_s),
        result=None if result is None else json.loads(result),
        failure=None if code is None else Failure(code, reason),
        expires_at=_to_time(expires_s),
    )


def _to_time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
