from __future__ import annotations

import time
from typing import Any

import pytest

from sightline.aws.events import (
    DirectEvent,
    HttpEvent,
    ObjectsEvent,
    Ping,
    QueueEvent,
    StoredObject,
    read_event,
    read_objects,
)
from sightline.errors import BadInputError
from tests.aws import gaze_samples as samples

REQUEST = {"action": "get_status", "analysis_id": "눈"}
HTTP = {"rest": samples.rest_api, "http": samples.http_api, "url": samples.function_url}


@pytest.mark.parametrize("sample", HTTP.values(), ids=HTTP)
@pytest.mark.parametrize("is_base64", [False, True])
def test_requests_over_http(sample: Any, is_base64: bool) -> None:
    event = read_event(sample("POST", REQUEST, is_base64=is_base64))

    assert isinstance(event, HttpEvent)
    assert event.method == "POST"
    assert event.request() == REQUEST


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE"])
def test_the_method_of_both_versions(method: str) -> None:
    for sample in HTTP.values():
        event = read_event(sample(method))
        assert isinstance(event, HttpEvent)
        assert event.method == method


def test_the_guide_s_raw_event() -> None:
    event = read_event({"httpMethod": "GET", "path": "/health", "headers": {}, "body": None})
    assert event == HttpEvent("GET", None, None, is_base64=False, gateway_s=29.0)


def test_a_test_event_whose_body_is_json_already() -> None:
    event = read_event({"httpMethod": "POST", "body": REQUEST, "headers": None})
    assert isinstance(event, HttpEvent)
    assert event.request() == REQUEST


@pytest.mark.parametrize(
    ("body", "is_base64", "words"),
    [
        (None, False, "no body"),
        ("", False, "no body"),
        (7, False, "no body"),
        ("{", False, "no JSON"),
        ("[" * 100_000, False, "no JSON"),
        ("e30", True, "base64"),
        ("{}", True, "base64"),
        ("눈", True, "base64"),
        ("/w==", True, "no JSON"),
    ],
)
def test_bodies_that_cannot_be_read(body: object, is_base64: bool, words: str) -> None:
    event = read_event({"httpMethod": "POST", "body": body, "isBase64Encoded": is_base64})
    assert isinstance(event, HttpEvent)
    with pytest.raises(BadInputError, match=words):
        event.request()


def test_the_origin_whatever_the_case_of_its_header() -> None:
    for name in ("Origin", "origin", "ORIGIN"):
        event = read_event({"httpMethod": "GET", "headers": {name: "https://app.example"}})
        assert isinstance(event, HttpEvent)
        assert event.origin == "https://app.example"


def test_what_a_gateway_leaves_of_its_time() -> None:
    def left_s(context: dict[str, Any]) -> float | None:
        event = read_event({"httpMethod": "POST", "requestContext": context})
        assert isinstance(event, HttpEvent)
        return event.gateway_s

    now_ms = time.time() * 1000
    assert left_s({"domainName": "abc.lambda-url.us-west-1.on.aws", "timeEpoch": now_ms}) is None
    ten_s_ago = left_s({"requestTimeEpoch": now_ms - 10_000})
    assert ten_s_ago is not None
    assert 0 < ten_s_ago <= 19.0
    for odd in (now_ms - 3_600_000, now_ms + 60_000, "yesterday", None):  # a sample's, or of a clock that goes ahead
        assert left_s({"requestTimeEpoch": odd}) == 29.0


def test_objects_that_were_created() -> None:
    event = read_event(samples.objects_created("b", "users/u+1@x.kr/eye/a b/raw_video.mp4", "users/눈/a.mp4"))

    assert event == ObjectsEvent(
        (StoredObject("b", "users/u+1@x.kr/eye/a b/raw_video.mp4"), StoredObject("b", "users/눈/a.mp4"))
    )
    assert read_event(samples.objects_created("b", "k", name="ObjectRemoved:Delete")) == ObjectsEvent(())
    assert read_event(samples.objects_created("b", "k", name="ObjectCreated:CompleteMultipartUpload")) == ObjectsEvent(
        (StoredObject("b", "k"),)
    )
    assert read_event(samples.test_event("b")) == ObjectsEvent(())


def test_messages_of_a_queue() -> None:
    event = read_event(samples.messages({"job_id": "1"}, "no JSON"))

    assert isinstance(event, QueueEvent)
    assert [(message.id, message.body) for message in event.messages] == [
        ("message-0", '{"job_id": "1"}'),
        ("message-1", "no JSON"),
    ]
    assert event.messages[1].receipt_handle.endswith("-1")


def test_pings() -> None:
    assert read_event(samples.PING) == Ping()
    assert read_event({"source": "aws.events"}) == Ping()
    assert isinstance(read_event({"source": "aws.events", "action": "get_status"}), DirectEvent)


@pytest.mark.parametrize(
    "event",
    [
        REQUEST,
        {},
        {"Records": []},
        {"Records": "x"},
        {"Records": [7]},
        {"Records": [{"eventSource": "aws:sns"}]},
        {"Records": [{"eventSource": "aws:sqs"}, {"eventSource": "aws:s3"}]},
        {"requestContext": {"elb": {}}},
        {"requestContext": "x"},
        [],
        "x",
        None,
        7,
    ],
)
def test_all_else_is_a_direct_invocation(event: object) -> None:
    assert read_event(event) == DirectEvent(event)


def test_what_is_no_notification() -> None:
    documents: tuple[object, ...] = (None, [], "x", {}, {"job_id": "1"}, samples.messages("x"))
    for document in documents:
        assert read_objects(document) is None
