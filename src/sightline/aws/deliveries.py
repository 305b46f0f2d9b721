"""Messages of the queue: jobs to carry out, and events of the bucket that it buffers.

Lambda removes the messages of a batch but for those that the answer names; those are delivered again when their
visibility ends.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Sequence
from typing import Any, Final

from sightline.aws.arrivals import take_arrivals
from sightline.aws.deadline import Deadline, function_seconds_left
from sightline.aws.events import Message, read_objects
from sightline.aws.gaze_function import FUNCTION, GazeFunction
from sightline.aws.invocation import Invocation, invocation
from sightline.errors import BadInputError, NotFoundError, NotReadyError, SightlineError, TooLargeError
from sightline.jobs.attempt import InterruptedAttemptError, carry_out
from sightline.jobs.queue import Lease
from sightline.jobs.sqs import Settled, SqsJobQueue

_logger = logging.getLogger(__name__)

_FRESH_SHARE: Final = 0.8
"""A job that begins with less of the function's time than this may need only what others of its batch took: it is given
back when it does not end in time. One that had all the time would not end the next time either."""


def take_messages(function: GazeFunction, messages: Sequence[Message], context: object) -> dict[str, Any]:
    """Carry out a batch, one message after another.

    Returns:
        the messages to be delivered again, as Lambda reads it (`ReportBatchItemFailures`).

    Raises:
        NotReadyError: this function has no queue for jobs.
    """
    if not isinstance(function.queue, SqsJobQueue):
        raise NotReadyError("A message came from a queue, but SIGHTLINE_JOB_QUEUE_URL is not set.")
    batch = _Batch(function, function.queue, context)
    failed = [message.id for message in messages if not batch.take(message)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


class _Batch:
    def __init__(self, function: GazeFunction, queue: SqsJobQueue, context: object) -> None:
        self._function = function
        self._queue = queue
        self._context = context
        self._all_s = function_seconds_left(context)

    def take(self, message: Message) -> bool:
        """Carry out a message, with a line of metrics of its own; False where it is to be delivered again.

        What keeps one message from being carried out says nothing about the next.
        """
        try:
            with invocation(FUNCTION, self._context) as this:
                this.properties["model_version"] = self._function.model.version
                return self._take(message, this)
        except SightlineError as error:
            _logger.error("message_failed", extra={"fields": {"code": error.code, "reason": error.message}})
        except Exception:
            _logger.exception("message_failed")
        return False

    def _take(self, message: Message, this: Invocation) -> bool:
        document = _parsed(message.body)
        if (event := read_objects(document)) is not None:
            this.action = "objects_created"
            take_arrivals(self._function, event.objects, this)
            return True
        this.action = "job"
        try:
            adopted = self._queue.adopt(message.body, message.receipt_handle)
        except BadInputError as error:
            this.action, this.error_code = "poison", error.code
            self._queue.reject(message.body, f"It is no event of the bucket, and no job: {error.message}")
            return True
        if isinstance(adopted, Settled):
            return adopted is Settled.DONE
        return self._carry_out(adopted, this)

    def _carry_out(self, lease: Lease, this: Invocation) -> bool:
        analysis = self._function.analysis
        analysis.begin(Deadline(self._context, gateway_s=None, refusal=self._refusal()))
        carry_out(self._queue, lease, self._function.service.jobs.handler, threading.Event())
        this.figures |= analysis.figures()
        try:
            job = self._queue.get(lease.job.id)
        except NotFoundError:  # deleted while it ran
            return True
        if job.state == "failed" and job.failure is not None:
            this.error_code = job.failure.code
        elif job.state != "done":
            this.error_code = "interrupted"
        return job.state in ("done", "failed")

    def _refusal(self) -> Any:
        """What ends a job that the function has no time for, by how much of it there was."""
        left_s = function_seconds_left(self._context)
        if left_s < _FRESH_SHARE * self._all_s:
            return lambda *_: InterruptedAttemptError()
        return _too_long


def _too_long(allowed_s: float, done: int, total: int) -> TooLargeError:
    return TooLargeError(
        f"The analysis takes longer than the {allowed_s:.0f} s that the function may work: {done} of {total} frames "
        "were done by then. Send a shorter video, a larger step or a smaller max_frames, or give the function more "
        "memory or a longer timeout."
    )


def _parsed(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
