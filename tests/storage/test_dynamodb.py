from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sightline.cloud.clients import close_clients
from sightline.errors import BadInputError, NotFoundError, NotReadyError, TooLargeError, UnavailableError
from sightline.storage.dynamodb import DynamoRecordStore
from sightline.storage.records import Record
from tests.clouds.cloud import Cloud
from tests.clouds.faults import FaultyCloud
from tests.clouds.fixtures import in_cloud
from tests.clouds.ministack import Ministack
from tests.clouds.moto import Moto
from tests.storage.record_contract import NOON, RecordStoreContract

RECORD = Record("crack", "one", NOON, {"a": 1})


@pytest.fixture
def cloud(ministack: Ministack) -> Iterator[Cloud]:
    with in_cloud(ministack):
        yield ministack


@pytest.fixture
def store(cloud: Cloud) -> DynamoRecordStore:
    return DynamoRecordStore(cloud.make_table("records"))


def later(days: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)


def item_of(cloud: Cloud, record: Record) -> dict[str, dict[str, object]]:
    key = {"analysisId": {"S": record.id}, "testType": {"S": record.kind}}
    item: dict[str, dict[str, object]] = cloud.client("dynamodb").get_item(TableName="records", Key=key)["Item"]
    return item


class TestOnMinistack(RecordStoreContract):
    pass


class TestOnMoto(RecordStoreContract):
    decides_between_threads = False  # moto looks whether there is an item and then stores one, without a lock

    @pytest.fixture
    def cloud(self, moto_cloud: Moto) -> Iterator[Cloud]:
        with in_cloud(moto_cloud):
            yield moto_cloud


class TestWithoutTheIndex(RecordStoreContract):
    """The guide's table has the two keys and no more."""

    @pytest.fixture
    def store(self, cloud: Cloud) -> DynamoRecordStore:
        names = ("analysisId", "testType")
        cloud.client("dynamodb").create_table(
            TableName="plain",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
            KeySchema=[
                {"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=True)
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        return DynamoRecordStore("plain")


def test_the_item_is_the_contracts(store: DynamoRecordStore, cloud: Cloud) -> None:
    data = {
        "analysisId": "5d1b7c9e",
        "testType": "eye-tracking",
        "userId": "someone",
        "timestamp": 1_772_366_400,
        "results": {"blink_count": 45, "vertical_peak_to_peak": 0.12, "psp_suspected": False},
        "status": "success",
    }
    record = Record("eye-tracking", "5d1b7c9e", NOON, data, expires_at=later(30))
    store.put(record)

    assert store.get("eye-tracking", "5d1b7c9e") == record
    assert store.list("eye-tracking") == (record,)
    item = item_of(cloud, record)
    assert {name: item[name] for name in data} == {
        "analysisId": {"S": "5d1b7c9e"},
        "testType": {"S": "eye-tracking"},
        "userId": {"S": "someone"},
        "timestamp": {"N": "1772366400"},
        "results": {
            "M": {
                "blink_count": {"N": "45"},
                "vertical_peak_to_peak": {"N": "0.12"},
                "psp_suspected": {"BOOL": False},
            }
        },
        "status": {"S": "success"},
    }
    assert item["createdAt"] == {"S": "2026-03-01T12:00:00.000000+00:00"}
    assert record.expires_at is not None
    assert item["expiresAt"] == {"N": str(int(record.expires_at.timestamp()))}


def test_an_item_of_an_earlier_deployment_can_be_read(store: DynamoRecordStore, cloud: Cloud) -> None:
    """The guide's function wrote these fields and no more."""
    item: dict[str, Any] = {
        "analysisId": {"S": "old"},
        "testType": {"S": "eye-tracking"},
        "userId": {"S": "someone"},
        "timestamp": {"N": "1772366400"},
        "results": {"M": {"summary": {"M": {"blink_count": {"N": "45"}}}}},
        "status": {"S": "success"},
    }
    cloud.client("dynamodb").put_item(TableName="records", Item=item)

    record = store.get("eye-tracking", "old")
    assert (record.created_at, record.expires_at) == (NOON, None)
    assert record.data["results"] == {"summary": {"blink_count": 45}}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"analysisId": "one"},
        {"testType": "crack", "a": 1},
        {"createdAt": "2026-03-01T12:00:00.000000+00:00", "analysisId": "one"},
    ],
)
def test_data_that_repeats_the_key_comes_back_as_it_was(store: DynamoRecordStore, data: dict[str, object]) -> None:
    store.put(Record("crack", "one", NOON, data))

    assert store.get("crack", "one").data == data


