"""How jobs stand, in a DynamoDB table. Every step of a job is one conditional write: no two workers take the same."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Any, Final
from uuid import uuid4

from sightline.cloud.attributes import from_attributes, to_attributes
from sightline.cloud.clients import client
from sightline.cloud.errors import cloud_errors, condition_failed
from sightline.cloud.expressions import update
from sightline.errors import UnavailableError
from sightline.jobs.dynamodb_items import (
    MAX_RESULT_BYTES,
    Stored,
    failure_fields,
    holds,
    job_key,
    new_item,
    once_id,
    once_item_key,
    progress_fields,
    to_json,
    to_stored,
)
from sightline.jobs.queue import DAY_S, LOST, Failure, Progress, RetryPolicy, shortest

_TRIES: Final = 6  # at a submission that others with the same key get in the way of
_TRY_AGAIN_S: Final = 0.05

_FREE: Final = "attribute_not_exists(analysisId) OR expiresAt <= :now"  # the table forgets up to two days late
_HELD: Final = "#state = :running AND #token = :token"
_DUE: Final = "#state = :queued AND #dueS <= :now AND (attribute_not_exists(#expiresAt) OR #expiresAt > :now)"


class JobTable:
    """The jobs in a table; `sightline.jobs.dynamodb_items` says how they lie there.

    What changes a running job takes the token of its lease, and changes nothing where another one holds it.

    Args:
        table: its name.
        retry: how often a job is tried.
        clock: gives the time in seconds; the machines that share a table are taken to agree on it.
        keep_days: after how many days a job is forgotten; None keeps it.

    Every call raises `UnavailableError` where DynamoDB cannot be reached, and `NotReadyError` where there is no such
    table or it refuses us.
    """

    def __init__(
        self, table: str, *, retry: RetryPolicy, clock: Callable[[], float] = time.time, keep_days: int | None = None
    ) -> None:
        self._table = table
        self._retry = retry
        self._clock = clock
        self._keep_days = keep_days

    @cached_property
    def _dynamodb(self) -> Any:
        return client("dynamodb")  # at first use: a function's first frame does not wait for botocore

    def add(
        self,
        job_id: str,
        kind: str,
        payload: Mapping[str, Any],
        once_key: str | None,
        keep_days: int | None = None,
    ) -> Stored:
        """Store a new job; where there is one with this key or id already, give that one back.

        Raises:
            TooLargeError: the payload is over `MAX_PAYLOAD_BYTES`.
        """
        item = new_item(job_id, kind, payload, self._clock())
        if once_key is not None:
            item["onceId"] = once_id(once_key)
        if (days := shortest(self._keep_days, keep_days)) is not None:
            item["expiresAt"] = math.ceil(self._clock() + days * DAY_S)
        abandoned = ""
        for number in range(_TRIES):
            time.sleep(_TRY_AGAIN_S * number)
            if self._put_new(item, abandoned):
                return to_stored(item)
            holder = None if once_key is None else self._holder(once_key)
            for known in (holder, job_id):
                if known is not None and (stored := self.read(known)) is not None:
                    return stored
            abandoned = holder or ""  # a deletion that broke off in between left the key without its job
        raise UnavailableError("The store for jobs is busy with this very job. Try again in a moment.")

    def read(self, job_id: str) -> Stored | None:
        """A job as it lies there, if it does."""
        item = self._get(job_key(job_id)) if holds(job_id) else None
        return None if item is None else to_stored(item)

    def find(self, once_key: str) -> Stored | None:
        """The job that was stored under `once_key`, if it is still there."""
        holder = self._holder(once_key)
        return None if holder is None else self.read(holder)

    def take(
        self, job_id: str, announcement: str, *, lease_s: float, kinds: Collection[str] | None = None
    ) -> tuple[bool, Stored | None]:
        """Begin an attempt at a job that is queued and due.

        Args:
            job_id: which one.
            announcement: what told of it.
            lease_s: how long the lease holds.
            kinds: which kinds of jobs to take; any where it is None.

        Returns:
            whether it was taken, and how it stands now; None where there is no such job.
        """
        now_s = self._clock()
        condition, values = _DUE, {"queued": "queued", "now": now_s}
        if kinds is not None:
            named = {f"kind{number}": kind for number, kind in enumerate(kinds)}
            condition, values = f"{_DUE} AND #kind IN ({', '.join(f':{name}' for name in named)})", values | named
        changes = {"state": "running", "token": uuid4().hex, "takenFrom": announcement, "startedS": now_s}
        taken, stored = self._write(
            job_id,
            changes | {"dueS": now_s + lease_s} | progress_fields(Progress()),
            condition=condition,
            values=values,
            add={"attempts": 1},
        )
        # A write whose answer was lost is sent again, and finds itself.
        return taken or (stored is not None and stored.token == changes["token"]), stored

    def extend(self, job_id: str, token: str, lease_s: float) -> bool:
        """Let the lease end `lease_s` from now."""
        return self._change(job_id, token, {"dueS": self._clock() + lease_s}) is not None

    def report(self, job_id: str, token: str, progress: Progress) -> bool:
        """Say how far the attempt is."""
        return self._change(job_id, token, progress_fields(progress)) is not None

    def complete(self, job_id: str, token: str, result: Mapping[str, Any]) -> bool:
        """The job is done.

        Raises:
            TooLargeError: the result is over `MAX_RESULT_BYTES`.
        """
        text = to_json("result", result, MAX_RESULT_BYTES)
        changes = {"state": "done", "finishedS": self._clock(), "result": text}
        return self._change(job_id, token, changes, remove=["token"]) is not None

    def end_attempt(self, job_id: str, token: str, attempts: int, failure: Failure, *, retry: bool) -> Stored | None:
        """Queue a job again after a pause or let it fail; None where `token` does not hold it any more."""
        return self._change(job_id, token, self._ended(attempts, failure, retry=retry), remove=["token"])

    def end_expired(self, stored: Stored) -> Stored | None:
        """The same for a job whose lease has run out; None where it was extended or ended in between."""
        changed, found = self._write(
            stored.job.id,
            self._ended(stored.job.attempts, LOST, retry=True),
            condition=f"{_HELD} AND #dueS <= :now",
            values={"running": "running", "token": stored.token, "now": self._clock()},
            remove=["token"],
        )
        return found if changed else None

    def _ended(self, attempts: int, failure: Failure, *, retry: bool) -> dict[str, Any]:
        """How a job stands after an attempt that failed."""
        now_s = self._clock()
        if retry and attempts < self._retry.attempts:
            return {"state": "queued", "dueS": now_s + self._retry.pause_s(attempts)}
        return {"state": "failed", "finishedS": now_s} | failure_fields(failure.after(attempts))

    def release(self, job_id: str, token: str) -> bool:
        """Queue a job again as if the attempt had not been."""
        changes = {"state": "queued", "dueS": self._clock()}
        return self._change(job_id, token, changes, remove=["token"], add={"attempts": -1}) is not None

    def mark_announced(self, stored: Stored) -> bool:
        """Say that a job is announced now; False where somebody else has just said so."""
        changes, before = {"announcedS": self._clock()}, {"before": stored.announced_s}
        return self._write(stored.job.id, changes, condition="#announcedS = :before", values=before)[0]

    def mark_told(self, job_id: str) -> None:
        """Say that a failed job's dead letter is written."""
        self._write(job_id, {}, condition="#untold = :yes", values={"yes": True}, remove=["untold"])

    def delete(self, job_id: str) -> None:
        """Remove a job and its once key."""
        if not holds(job_id):
            return
        with cloud_errors("jobs"):
            answer = self._dynamodb.delete_item(
                TableName=self._table, Key=to_attributes(job_key(job_id)), ReturnValues="ALL_OLD"
            )
        key = from_attributes(answer.get("Attributes", {})).get("onceId")
        if key is not None:
            self._if_free(
                self._dynamodb.delete_item,
                TableName=self._table,
                Key=to_attributes(once_item_key(key)),
                ConditionExpression="jobId = :job",
                ExpressionAttributeValues=to_attributes({":job": job_id}),
            )

    def _put_new(self, item: Mapping[str, Any], abandoned: str) -> bool:
        """Store a job and its once key, unless one of them is there; a key of the job `abandoned` counts as none."""
        now = {":now": math.floor(self._clock())}
        job = {
            "TableName": self._table,
            "Item": to_attributes(item),
            "ConditionExpression": _FREE,
            "ExpressionAttributeValues": to_attributes(now),
        }
        if "onceId" not in item:
            return self._if_free(self._dynamodb.put_item, **job)
        expiry = {name: item[name] for name in ("expiresAt",) if name in item}
        key = {
            "TableName": self._table,
            "Item": to_attributes(once_item_key(item["onceId"]) | {"jobId": item["analysisId"]} | expiry),
            "ConditionExpression": f"{_FREE} OR jobId = :abandoned",
            "ExpressionAttributeValues": to_attributes(now | {":abandoned": abandoned}),
        }
        return self._if_free(self._dynamodb.transact_write_items, TransactItems=[{"Put": job}, {"Put": key}])

    def _holder(self, once_key: str) -> str | None:
        """The id of the job that a once key names."""
        item = self._get(once_item_key(once_id(once_key)))
        return None if item is None else str(item["jobId"])

    def _get(self, key: Mapping[str, str]) -> dict[str, Any] | None:
        with cloud_errors("jobs"):
            answer = self._dynamodb.get_item(TableName=self._table, Key=to_attributes(key), ConsistentRead=True)
        return self._current(answer)

    def _current(self, answer: Mapping[str, Any]) -> dict[str, Any] | None:
        """The item in an answer, unless there is none or the table should have forgotten it."""
        item = from_attributes(answer.get("Item", {}))
        return item if item and item.get("expiresAt", math.inf) > self._clock() else None

    def _change(
        self,
        job_id: str,
        token: str,
        changes: Mapping[str, Any],
        *,
        remove: Collection[str] = (),
        add: Mapping[str, int] | None = None,
    ) -> Stored | None:
        """Change a job that `token` holds; None where it does not."""
        held = {"running": "running", "token": token}
        ending = {"endedBy": uuid4().hex} if "token" in remove else {}
        changed, stored = self._write(
            job_id, {**changes, **ending}, condition=_HELD, values=held, remove=remove, add=add
        )
        # An end whose answer was lost is written again, and finds itself, as in `take`.
        heard = changed or (stored is not None and bool(ending) and stored.ended_by == ending["endedBy"])
        return stored if heard else None

    def _write(self, job_id: str, changes: Mapping[str, Any], **how: Any) -> tuple[bool, Stored | None]:
        """Change a job if a condition holds. Gives whether it did, and how the job stands, if there is one."""
        from botocore.exceptions import ClientError

        try:
            with cloud_errors("jobs"):
                answer = self._dynamodb.update_item(
                    TableName=self._table,
                    Key=to_attributes(job_key(job_id)),
                    ReturnValues="ALL_NEW",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                    **update(changes, **how),
                )
        except ClientError as error:
            if not condition_failed(error):
                raise
            found = self._current(error.response)
            return False, None if found is None else to_stored(found)
        return True, to_stored(from_attributes(answer["Attributes"]))

    def _if_free(self, call: Callable[..., Any], **arguments: Any) -> bool:
        """Make a write that has a condition; whether that held."""
        from botocore.exceptions import ClientError

        try:
            with cloud_errors("jobs"):
                call(**arguments)
        except ClientError as error:
            if not condition_failed(error):
                raise
            return False
        return True
