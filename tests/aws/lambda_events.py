"""Events as AWS's documentation shows them, and forms as clients send them."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

EVENTS = Path(__file__).parent / "events"
BOUNDARY = "x"


def event(name: str, **changes: Any) -> dict[str, Any]:
    """The event in `events/NAME.json`, with other fields in place of its own."""
    found: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return found | changes


def form(photo: bytes, field: str = "file") -> bytes:
    """A multipart form with one file."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="벽.jpg"\r\n\r\n'
    return head.encode() + photo + f"\r\n--{BOUNDARY}--\r\n".encode()


def in_base64(body: bytes) -> dict[str, Any]:
    """The two fields of an event that a binary body becomes."""
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def function_url(method: str, path: str, body: bytes | None = None, **headers: str) -> dict[str, Any]:
    """A request through a Function URL; a body is a form unless a header says otherwise."""
    made = event("function_url_health", rawPath=path)
    made["requestContext"]["http"] |= {"method": method, "path": path}
    if body is not None:
        made |= in_base64(body)
        made["headers"]["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
    made["headers"] |= headers
    return made


def rest_api(method: str, path: str, body: bytes | None = None, **headers: str) -> dict[str, Any]:
    """The same through a REST API with a stage `dev`."""
    made = event("rest_api_health", httpMethod=method, path=path, pathParameters={"proxy": path.lstrip("/")})
    made["requestContext"] |= {"httpMethod": method, "path": f"/dev{path}"}
    if body is not None:
        made |= in_base64(body)
        headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
    made["headers"] |= headers
    made["multiValueHeaders"] |= {name: [value] for name, value in headers.items()}
    return made


def body_of(answer: dict[str, Any]) -> bytes:
    """The bytes that an HTTP client would get."""
    body: str = answer["body"]
    return base64.b64decode(body) if answer["isBase64Encoded"] else body.encode()


def json_of(answer: dict[str, Any]) -> Any:
    """The same as JSON; it has travelled as plain text."""
    assert answer["isBase64Encoded"] is False
    return json.loads(answer["body"])
