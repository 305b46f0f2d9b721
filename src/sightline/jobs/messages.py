"""The messages that announce jobs, and the dead letters that tell why one was given up."""

from __future__ import annotations

import json
import logging
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from uuid import uuid4

from sightline.cloud.clients import client
from sightline.cloud.errors import cloud_errors, error_code
from sightline.errors import BadInputError, UnavailableError
from sightline.jobs.dynamodb_items import holds
from sightline.jobs.queue import Failure
from sightline.telemetry import log_event

_logger = logging.getLogger(__name__)

_MAX_VISIBILITY_S: Final = 43_200  # SQS's limit, from a message's receipt on

_FORM: Final = '{"job_id": "..."}'
_MAX_REASON: Final = 1000  # characters of a reason; whoever wants to know more finds the job
_MAX_BODY: Final = 60_000  # characters of a foreign message: 4 bytes at most each, and SQS takes 256 KB for certain
_UNSENDABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # SQS takes what XML does

_NOT_OURS: Final = frozenset(
    {
        "AWS.SimpleQueueService.MessageNotInflight",
        "InvalidParameterValue",
        "MessageNotInflight",
        "ReceiptHandleIsInvalid",
    }
)
"""What SQS says of a receipt whose message is gone, or was handed out again since."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Says that a job is there.

    Attributes:
        job_id: which.
        id: tells it from others of the same job; empty where its sender gave it none.
    """

    job_id: str
    id: str

    @classmethod
    def parse(cls, body: str) -> Announcement:
        """Read the body of a message.

        Raises:
            BadInputError: it announces no job.
        """
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            raise BadInputError(f"The message is no JSON: a job is announced as {_FORM}.") from None
        job_id = found.get("job_id") if isinstance(found, dict) else None
        if not isinstance(job_id, str) or not holds(job_id):
            raise BadInputError(f"The message has no job_id: a job is announced as {_FORM}.")
        return cls(job_id, str(found.get("announcement", "")))

    def body(self) -> str:
        """What `parse` reads."""
        return json.dumps({"job_id": self.job_id, "announcement": self.id})


class Messages:
    """The messages of one SQS queue, and its dead letters.

    Args:
        queue_url: where jobs are announced.
        dead_letter_url: what takes messages that are given up; None where nobody wants them.

    Every call raises `UnavailableError` where SQS cannot be reached, and `NotReadyError` where there is no such queue
    or it refuses us. Only what moves or removes a message that is there already does not mind: the message comes
    again then, and is settled by how its job stands.
    """

    def __init__(self, queue_url: str, dead_letter_url: str | None) -> None:
        self._queue_url = queue_url
        self._dead_letter_url = dead_letter_url

    @cached_property
    def _sqs(self) -> Any:
        return client("sqs")  # at first use: a function's first frame does not wait for botocore

    def announce(self, job_id: str) -> None:
        """Send a message about a job."""
        body = Announcement(job_id, uuid4().hex).body()
        with cloud_errors("jobs"):
            self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=body)

    def receive(self, *, wait_s: int, hidden_s: float) -> tuple[str, str] | None:
        """The body and the receipt of some message, which nobody else gets for `hidden_s`; None where there is none."""
        with cloud_errors("jobs"):
            answer = self._sqs.receive_message(
                QueueUrl=self._queue_url,
                MaxNumberOfMessages=1,
                WaitTimeSeconds=wait_s,
                VisibilityTimeout=_visibility(hidden_s),
            )
        messages = answer.get("Messages", ())
        return (messages[0]["Body"], messages[0]["ReceiptHandle"]) if messages else None

    def hide(self, receipt: str, seconds: float) -> None:
        """Let nobody get a message for so long from now on."""
        self._settle(self._sqs.change_message_visibility, receipt, VisibilityTimeout=_visibility(seconds))

    def drop(self, receipt: str) -> None:
        """Remove a message."""
        self._settle(self._sqs.delete_message, receipt)

    def count(self) -> int:
        """About how many messages anybody could get now."""
        wanted = ["ApproximateNumberOfMessages"]
        with cloud_errors("jobs"):
            answer = self._sqs.get_queue_attributes(QueueUrl=self._queue_url, AttributeNames=wanted)
        return int(answer["Attributes"][wanted[0]])

    def bury(self, body: str, failure: Failure, job_id: str | None = None) -> None:
        """Write a dead letter: a message that is given up, with its reason in attributes beside it."""
        log_event(_logger, "message_given_up", level=logging.WARNING, code=failure.code)
        if self._dead_letter_url is None:
            return
        told = {"code": failure.code, "reason": _sendable(failure.reason)[:_MAX_REASON], "job_id": job_id}
        attributes = {name: {"DataType": "String", "StringValue": value} for name, value in told.items() if value}
        with cloud_errors("jobs"):
            self._sqs.send_message(
                QueueUrl=self._dead_letter_url,
                MessageBody=_sendable(body)[:_MAX_BODY] or "(empty)",
                MessageAttributes=attributes,
            )

    def _settle(self, call: Callable[..., Any], receipt: str, **arguments: Any) -> None:
        from botocore.exceptions import ClientError

        try:
            with cloud_errors("jobs"):
                call(QueueUrl=self._queue_url, ReceiptHandle=receipt, **arguments)
        except UnavailableError:
            log_event(_logger, "message_not_settled", level=logging.WARNING)
        except ClientError as error:
            if error_code(error) not in _NOT_OURS:
                raise


def _visibility(seconds: float) -> int:
    return min(max(math.ceil(seconds), 0), _MAX_VISIBILITY_S)


def _sendable(text: str) -> str:
    return _UNSENDABLE.sub("?", text)
