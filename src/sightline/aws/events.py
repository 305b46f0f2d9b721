"""What kind of event a function was invoked with, and what is in it. The forms are those of AWS's documentation."""

from __future__ import annotations

import json
import time
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from urllib.parse import unquote_plus

from sightline.aws.deadline import GATEWAY_S
from sightline.errors import BadInputError

_PINGS: Final = frozenset({"aws.events", "aws.scheduler"})
_CREATED: Final = "ObjectCreated:"


@dataclass(frozen=True, slots=True)
class HttpEvent:
    """A request through API Gateway (REST or HTTP API) or a Function URL.

    Attributes:
        method: such as `POST`.
        origin: of the page that asks, if a browser says one.
        body: as it came: a text, base64, or nothing.
        is_base64: the body is base64.
        gateway_s: what is left of the gateway's time; None where there is no gateway.
    """

    method: str
    origin: str | None
    body: object
    is_base64: bool
    gateway_s: float | None

    def request(self) -> Any:
        """The JSON of the body.

        Raises:
            BadInputError: it is none.
        """
        if isinstance(self.body, Mapping):  # a test event, written by hand
            return self.body
        if not isinstance(self.body, str) or not self.body:
            raise BadInputError("The request has no body: it should be a JSON object with an 'action'.")
        try:
            text = b64decode(self.body, validate=True) if self.is_base64 else self.body
        except ValueError as error:
            raise BadInputError(f"The request's body is said to be base64, and is none: {error}.") from None
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadInputError(f"The request is no JSON: {error}.") from None


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object that was created in a bucket."""

    bucket: str
    key: str


@dataclass(frozen=True, slots=True)
class ObjectsEvent:
    """Objects that were created; none in S3's test event."""

    objects: tuple[StoredObject, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A message of an SQS queue."""

    id: str
    receipt_handle: str
    body: str


@dataclass(frozen=True, slots=True)
class QueueEvent:
    """A batch of messages."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Ping:
    """A scheduled event that keeps an environment warm."""


@dataclass(frozen=True, slots=True)
class DirectEvent:
    """The contract's bare JSON."""

    request: object


Event: TypeAlias = HttpEvent | ObjectsEvent | QueueEvent | Ping | DirectEvent


def read_event(event: object) -> Event:
    """Tell the kinds of events apart; what is none of the others is a direct invocation."""
    if not isinstance(event, Mapping):
        return DirectEvent(event)
    about = event.get("requestContext")
    context: Mapping[str, Any] = about if isinstance(about, Mapping) else {}
    if "httpMethod" in event or "http" in context:
        return _http(event, context)
    if (objects := read_objects(event)) is not None:
        return objects
    if (records := _records(event, "aws:sqs")) is not None:
        return QueueEvent(tuple(Message(row["messageId"], row["receiptHandle"], row["body"]) for row in records))
    if event.get("source") in _PINGS and "action" not in event:
        return Ping()
    return DirectEvent(event)


def read_objects(document: object) -> ObjectsEvent | None:
    """The objects of an S3 event notification, as a function or a queue receives it; None where it is none."""
    if not isinstance(document, Mapping):
        return None
    if document.get("Event") == "s3:TestEvent":  # what S3 sends once, when notifications are set up
        return ObjectsEvent(())
    records = _records(document, "aws:s3")
    if records is None:
        return None
    created = (row["s3"] for row in records if str(row.get("eventName", "")).startswith(_CREATED))
    return ObjectsEvent(tuple(StoredObject(s3["bucket"]["name"], unquote_plus(s3["object"]["key"])) for s3 in created))


def _records(event: Mapping[str, Any], source: str) -> Sequence[Mapping[str, Any]] | None:
    records = event.get("Records")
    if not isinstance(records, list) or not records:
        return None
    ours = all(isinstance(record, Mapping) and record.get("eventSource") == source for record in records)
    return records if ours else None


def _http(event: Mapping[str, Any], context: Mapping[str, Any]) -> HttpEvent:
    """1.0 has `httpMethod`, and headers as the client wrote them; 2.0 has `http`, and headers in small letters."""
    http = context.get("http") or {}
    headers = event.get("headers") or {}
    by_name = {str(name).lower(): value for name, value in headers.items()}
    return HttpEvent(
        method=str(event.get("httpMethod") or http.get("method")).upper(),
        origin=by_name.get("origin"),
        body=event.get("body"),
        is_base64=bool(event.get("isBase64Encoded")),
        gateway_s=_gateway_s(context),
    )


def _gateway_s(context: Mapping[str, Any]) -> float | None:
    """What a gateway leaves of its 29 s: it counts from when it received the request, also while a function starts."""
    if ".lambda-url." in str(context.get("domainName", "")):
        return None
    received_ms = context.get("requestTimeEpoch") or context.get("timeEpoch")
    age_s = time.time() - received_ms / 1000 if isinstance(received_ms, int | float) else 0.0
    # A time that cannot be is that of a test event, or of clocks that disagree.
    return GATEWAY_S - age_s if 0 < age_s < GATEWAY_S else GATEWAY_S
