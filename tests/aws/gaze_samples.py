"""Events as AWS's documentation shows them, with our own requests in them."""

from __future__ import annotations

import base64
import json
import time
from typing import Any
from urllib.parse import quote_plus

Event = dict[str, Any]


def rest_api(method: str = "POST", request: Any = None, *, body: str | None = None, is_base64: bool = False) -> Event:
    """REST API, Lambda proxy integration (payload 1.0)."""
    return {
        "resource": "/{proxy+}",
        "path": "/analyze",
        "httpMethod": method,
        "headers": {
            "Accept": "*/*",
            "Content-Type": "application/json",
            "Host": "abc123.execute-api.us-west-1.amazonaws.com",
        },
        "multiValueHeaders": {"Accept": ["*/*"], "Content-Type": ["application/json"]},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"proxy": "analyze"},
        "stageVariables": None,
        "requestContext": {
            "resourceId": "us4z18",
            "resourcePath": "/{proxy+}",
            "httpMethod": method,
            "extendedRequestId": "JJbxmplHYosFVYQ=",
            "requestTime": "10/Mar/2026:00:03:59 +0000",
            "path": "/dev/analyze",
            "accountId": "123456789012",
            "protocol": "HTTP/1.1",
            "stage": "dev",
            "domainPrefix": "abc123",
            "requestTimeEpoch": int(time.time() * 1000),
            "requestId": "77375676-xmpl-4b79-853a-f982474efe18",
            "identity": {"sourceIp": "192.0.2.1", "userAgent": "Dart/3.5 (dart:io)", "apiKey": None},
            "domainName": "abc123.execute-api.us-west-1.amazonaws.com",
            "apiId": "abc123",
        },
        **_body(request, body, is_base64=is_base64),
    }


def http_api(method: str = "POST", request: Any = None, *, body: str | None = None, is_base64: bool = False) -> Event:
    """HTTP API (payload 2.0)."""
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/analyze",
        "rawQueryString": "",
        "headers": {"accept": "*/*", "content-type": "application/json", "origin": "https://app.example"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "domainName": "id.execute-api.us-west-1.amazonaws.com",
            "domainPrefix": "id",
            "http": {
                "method": method,
                "path": "/analyze",
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "agent",
            },
            "requestId": "id",
            "routeKey": "$default",
            "stage": "$default",
            "time": "12/Mar/2026:19:03:58 +0000",
            "timeEpoch": int(time.time() * 1000),
        },
        **_body(request, body, is_base64=is_base64),
    }


def function_url(method: str = "POST", request: Any = None, *, is_base64: bool = True) -> Event:
    """A Function URL: as an HTTP API's, at a host of its own."""
    event = http_api(method, request, is_base64=is_base64)
    event["requestContext"] |= {"domainName": "abcd1234.lambda-url.us-west-1.on.aws", "domainPrefix": "abcd1234"}
    return event


def objects_created(bucket: str, *keys: str, name: str = "ObjectCreated:Put") -> Event:
    """S3's event notification, to a function or to a queue."""
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": "us-west-1",
                "eventTime": "2026-03-01T12:00:00.000Z",
                "eventName": name,
                "userIdentity": {"principalId": "AWS:AIDAJDPLRKLG7UEXAMPLE"},
                "requestParameters": {"sourceIPAddress": "192.0.2.1"},
                "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810"},
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "configurationId": "uploads",
                    "bucket": {"name": bucket, "ownerIdentity": {"principalId": "A3"}, "arn": f"arn:aws:s3:::{bucket}"},
                    "object": {"key": quote_plus(key, safe="/"), "size": 1024, "eTag": "d41d8cd9", "sequencer": "0A1B"},
                },
            }
            for key in keys
        ]
    }


def test_event(bucket: str) -> Event:
    """What S3 sends once, when its notifications are set up."""
    return {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": "2026-03-01T12:00:00.000Z",
        "Bucket": bucket,
        "RequestId": "5582815E1AEA5ADF",
        "HostId": "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR",
    }


test_event.__test__ = False  # type: ignore[attr-defined]  # a sample, no test


def messages(*bodies: object, receipts: tuple[str, ...] = ()) -> Event:
    """A batch of SQS, the n-th message with the id `message-n`."""
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": receipts[number] if receipts else f"AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a-{number}",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": "1767225600000",
                    "SenderId": "AIDAIENQZJOLO23YVJ4VO",
                    "ApproximateFirstReceiveTimestamp": "1767225600001",
                },
                "messageAttributes": {},
                "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-west-1:123456789012:jobs",
                "awsRegion": "us-west-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


PING: Event = {
    "version": "0",
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "123456789012",
    "time": "2026-03-01T12:00:00Z",
    "region": "us-west-1",
    "resources": ["arn:aws:events:us-west-1:123456789012:rule/warm"],
    "detail": {},
}


def _body(request: Any, body: str | None, *, is_base64: bool) -> Event:
    text = body if body is not None or request is None else json.dumps(request)
    if is_base64 and text is not None:
        text = base64.b64encode(text.encode()).decode()
    return {"body": text, "isBase64Encoded": is_base64 and text is not None}
