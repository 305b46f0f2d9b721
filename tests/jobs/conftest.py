"""A queue in an emulated cloud, for the tests of SQS; those of other queues bring their own `queue` and `clock`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sightline.jobs.sqs import SqsJobQueue
from tests.clouds.cloud import Cloud
from tests.clouds.fixtures import in_cloud
from tests.clouds.ministack import Ministack
from tests.jobs.steered_sqs import Post, SteeringClock, steer


@pytest.fixture
def cloud(ministack: Ministack) -> Iterator[Cloud]:
    with in_cloud(ministack):
        yield ministack


@pytest.fixture
def places(cloud: Cloud) -> dict[str, Any]:
    """What a queue needs to be there, as its arguments."""
    return {
        "table": cloud.make_table("jobs"),
        "queue_url": cloud.make_queue("jobs"),
        "dead_letter_url": cloud.make_queue("dead"),
    }


@pytest.fixture
def clock() -> SteeringClock:
    return SteeringClock()


@pytest.fixture
def queue(places: dict[str, Any], clock: SteeringClock) -> SqsJobQueue:
    """A queue whose leases and messages both go by `clock`."""
    return steer(SqsJobQueue(**places, clock=clock, wait_s=0), clock)


@pytest.fixture
def post(queue: SqsJobQueue) -> Post:
    return Post(queue)
