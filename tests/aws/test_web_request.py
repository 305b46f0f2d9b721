"""HTTP requests in the forms in which Lambda gets them."""

from __future__ import annotations

from typing import Any

import pytest

from sightline.aws.web_request import NO_HOST, web_request
from sightline.errors import BadInputError
from tests.aws.lambda_events import event

HTTP_EVENTS = [
    ("function_url_health", "", "/health"),
    ("rest_api_health", "/dev", "/dev/health"),
    ("rest_api_root", "/dev", "/dev/"),
    ("rest_api_own_domain", "/walls", "/walls/health"),
    ("http_api_v1_named_stage", "/dev", "/dev/health"),
    ("http_api_v2_default_stage", "", "/health"),
    ("http_api_v2_named_stage", "/dev", "/dev/health"),
    ("http_api_v2_proxy_route", "/dev", "/dev/health"),
    ("console_health", "", "/health"),
]


def full_path(made: dict[str, Any]) -> str:
    path: str = made["path"] if "path" in made else made["requestContext"]["http"]["path"]
    return path


@pytest.mark.parametrize(("name", "root_path", "path"), HTTP_EVENTS)
def test_what_stands_in_front_of_the_applications_path_is_told(name: str, root_path: str, path: str) -> None:
    request = web_request(event(name))

    assert (request.root_path, full_path(request.event)) == (root_path, path)
    assert request.by_function_url is (name == "function_url_health")


def test_a_real_path_that_begins_like_the_stage_stays_whole() -> None:
    made = event("http_api_v2_named_stage")
    made["requestContext"]["http"]["path"] = "/developers"

    assert web_request(made).root_path == ""


def test_a_console_event_gets_what_an_adapter_reads() -> None:
    made = web_request(event("console_health")).event

    assert made["headers"]["host"] == NO_HOST
    assert made["resource"] == "/health"
    assert made["requestContext"]["identity"] == {}
    assert (made["body"], made["isBase64Encoded"]) == (b"", False)


def test_null_stands_for_empty_everywhere() -> None:
    made = event(
        "console_health", headers=None, multiValueHeaders=None, requestContext=None, queryStringParameters=None
    )

    assert web_request(made).event["headers"] == {"host": NO_HOST}


def test_the_host_is_the_headers_else_the_domains() -> None:
    made = event("function_url_health")
    domain = made["headers"].pop("host")

    assert web_request(made).event["headers"]["host"] == domain
    made["headers"]["Host"] = "walls.example.com:8443"
    assert web_request(made).event["headers"]["host"] == "walls.example.com:8443"


def test_several_headers_of_a_name_become_one() -> None:
    made = event("rest_api_health")
    made["multiValueHeaders"]["X-Some"] = ["a", "b"]
    headers = web_request(made).event["headers"]

    assert headers["x-some"] == "a, b"
    assert headers["x-forwarded-proto"] == "https"


def test_bodies_are_decoded() -> None:
    text = event("function_url_photo", body="벽", isBase64Encoded=False)
    coded = event("function_url_photo", body="AP8=", isBase64Encoded=True)

    assert web_request(text).event["body"] == "벽".encode()
    assert web_request(coded).event["body"] == b"\x00\xff"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({}, "no HTTP request"),
        ([], "a list, not an object"),
        (None, "a NoneType, not an object"),
        ("GET /health", "a str, not an object"),
        (event("sqs"), "no HTTP request"),
        (event("scheduled"), "no HTTP request"),
        ({"httpMethod": "GET"}, "no HTTP request"),
        ({"httpMethod": 1, "path": "/"}, "no HTTP request"),
        ({"version": "2.0", "requestContext": {"http": {}}}, "lacks a method or a path"),
        ({"version": "2.0", "requestContext": {"http": []}}, "'http' of the event is a list"),
        (event("console_health", requestContext=[]), "'requestContext' of the event is a list"),
        (event("console_health", headers=["a"]), "'headers' of the event is a list"),
        (event("console_health", headers={"a": 1}), "header 'a' of the event is no text"),
        (event("console_health", multiValueHeaders={"a": None}), "header 'a' of the event is no text"),
        (event("console_health", headers={"Host": "a/b"}), "'host' of the event is no host"),
        (event("console_health", headers={"Host": "a:b:c"}), "'host' of the event is no host"),
        (event("console_health", headers={"X-Forwarded-Port": "https"}), "'x-forwarded-port' of the event is no port"),
        (event("console_health", queryStringParameters="a=1"), "'queryStringParameters' of the event is a str"),
        (event("console_health", body={"a": 1}), "'body' of the event is a dict"),
        (event("console_health", body="?", isBase64Encoded=True), "no base64"),
        (event("console_health", body="벽", isBase64Encoded=True), "no base64"),
        (event("console_health", body="AP8", isBase64Encoded=True), "no base64"),
        (event("function_url_health", cookies="a=1"), "'cookies' of the event is no list"),
    ],
)
def test_what_is_no_request_is_refused_by_name(made: object, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        web_request(made)
