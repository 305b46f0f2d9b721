"""Multipart bodies byte for byte as other clients put them on the wire."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from sightline.settings import Settings
from sightline.web.app import create_app
from tests.conftest import PATIENCE_S, FakeEngine
from tests.web.conftest import Serve

# The headers of the photo's part, and the boundary.
CLIENTS = {
    "axios with form-data, from a stream": (
        'Content-Disposition: form-data; name="image"; filename="wall.jpg"\r\nContent-Type: image/jpeg',
        "--------------------------735323031399963166993862",
    ),
    "axios with form-data, from a buffer": (
        'Content-Disposition: form-data; name="image"; filename="upload"\r\nContent-Type: application/octet-stream',
        "--------------------------735323031399963166993862",
    ),
    "Node's own fetch": (
        'Content-Disposition: form-data; name="file"; filename="blob"\r\nContent-Type: application/octet-stream',
        "----formdata-undici-065478131516",
    ),
    "a browser": (
        'Content-Disposition: form-data; name="file"; filename="벽 사진.HEIC"\r\nContent-Type: image/heic',
        "----WebKitFormBoundary7MA4YWxkTrZu0gW",
    ),
    "curl": (
        'Content-Disposition: form-data; name="file"; filename="wall.jpg"\r\nContent-Type: image/jpeg',
        "------------------------d74496d66958873e",
    ),
    "Dart's http, headers in lower case and the other order": (
        'content-type: application/octet-stream\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"',
        "dart-http-boundary-4Q1p0ZbJ6gq2qXc0j4yqXh3",
    ),
    "no quotes": ("Content-Disposition: form-data; name=file; filename=a.jpg", "x"),
}


@pytest.fixture
def app(settings: Settings, engine: FakeEngine) -> FastAPI:
    return create_app(settings, engine)


def send(url: str, body: bytes | Iterator[bytes], headers: dict[str, str]) -> dict[str, Any]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_S)
    connection.request("POST", "/detect-crack", body, headers, encode_chunked=True)
    response = connection.getresponse()
    answer: dict[str, Any] = json.loads(response.read()) | {"status": response.status}
    connection.close()
    return answer


@pytest.mark.parametrize("name", CLIENTS)
def test_a_photo_as_this_client_sends_it(app: FastAPI, serve: Serve, cracked_jpeg: bytes, name: str) -> None:
    part, boundary = CLIENTS[name]
    body = f"--{boundary}\r\n{part}\r\n\r\n".encode() + cracked_jpeg + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    pieces = [body[start : start + 1000] for start in range(0, len(body), 1000)]
    with serve(app) as url:
        whole = send(url, body, headers)
        chunked = send(url, iter(pieces), headers | {"Transfer-Encoding": "chunked"})

    assert (whole["status"], whole["has_crack"]) == (200, True)
    assert (chunked["status"], chunked["bounding_boxes"]) == (200, whole["bounding_boxes"])