@pytest.mark.parametrize("name", ["analysisId", "testType", "createdAt", "expiresAt", "ownFields"])
def test_data_that_contradicts_the_key_is_refused(store: DynamoRecordStore, name: str) -> None:
    with pytest.raises(BadInputError, match=name):
        store.put(Record("crack", "one", NOON, {name: "other"}))
    with pytest.raises(NotFoundError):
        store.get("crack", "one")


@pytest.mark.parametrize(
    ("kind", "record_id"), [("", "one"), ("crack", ""), ("k" * 1025, "one"), ("k", "x" * 2049), ("k", "\ud800")]
)
def test_keys_that_a_table_cannot_hold(store: DynamoRecordStore, kind: str, record_id: str) -> None:
    with pytest.raises(BadInputError, match="bytes"):
        store.put(Record(kind, record_id, NOON, {}))
    with pytest.raises(NotFoundError):
        store.get(kind, record_id)
    store.delete(kind, record_id)


def test_a_record_over_400_kb_is_refused(store: DynamoRecordStore) -> None:
    store.put(Record("crack", "one", NOON, {"text": "x" * 409_000}))
    with pytest.raises(TooLargeError, match="400 KB"):
        store.put(Record("crack", "two", NOON, {"text": "x" * 410_000}))
    assert len(store.list("crack")) == 1


@pytest.mark.parametrize("index", [True, False])
def test_a_list_over_several_pages(store: DynamoRecordStore, index: bool) -> None:
    """A page ends at 1 MB: four records of 300 KB do not fit."""
    store._has_index = index
    for minute in range(8):
        expires_at = later(-1 if minute in (5, 6) else 1)
        record = Record("crack", f"at-{minute}", NOON + timedelta(minutes=minute), {"x": "x" * 300_000}, expires_at)
        store.put(record)

    assert [record.id for record in store.list("crack", limit=4)] == ["at-7", "at-4", "at-3", "at-2"]
    assert len(store.list("crack")) == 6


def test_what_the_table_has_not_forgotten_yet_is_gone_all_the_same(store: DynamoRecordStore, cloud: Cloud) -> None:
    record = Record("crack", "one", NOON, {}, datetime.fromtimestamp(time.time() - 1, UTC))
    store.put(record)

    assert item_of(cloud, record)
    with pytest.raises(NotFoundError):
        store.get("crack", "one")
    assert store.list("crack") == ()
    assert store.put_new(Record("crack", "one", NOON, {"new": True}))
    assert store.get("crack", "one").data == {"new": True}


def test_a_table_that_is_not_there_says_so(cloud: Cloud) -> None:
    with pytest.raises(NotReadyError, match="DYNAMODB_TABLE"):
        DynamoRecordStore("missing").list("crack")


def test_a_table_that_refuses_for_a_while(ministack: Ministack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sightline.cloud.clients._ATTEMPTS", 1)
    with FaultyCloud(ministack) as cloud, in_cloud(cloud):
        store = DynamoRecordStore(ministack.make_table("records"))
        store.put(RECORD)
        cloud.refuse("dynamodb")
        calls: list[Callable[[], object]] = [
            lambda: store.put(Record("crack", "two", NOON, {})),
            lambda: store.put_new(Record("crack", "two", NOON, {})),
            lambda: store.get("crack", "one"),
            lambda: store.list("crack"),
            lambda: store.delete("crack", "one"),
        ]
        for call in calls:
            with pytest.raises(UnavailableError, match="records"):
                call()
        cloud.serve("dynamodb")

        assert store.list("crack") == (RECORD,)


RIGHTS = {
    "table/records": ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"),
    "table/records/index/byTestType": ("dynamodb:Query",),
}
"""All that a store may need to do, by what with. Without the index it is `dynamodb:Query` and `Scan` on the table."""


@pytest.mark.parametrize("missing", [None, *(action for actions in RIGHTS.values() for action in actions)])
def test_what_a_store_must_be_allowed_to_do(
    ministack: Ministack, monkeypatch: pytest.MonkeyPatch, missing: str | None
) -> None:
    statements = [
        {
            "Effect": "Allow",
            "Action": ["dynamodb:ListTables", *(action for action in actions if action != missing)],
            "Resource": f"arn:aws:dynamodb:*:*:{resource}",
        }
        for resource, actions in RIGHTS.items()
    ]
    table = ministack.make_table("records")
    for name, value in ministack.make_user("worker", *statements).items():
        monkeypatch.setenv(name, value)
    close_clients()
    store = DynamoRecordStore(table)
    with pytest.raises(NotReadyError, match="permissions") if missing else nullcontext():
        store.put(RECORD)
        assert not store.put_new(RECORD)
        assert store.get("crack", "one") == RECORD
        assert store.list("crack") == (RECORD,)
        store.delete("crack", "one")
    close_clients()
