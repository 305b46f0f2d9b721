from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from sightline.storage.s3 import S3BlobStore
from tests.clouds.fixtures import in_cloud
from tests.clouds.ministack import Ministack
from tests.clouds.seaweedfs import Seaweedfs
from tests.storage.address_contract import AddressContract, Answer, Send, send_to
from tests.storage.blob_contract import BlobStoreContract

BUCKET = "sightline-test"


class InS3(BlobStoreContract, AddressContract):  # its tests run where it is inherited by
    @pytest.fixture
    def send(self) -> Send:
        def send(method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
            return send_to(url, method, body, headers)

        return send


class TestS3OnMinistack(InS3):
    @pytest.fixture
    def store(self, cloud_environment: Ministack) -> S3BlobStore:
        return S3BlobStore(cloud_environment.make_bucket(BUCKET))


class TestS3OnSeaweedfs(InS3):
    @pytest.fixture
    def store(self, seaweedfs: Seaweedfs) -> Iterator[S3BlobStore]:
        with in_cloud(seaweedfs):
            yield S3BlobStore(seaweedfs.make_bucket(BUCKET))
