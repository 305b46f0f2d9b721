from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clouds.cloud import Cloud
from tests.clouds.fixtures import in_cloud
from tests.clouds.moto import Moto
from tests.jobs.contract import JobQueueContract


class OfSqs(JobQueueContract):
    in_order = False  # a standard queue of SQS promises none; a FIFO queue would let a bad job hold all others up
    counts_jobs = False  # SQS knows messages only


class TestOnMinistack(OfSqs):
    pass


class TestOnMoto(OfSqs):
    holds_keys_against_threads = False  # a transaction of moto's that is given up sets back what others have written

    @pytest.fixture
    def cloud(self, moto_cloud: Moto) -> Iterator[Cloud]:
        with in_cloud(moto_cloud):
            yield moto_cloud
