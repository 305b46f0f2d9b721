"""Records in a DynamoDB table, as the items that existing users of the table know."""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

from sightline.cloud.attributes import from_attributes, to_attributes
from sightline.cloud.clients import client
from sightline.cloud.errors import cloud_errors, error_code
from sightline.errors import BadInputError, NotFoundError, TooLargeError
from sightline.storage.records import Record

INDEX: Final = "byTestType"
"""A global secondary index by `testType` and `createdAt`, with all attributes."""

_ID, _KIND, _CREATED, _EXPIRES = "analysisId", "testType", "createdAt", "expiresAt"
_OWN = "ownFields"  # the names above that the record's own data has too, with the same value
_RESERVED: Final = (_ID, _KIND, _CREATED, _EXPIRES)

_MAX_ID_BYTES, _MAX_KIND_BYTES = 2048, 1024  # DynamoDB's limits for the two parts of a key
_CURRENT = "attribute_not_exists(expiresAt) OR expiresAt > :now"  # an expired item may stay for two days


class DynamoRecordStore:
    """`RecordStore` in a table with the keys `analysisId` (the record's id) and `testType` (its kind).

    A record's data are attributes of the item, beside `createdAt` (text) and `expiresAt` (seconds since 1970, to the
    next whole one: the attribute that the table expires items by). Data may have fields of these names where they say
    the same as the record does.

    `list` asks the index `byTestType`. It follows the table by a moment: a record just written may be missing. Without
    the index the whole table is read for every `list`.

    Args:
        table: its name.

    Every call raises `UnavailableError` where DynamoDB cannot be reached, and `NotReadyError` where there is no such
    table or it refuses us, or AWS's region or credentials are missing.
    """

    def __init__(self, table: str) -> None:
        self._table = table
        self._has_index = True

    @cached_property
    def _dynamodb(self) -> Any:
        return client("dynamodb")  # at first use: a function's first frame does not wait for botocore

    def put(self, record: Record) -> None:
        self._put(record)

    def put_new(self, record: Record) -> bool:
        from botocore.exceptions import ClientError

        condition = {
            "ConditionExpression": f"attribute_not_exists({_ID}) OR {_EXPIRES} <= :now",
            "ExpressionAttributeValues": _now(),
        }
        try:
            self._put(record, **condition)
        except ClientError as error:
            if error_code(error) != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def get(self, kind: str, record_id: str) -> Record:
        if _holds(kind, record_id):
            with cloud_errors("records"):
                answer = self._dynamodb.get_item(TableName=self._table, Key=_key(kind, record_id), ConsistentRead=True)
            item = answer.get("Item")
            if item is not None and _is_current(item):
                return _to_record(item)
        raise NotFoundError(f"There is no {kind} result {record_id!r}.")

    def list(self, kind: str, *, limit: int = 50) -> tuple[Record, ...]:
        from botocore.exceptions import ClientError

        if self._has_index:
            try:
                return tuple(_to_record(item) for item in self._newest(kind, limit))
            except ClientError as error:
                if error_code(error) != "ValidationException" or INDEX not in str(error):
                    raise
                self._has_index = False
        records = (_to_record(item) for item in self._scan(kind))
        return tuple(heapq.nlargest(limit, records, key=lambda record: record.created_at))

    def delete(self, kind: str, record_id: str) -> None:
        if _holds(kind, record_id):
            with cloud_errors("records"):
                self._dynamodb.delete_item(TableName=self._table, Key=_key(kind, record_id))

    def close(self) -> None:
        """The client is the process's, and stays."""

    def _put(self, record: Record, **condition: Any) -> None:
        from botocore.exceptions import ClientError

        try:
            with cloud_errors("records"):
                self._dynamodb.put_item(TableName=self._table, Item=_to_item(record), **condition)
        except ClientError as error:
            if error_code(error) == "ValidationException" and "Item size" in str(error):
                raise TooLargeError(f"The {record.kind} result is over 400 KB, more than a record may have.") from error
            raise

    def _newest(self, kind: str, limit: int) -> Iterator[Mapping[str, Any]]:
        found = self._pages(
            self._dynamodb.query,
            IndexName=INDEX,
            KeyConditionExpression=f"{_KIND} = :kind",
            FilterExpression=_CURRENT,
            ExpressionAttributeValues=_now() | {":kind": {"S": kind}},
            ScanIndexForward=False,
            Limit=limit,
        )
        for _, item in zip(range(limit), found, strict=False):
            yield item

    def _scan(self, kind: str) -> Iterator[Mapping[str, Any]]:
        return self._pages(
            self._dynamodb.scan,
            FilterExpression=f"{_KIND} = :kind AND ({_CURRENT})",
            ExpressionAttributeValues=_now() | {":kind": {"S": kind}},
            ConsistentRead=True,
        )

    def _pages(self, call: Any, **arguments: Any) -> Iterator[Mapping[str, Any]]:
        while True:
            with cloud_errors("records"):
                page = call(TableName=self._table, **arguments)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _key(kind: str, record_id: str) -> dict[str, Any]:
    return {_ID: {"S": record_id}, _KIND: {"S": kind}}


def _holds(kind: str, record_id: str) -> bool:
    """Whether a table could hold a record of that kind and id: DynamoDB refuses to be asked for others."""
    return 0 < _size(record_id) <= _MAX_ID_BYTES and 0 < _size(kind) <= _MAX_KIND_BYTES


def _size(text: str) -> int:
    """In bytes; 0 for what is no text, for it holds half a surrogate pair."""
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        return 0


def _now() -> dict[str, Any]:
    return {":now": {"N": str(math.floor(time.time()))}}


def _is_current(item: Mapping[str, Any]) -> bool:
    return _EXPIRES not in item or int(item[_EXPIRES]["N"]) > math.floor(time.time())


def _to_item(record: Record) -> dict[str, Any]:
    if not _holds(record.kind, record.id):
        raise BadInputError(
            f"The kind and the id of a record have 1 to {_MAX_KIND_BYTES} and 1 to {_MAX_ID_BYTES} bytes; these have "
            f"{_size(record.kind)} and {_size(record.id)}."
        )
    fixed: dict[str, Any] = {_ID: record.id, _KIND: record.kind, _CREATED: _to_text(record.created_at)}
    if record.expires_at is not None:
        fixed[_EXPIRES] = math.ceil(record.expires_at.timestamp())
    own = [name for name in _RESERVED if name in record.data]
    for name in own:
        if record.data[name] != fixed.get(name):
            raise BadInputError(
                f"{name} in a record's data should be {fixed.get(name)!r}, as the record itself has it."
            )
    if _OWN in record.data:
        raise BadInputError(f"{_OWN} in a record's data is a name that the store needs for itself.")
    return to_attributes({**record.data, **fixed, **({_OWN: own} if own else {})})


def _to_record(item: Mapping[str, Any]) -> Record:
    fields = from_attributes(item)
    own = fields.pop(_OWN, ())
    fixed = {name: fields[name] if name in own else fields.pop(name, None) for name in _RESERVED}
    created, expires_s = fixed[_CREATED], fixed[_EXPIRES]
    return Record(
        kind=fixed[_KIND],
        id=fixed[_ID],
        # An item of an earlier deployment has the contract's `timestamp` alone, in seconds since 1970.
        created_at=datetime.fromisoformat(created) if created else datetime.fromtimestamp(fields["timestamp"], UTC),
        data=fields,
        expires_at=None if expires_s is None else datetime.fromtimestamp(expires_s, UTC),
    )


def _to_text(moment: datetime) -> str:
    """UTC to the microsecond, always as long: text that sorts as time does."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
