"""What a job looks like in a DynamoDB table.

A job is the item with `analysisId` = its id and `testType` = `job`; a once key, which may name a person, the item with
`analysisId` = `once#` and its SHA-256, `testType` = `once`. Neither has `createdAt`, so both stay out of the table's
index of records, where each write of theirs would cost another one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from sightline.errors import TooLargeError
from sightline.jobs.queue import Failure, Job, Progress

# DynamoDB's item ends at 400 KB, names and all: what these leave of it are times, counts and the reason of a failure.
MAX_PAYLOAD_BYTES: Final = 100_000
MAX_RESULT_BYTES: Final = 250_000

_MAX_ID_BYTES: Final = 2048  # DynamoDB refuses to be asked for a longer one


@dataclass(frozen=True, slots=True)
class Stored:
    """A job as it lies in the table.

    Attributes:
        job: what everybody may know of it.
        due_s: of a queued job the earliest start, of a running one the end of its lease, in seconds since 1970.
        announced_s: when it was announced last.
        token: of the lease under way.
        taken_from: the announcement that the last lease was taken from.
        ended_by: the write that ended the last attempt.
        untold: it has failed, and its dead letter is not written yet.
    """

    job: Job
    due_s: float
    announced_s: float
    token: str | None
    taken_from: str | None
    ended_by: str | None
    untold: bool


def holds(job_id: str) -> bool:
    """Whether a table could hold a job with this id."""
    try:
        return 0 < len(job_id.encode()) <= _MAX_ID_BYTES
    except UnicodeEncodeError:
        return False


def job_key(job_id: str) -> dict[str, str]:
    """The key of a job's item."""
    return {"analysisId": job_id, "testType": "job"}


def once_id(once_key: str) -> str:
    """The id of a once key's item."""
    return f"once#{sha256(once_key.encode()).hexdigest()}"


def once_item_key(item_id: str) -> dict[str, str]:
    """The key of a once key's item."""
    return {"analysisId": item_id, "testType": "once"}


def new_item(job_id: str, kind: str, payload: Mapping[str, Any], now_s: float) -> dict[str, Any]:
    """A queued job.

    Raises:
        TooLargeError: the payload is over `MAX_PAYLOAD_BYTES`.
        ValueError: JSON cannot say it.
    """
    return job_key(job_id) | {
        "kind": kind,
        "payload": to_json("payload", payload, MAX_PAYLOAD_BYTES),
        "state": "queued",
        "createdS": now_s,
        "dueS": now_s,
        "announcedS": now_s,
        "attempts": 0,
        **progress_fields(Progress()),
    }


def progress_fields(progress: Progress) -> dict[str, Any]:
    """How far an attempt is, as fields of its job."""
    return {"unitsDone": progress.done, "unitsTotal": progress.total, "unitsPerS": progress.per_s}


def failure_fields(failure: Failure) -> dict[str, Any]:
    """Why a job failed, as fields of it, with the mark that its dead letter is to be written."""
    return {"failureCode": failure.code, "failureReason": failure.reason, "untold": True}


def to_json(what: str, document: Mapping[str, Any], limit_bytes: int) -> str:
    """A document as text: unlike attributes it keeps every number as it is, and costs no more than its bytes.

    Raises:
        TooLargeError: it is over the limit.
        ValueError: JSON cannot say it.
    """
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    size_bytes = len(text.encode())
    if size_bytes > limit_bytes:
        raise TooLargeError(f"The job's {what} has {size_bytes} bytes; at most {limit_bytes} bytes can be kept.")
    return text


def to_stored(item: Mapping[str, Any]) -> Stored:
    """The job in an item."""
    result, code = item.get("result"), item.get("failureCode")
    job = Job(
        id=item["analysisId"],
        kind=item["kind"],
        payload=json.loads(item["payload"]),
        state=item["state"],
        created_at=datetime.fromtimestamp(item["createdS"], UTC),
        started_at=_to_time(item.get("startedS")),
        finished_at=_to_time(item.get("finishedS")),
        attempts=item["attempts"],
        progress=Progress(item["unitsDone"], item["unitsTotal"], item["unitsPerS"]),
        result=None if result is None else json.loads(result),
        failure=None if code is None else Failure(code, item["failureReason"]),
        expires_at=_to_time(item.get("expiresAt")),
    )
    return Stored(
        job=job,
        due_s=item["dueS"],
        announced_s=item["announcedS"],
        token=item.get("token"),
        taken_from=item.get("takenFrom"),
        ended_by=item.get("endedBy"),
        untold="untold" in item,
    )


def _to_time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
