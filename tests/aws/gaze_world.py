"""What stands around the gaze function in a test: a bucket, a table, two queues; and Lambda's part in bringing it
their messages.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.aws.gaze_samples import messages
from tests.clouds.cloud import Cloud
from tests.clouds.emulator import LambdaEmulator
from tests.conftest import PATIENCE_S

Answer = dict[str, Any]
BUCKET = "seoul-ht-09"
TABLE = "parkinson-analysis"
HANDLER = "lambda_function.lambda_handler"


@dataclass(frozen=True)
class GazeWorld:
    """The function's surroundings in an emulated cloud."""

    cloud: Cloud
    queue_url: str
    dead_letter_url: str
    hidden: list[str] = field(default_factory=list)
    """Receipts of the messages that were handed over and not deleted."""

    @classmethod
    def made(cls, cloud: Cloud) -> GazeWorld:
        cloud.make_bucket(BUCKET)
        cloud.make_table(TABLE)
        dead = cloud.make_queue("dead")
        return cls(cloud, cloud.make_queue("jobs", VisibilityTimeout="900"), dead)

    @property
    def environment(self) -> dict[str, str]:
        """What the function's environment names, beside the cloud."""
        return {
            **self.cloud.environment,
            "S3_BUCKET": BUCKET,
            "DYNAMODB_TABLE": TABLE,
            "SIGHTLINE_JOB_QUEUE_URL": self.queue_url,
            "SIGHTLINE_DEAD_LETTER_QUEUE_URL": self.dead_letter_url,
        }

    def function(
        self, tmp: Path, environment: Mapping[str, str] | None = None, *, timeout_s: int = PATIENCE_S
    ) -> LambdaEmulator:
        """The function with a /tmp of its own, and these variables beside or instead of the world's."""
        tmp.mkdir(exist_ok=True)
        variables = {**self.environment, "TMPDIR": str(tmp), **(environment or {})}
        return LambdaEmulator(HANDLER, environment=variables, timeout_s=timeout_s)

    def put(self, key: str, data: bytes) -> None:
        """Store an object behind the function's back."""
        self.cloud.client("s3").put_object(Bucket=BUCKET, Key=key, Body=data)

    def get(self, key: str) -> bytes:
        body = self.cloud.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"]
        with body:
            data: bytes = body.read()
        return data

    def stored(self) -> set[str]:
        """The keys in the bucket."""
        listed = self.cloud.client("s3").list_objects_v2(Bucket=BUCKET)
        return {entry["Key"] for entry in listed.get("Contents", [])}

    def items(self) -> list[Mapping[str, Any]]:
        """All that lies in the table, as DynamoDB says it, but for the marks of deleted uploads, which name nobody."""
        found: list[Mapping[str, Any]] = self.cloud.client("dynamodb").scan(TableName=TABLE)["Items"]
        return [item for item in found if item.get("status") != {"S": "deleted"}]

    def item(self, analysis_id: str, test_type: str = "eye-tracking") -> Mapping[str, Any]:
        key = {"analysisId": {"S": analysis_id}, "testType": {"S": test_type}}
        answer = self.cloud.client("dynamodb").get_item(TableName=TABLE, Key=key)
        found: Mapping[str, Any] = answer["Item"]
        return found

    def be_due(self, analysis_id: str, state: str) -> None:
        """Let the time be over that a `running` job's worker may be silent for, or that a `queued` job pauses for."""
        dynamodb = self.cloud.client("dynamodb")
        with suppress(dynamodb.exceptions.ConditionalCheckFailedException):  # it is in another state by now
            dynamodb.update_item(
                TableName=TABLE,
                Key={"analysisId": {"S": analysis_id}, "testType": {"S": "job"}},
                UpdateExpression="SET dueS = :past",
                ConditionExpression="#state = :state",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={":past": {"N": "1"}, ":state": {"S": state}},
            )

    def receive(self, queue_url: str | None = None) -> list[Mapping[str, Any]]:
        """The messages that a queue shows now."""
        answer = self.cloud.client("sqs").receive_message(
            QueueUrl=queue_url or self.queue_url,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
        )
        found: list[Mapping[str, Any]] = answer.get("Messages", [])
        return found

    def deliver(self, invoke: Callable[[Answer], Any]) -> Answer:
        """Do Lambda's part once: hand over what the queue shows, delete what the function does not name as failed."""
        received = self.receive()
        if not received:
            return {"received": 0, "batchItemFailures": []}
        receipts = tuple(message["ReceiptHandle"] for message in received)
        self.hidden.extend(receipts)
        answer: Answer = invoke(messages(*(message["Body"] for message in received), receipts=receipts))
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for number, receipt in enumerate(receipts):
            if f"message-{number}" not in failed:
                self._sqs("delete_message_batch", receipt)  # tells of what is gone already, and does not raise
        return answer | {"received": len(received)}

    def pass_time(self) -> None:
        """Let the time be over that messages which were handed over stay hidden for."""
        for receipt in self.hidden:
            self._sqs("change_message_visibility_batch", receipt, VisibilityTimeout=0)
        self.hidden.clear()

    def _sqs(self, batch: str, receipt: str, **more: object) -> None:
        entry = {"Id": "1", "ReceiptHandle": receipt, **more}
        getattr(self.cloud.client("sqs"), batch)(QueueUrl=self.queue_url, Entries=[entry])

    def send(self, body: object) -> None:
        """Put a message into the queue of jobs."""
        text = body if isinstance(body, str) else json.dumps(body)
        self.cloud.client("sqs").send_message(QueueUrl=self.queue_url, MessageBody=text)


def upload(to: Mapping[str, Any], data: bytes) -> int:
    """Send a video as `create_upload` says; gives the status of the storage."""
    request = urllib.request.Request(to["url"], data, dict(to["headers"]), method=to["method"])
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def fetched(url: str) -> bytes:
    """What is at an address."""
    with urllib.request.urlopen(url, timeout=PATIENCE_S) as response:
        data: bytes = response.read()
    return data


def metrics(function: LambdaEmulator) -> list[Answer]:
    """The lines of metrics that a function has written, in order."""
    lines = (line for line in function.log().splitlines() if '"_aws"' in line)
    return [json.loads(line[line.index("{") :]) for line in lines]
