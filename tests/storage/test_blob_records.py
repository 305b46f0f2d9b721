from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sightline.errors import BadInputError
from sightline.storage.blob_records import BlobRecordStore
from sightline.storage.local import LocalBlobStore
from sightline.storage.records import Record
from sightline.storage.s3 import S3BlobStore
from tests.clouds.fixtures import in_cloud
from tests.clouds.ministack import Ministack
from tests.clouds.seaweedfs import Seaweedfs
from tests.storage.record_contract import NOON, RecordStoreContract


class TestBlobRecordsOnDisk(RecordStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> BlobRecordStore:
        return BlobRecordStore(LocalBlobStore(tmp_path))


class TestBlobRecordsOnMinistack(RecordStoreContract):
    @pytest.fixture
    def store(self, cloud_environment: Ministack) -> BlobRecordStore:
        return BlobRecordStore(S3BlobStore(cloud_environment.make_bucket("results")))


class TestBlobRecordsOnSeaweedfs(RecordStoreContract):
    @pytest.fixture
    def store(self, seaweedfs: Seaweedfs) -> Iterator[BlobRecordStore]:
        with in_cloud(seaweedfs):
            yield BlobRecordStore(S3BlobStore(seaweedfs.make_bucket("results")))


def test_a_record_is_a_file_that_people_can_read(tmp_path: Path) -> None:
    BlobRecordStore(LocalBlobStore(tmp_path)).put(Record("crack", "one", NOON, {"벽": 1}))

    content = json.loads((tmp_path / "records" / "crack" / "one.json").read_text())
    assert content == {
        "kind": "crack",
        "id": "one",
        "created_at": "2026-03-01T12:00:00.000000+00:00",
        "expires_at": None,
        "data": {"벽": 1},
    }


@pytest.mark.parametrize("record_id", ["", "a/b", "../one", "a b", ".", "x" * 200])
def test_an_id_that_no_key_can_hold_is_refused(tmp_path: Path, record_id: str) -> None:
    store = BlobRecordStore(LocalBlobStore(tmp_path))
    for put in (store.put, store.put_new):
        with pytest.raises(BadInputError):
            put(Record("crack", record_id, NOON, {}))
    assert list(tmp_path.iterdir()) == []
