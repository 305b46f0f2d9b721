"""One view on an emulated AWS, whichever program plays it: where it is, its keys, and what a test needs to be there."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from typing import Any

ACCESS_KEY = "sightlinetestkey0001"
SECRET_KEY = "sightline-test-secret-of-nobody"
REGION = "us-west-1"


class Cloud:
    """AWS at an address of this machine.

    Attributes:
        url: the endpoint of every service.
        environment: what a program needs in its environment to find this cloud and no other.
    """

    def __init__(self) -> None:
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()
        self.point_at(0)

    def point_at(self, port: int) -> None:
        """Say where it listens."""
        self.url = f"http://127.0.0.1:{port}"
        self.environment = self.environment_for(ACCESS_KEY, SECRET_KEY)

    def environment_for(self, access_key: str, secret_key: str) -> dict[str, str]:
        """What the environment of somebody with these keys is."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": access_key,
            "AWS_SECRET_ACCESS_KEY": secret_key,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,  # a developer's own accounts stay out
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "NO_PROXY": "*",
            "no_proxy": "*",
        }

    def client(self, name: str) -> Any:
        """A botocore client for a test to look behind the code's back; without retries, so that a fault is seen."""
        with self._lock:
            if name not in self._clients:
                self._clients[name] = client_of(self.environment_for(ACCESS_KEY, SECRET_KEY), name)
            return self._clients[name]

    def close(self) -> None:
        """Close the clients' connections."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def make_bucket(self, name: str) -> str:
        """An empty bucket; returns its name."""
        self.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        return name

    def make_table(self, name: str) -> str:
        """A table as the template makes it: the contract's keys, records by kind and time, expiry. Returns its name."""
        dynamodb = self.client("dynamodb")
        dynamodb.create_table(
            TableName=name,
            AttributeDefinitions=[
                {"AttributeName": attribute, "AttributeType": "S"}
                for attribute in ("analysisId", "testType", "createdAt")
            ],
            KeySchema=[
                {"AttributeName": "analysisId", "KeyType": "HASH"},
                {"AttributeName": "testType", "KeyType": "RANGE"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "byTestType",
                    "KeySchema": [
                        {"AttributeName": "testType", "KeyType": "HASH"},
                        {"AttributeName": "createdAt", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        dynamodb.update_time_to_live(
            TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expiresAt"}
        )
        return name

    def make_queue(self, name: str, *, dead_letter: str | None = None, **attributes: str) -> str:
        """A queue; returns its URL.

        Args:
            name: its name.
            dead_letter: the URL of the queue that takes what was received three times in vain.
            attributes: others of SQS's, such as `VisibilityTimeout="30"`.
        """
        sqs = self.client("sqs")
        if dead_letter:
            found = sqs.get_queue_attributes(QueueUrl=dead_letter, AttributeNames=["QueueArn"])
            policy = {"deadLetterTargetArn": found["Attributes"]["QueueArn"], "maxReceiveCount": "3"}
            attributes["RedrivePolicy"] = json.dumps(policy)
        url: str = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return url


def client_of(environment: Mapping[str, str], name: str) -> Any:
    """A botocore client of whoever has this environment; the caller closes it."""
    from botocore.config import Config
    from botocore.session import Session

    return Session().create_client(
        name,
        region_name=environment["AWS_REGION"],
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, proxies={}, read_timeout=60),
    )
