"""Two ways to ask a deployed function the same thing: one version by its number, or whoever answers at its address."""

from __future__ import annotations

import base64
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final, Protocol

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError, ClientError

from releases.account import Account, error_code

_LIMIT_BYTES: Final = 20_000_000  # a function's answer has 6 MB at most
_TIMEOUT_S: Final = 60  # what deployed clients wait for
_BUSY: Final = {429, 503}
_BUSY_TRIES: Final = 8
_BUSY_PAUSE_S: Final = 2.0


class SmokeError(Exception):
    """A deployed function does not do what it should; says what it did instead."""


@dataclass(frozen=True)
class Reply:
    """What a function answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            SmokeError: it is none.
        """
        try:
            return json.loads(self.body)
        except ValueError:
            raise SmokeError(f"answered {self.status} with what is no JSON: {self.body[:200]!r}") from None


class Door(Protocol):
    """Where a function is asked."""

    def ask(self, method: str, path: str, body: bytes | None = None, content_type: str | None = None) -> Reply:
        """Send one request.

        Raises:
            SmokeError: no answer came.
        """
        ...


class Version:
    """One version of a function, asked past all gateways, before any traffic reaches it."""

    def __init__(self, account: Account, function: str, version: str) -> None:
        self._lambda = account.client("lambda")
        self._function, self._version = function, version

    def ask(self, method: str, path: str, body: bytes | None = None, content_type: str | None = None) -> Reply:
        """The event is that of a REST API, which both functions take."""
        event = {
            "resource": path,
            "path": path,
            "httpMethod": method,
            "headers": {"Host": "smoke.test", **({"Content-Type": content_type} if content_type else {})},
            "multiValueHeaders": {},
            "queryStringParameters": None,
            "pathParameters": None,
            "requestContext": {
                "httpMethod": method,
                "path": path,
                "stage": "smoke",
                "identity": {"sourceIp": "127.0.0.1"},
            },
            "body": base64.b64encode(body).decode() if body is not None else None,
            "isBase64Encoded": body is not None,
        }
        answer = self._invoke(event)
        if not isinstance(answer, dict) or "statusCode" not in answer:
            raise SmokeError(f"version {self._version} answered {str(answer)[:300]}")
        text = answer.get("body") or ""
        content = base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode()
        headers = {**{name: values[0] for name, values in (answer.get("multiValueHeaders") or {}).items() if values}}
        return Reply(answer["statusCode"], _lower(headers | (answer.get("headers") or {})), content)

    def _invoke(self, event: Mapping[str, Any]) -> Any:
        for left in reversed(range(_BUSY_TRIES)):
            try:
                found = self._lambda.invoke(
                    FunctionName=self._function, Qualifier=self._version, Payload=json.dumps(event).encode()
                )
                answer = json.loads(found["Payload"].read() or b"null")
            except ClientError as error:
                if error_code(error) != "TooManyRequestsException" or not left:
                    raise SmokeError(f"version {self._version} cannot be invoked: {error}") from None
                time.sleep(_BUSY_PAUSE_S)
            except (BotoCoreError, ValueError) as error:
                raise SmokeError(f"version {self._version} gave no answer: {error}") from None
            else:
                if found.get("FunctionError"):
                    raise SmokeError(f"version {self._version} failed: {json.dumps(answer)[:1000]}")
                return answer
        raise AssertionError("the last try returns or raises")


class Address:
    """The public address, as clients call it.

    Args:
        url: what comes before the path.
        headers: to send with every request (an API key).
        signer: whose signature every request bears, where the address asks for one (AWS_IAM).
    """

    def __init__(self, url: str, headers: Mapping[str, str] | None = None, signer: Account | None = None) -> None:
        self._url = url.rstrip("/")
        self._headers = dict(headers or {})
        self._signer = signer

    def ask(self, method: str, path: str, body: bytes | None = None, content_type: str | None = None) -> Reply:
        """A busy answer is asked again, for a few seconds."""
        headers = self._headers | ({"Content-Type": content_type} if content_type else {})
        reply = send(method, self._url + path, body, self._signed(method, path, body, headers))
        for _ in range(_BUSY_TRIES):
            if reply.status not in _BUSY:
                break
            time.sleep(_BUSY_PAUSE_S)
            reply = send(method, self._url + path, body, self._signed(method, path, body, headers))
        return reply

    def _signed(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Mapping[str, str]:
        if self._signer is None:
            return headers
        request = AWSRequest(method, self._url + path, headers=dict(headers), data=body)
        SigV4Auth(self._signer.credentials(), "lambda", self._signer.region).add_auth(request)
        return dict(request.headers.items())


def send(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
    """Send one HTTP request; a status of an error is an answer like others.

    Raises:
        SmokeError: no answer came.
    """
    request = urllib.request.Request(url, data=body, headers=dict(headers), method=method)
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as response:
            return Reply(response.status, _lower(dict(response.headers)), response.read(_LIMIT_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, _lower(dict(error.headers)), error.read(_LIMIT_BYTES))
    except (OSError, HTTPException, ValueError) as error:
        raise SmokeError(f"{method} {url} gave no answer: {error}") from None


def _lower(headers: Mapping[str, Any]) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in headers.items()}
