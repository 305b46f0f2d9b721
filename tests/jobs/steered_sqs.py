"""SQS whose messages stay hidden by a test's clock instead of the real one, and a look at what lies in it."""

from __future__ import annotations

import threading
from typing import Any

from sightline.jobs.sqs import SqsJobQueue
from tests.jobs.contract import Clock

_LONG_S = 43_200  # SQS's limit: a real message comes back by itself when no test runs any more


class SteeredSqs:
    """Stands before a real client of SQS: every message is hidden for half a day there, and shown when its time by the
    test's clock has come.
    """

    def __init__(self, sqs: Any, clock: SteeringClock) -> None:
        self._sqs = sqs
        self._clock = clock
        self._lock = threading.Lock()
        self._hidden: dict[tuple[str, str], float] = {}  # until when, by queue and receipt
        clock.steered.append(self)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sqs, name)

    def receive_message(self, *, VisibilityTimeout: int, **arguments: Any) -> Any:  # noqa: N803
        answer = self._sqs.receive_message(VisibilityTimeout=_LONG_S, **arguments)
        for message in answer.get("Messages", ()):
            self._hide(arguments["QueueUrl"], message["ReceiptHandle"], VisibilityTimeout)
        return answer

    def change_message_visibility(self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> Any:  # noqa: N803
        if VisibilityTimeout:
            self._hide(QueueUrl, ReceiptHandle, VisibilityTimeout)
            return None
        with self._lock:
            self._hidden.pop((QueueUrl, ReceiptHandle), None)
        return self._show(QueueUrl, ReceiptHandle)

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> Any:  # noqa: N803
        with self._lock:
            self._hidden.pop((QueueUrl, ReceiptHandle), None)
        return self._sqs.delete_message(QueueUrl=QueueUrl, ReceiptHandle=ReceiptHandle)

    def show_due(self) -> None:
        """Show the messages whose time has come."""
        with self._lock:
            due = [key for key, until_s in self._hidden.items() if until_s <= self._clock.now_s]
            for key in due:
                del self._hidden[key]
        for key in due:
            self._show(*key)

    def _hide(self, queue_url: str, receipt: str, seconds: float) -> None:
        with self._lock:
            self._hidden[queue_url, receipt] = self._clock.now_s + seconds

    def _show(self, queue_url: str, receipt: str) -> Any:
        return self._sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=receipt, VisibilityTimeout=0)


class SteeringClock(Clock):
    """A clock that SQS goes by too."""

    def __init__(self) -> None:
        super().__init__()
        self.steered: list[SteeredSqs] = []

    def pass_s(self, seconds: float) -> None:
        super().pass_s(seconds)
        for sqs in self.steered:
            sqs.show_due()


def steer(queue: SqsJobQueue, clock: SteeringClock) -> SqsJobQueue:
    """Let the messages of a queue go by that clock."""
    queue._messages._sqs = SteeredSqs(queue._messages._sqs, clock)
    return queue


class Post:
    """The messages of a queue, as Lambda gets them."""

    def __init__(self, queue: SqsJobQueue) -> None:
        self._sqs, self._url = queue._messages._sqs, queue._messages._queue_url
        self._dead_url = queue._messages._dead_letter_url

    def next(self) -> tuple[str, str]:
        """The body and the receipt of a message."""
        return self.all(1)[0]

    def all(self, count: int = 10) -> list[tuple[str, str]]:
        """Messages, hidden for as long as a function may run, which is far longer than a lease."""
        answer = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=count, VisibilityTimeout=1800)
        return [(message["Body"], message["ReceiptHandle"]) for message in answer.get("Messages", [])]

    def send(self, body: str) -> None:
        self._sqs.send_message(QueueUrl=self._url, MessageBody=body)

    def drop(self, message: tuple[str, str]) -> None:
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message[1])

    def is_empty(self) -> bool:
        """Whether no message is there, not even a hidden one."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
        return {found[name] for name in names} == {"0"}

    def dead(self) -> list[tuple[str, dict[str, str]]]:
        """Bodies and attributes of the dead letters that this has not shown yet."""
        answer = self._sqs.receive_message(
            QueueUrl=self._dead_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], VisibilityTimeout=1800
        )
        return [(message["Body"], _texts(message)) for message in answer.get("Messages", [])]


def _texts(message: Any) -> dict[str, str]:
    return {name: value["StringValue"] for name, value in message.get("MessageAttributes", {}).items()}
