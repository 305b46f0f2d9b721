"""HTTP requests as Lambda gets them: told from other events, and made whole where their sender left something out.

Known are the payloads of a Function URL, of API Gateway's HTTP APIs (2.0 and 1.0) and REST APIs, and what a
person types into the console: `{"httpMethod": "GET", "path": "/health", "headers": {}, "body": null}`.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from typing import Any

from sightline.errors import BadInputError

NO_HOST = "no-host.invalid"
"""The host of an event that names none (RFC 6761 keeps `.invalid` from ever being one)."""

_HOST = re.compile(r"[A-Za-z0-9._-]+(:[0-9]{1,5})?")
_FUNCTION_URL = re.compile(r"[a-z0-9]+\.lambda-url\.[a-z0-9-]+\.on\.aws")
_EXPECTED = (
    "This function answers HTTP requests: events of a Function URL or of API Gateway, or by hand "
    '{"httpMethod": "GET", "path": "/health", "headers": {}, "body": null}.'
)


@dataclass(frozen=True, slots=True)
class WebRequest:
    """A request that an ASGI adapter understands.

    Attributes:
        event: the event with everything in it that an adapter reads; its body is decoded to bytes.
        root_path: the part of the path in front of the application's own: a stage (`/dev`) or a base path, else empty.
        by_function_url: it came through a Function URL.
    """

    event: dict[str, Any]
    root_path: str
    by_function_url: bool


def web_request(event: object) -> WebRequest:
    """Read an event.

    Raises:
        BadInputError: it is no HTTP request, or a part of it has a wrong form.
    """
    if not isinstance(event, dict):
        raise BadInputError(f"The event is a {type(event).__name__}, not an object. {_EXPECTED}")
    context = _object(event, "requestContext")
    if event.get("version") == "2.0" and "http" in context:
        whole, full, own = _second_version(event, context)
    elif isinstance(event.get("httpMethod"), str) and isinstance(event.get("path"), str):
        whole, full, own = _first_version(event, context)
    else:
        raise BadInputError(f"The event is no HTTP request. {_EXPECTED}")
    whole |= {"headers": _headers(event, context), "body": _body(event), "isBase64Encoded": False}
    whole.pop("multiValueHeaders", None)
    domain = context.get("domainName")
    return WebRequest(
        event=whole,
        root_path=full[: len(full) - len(own)] if own != "/" else full.rstrip("/"),
        by_function_url=isinstance(domain, str) and _FUNCTION_URL.fullmatch(domain) is not None,
    )


def _second_version(event: dict[str, Any], context: dict[str, Any]) -> tuple[dict[str, Any], str, str]:
    """The event, its whole path, and the application's part of it."""
    http = _object(context, "http")
    if not isinstance(http.get("method"), str) or not isinstance(http.get("path"), str):
        raise BadInputError(f"'requestContext.http' of the event lacks a method or a path. {_EXPECTED}")
    full = http["path"] or "/"
    http = {"sourceIp": None} | http | {"path": full}
    own = _own_path(event, full, route=str(event.get("routeKey")).rpartition(" ")[2], stage=context.get("stage"))
    cookies = event.get("cookies") or []
    if not isinstance(cookies, list) or not all(isinstance(cookie, str) for cookie in cookies):
        raise BadInputError("'cookies' of the event is no list of texts.")
    return event | {"requestContext": context | {"http": http}, "cookies": cookies}, full, own


def _first_version(event: dict[str, Any], context: dict[str, Any]) -> tuple[dict[str, Any], str, str]:
    """The event, its whole path, and the application's part of it."""
    path = event["path"] or "/"
    # A REST API's own address has the stage in front, which its `path` leaves out; elsewhere both paths are the same.
    full = context["path"] if isinstance(context.get("path"), str) and context["path"].endswith(path) else path
    own = path if full != path else _own_path(event, full, route=event.get("resource"), stage=context.get("stage"))
    whole = event | {"path": full, "requestContext": context | {"identity": _object(context, "identity")}}
    for name in ("queryStringParameters", "multiValueQueryStringParameters"):
        whole[name] = _object(event, name)
    if "version" not in event:
        whole.setdefault("resource", path)  # by this an adapter knows a REST API
    return whole, full, own


def _own_path(event: dict[str, Any], full: str, *, route: object, stage: object) -> str:
    """What of a path is the application's: all behind the base path of a domain of one's own, or behind the stage."""
    proxy = _object(event, "pathParameters").get("proxy")
    if route == "/{proxy+}" and isinstance(proxy, str) and full.endswith(f"/{proxy}"):
        return f"/{proxy}"
    if route == "/":
        return "/"
    if isinstance(stage, str) and stage != "$default" and f"{full}/".startswith(f"/{stage}/"):
        return full.removeprefix(f"/{stage}") or "/"
    return full


def _headers(event: dict[str, Any], context: dict[str, Any]) -> dict[str, str]:
    """The headers by their names in small letters, with a host in every case: addresses in answers are made from it."""
    several = {
        name: ", ".join(map(str, values)) if isinstance(values, list) else values
        for name, values in _object(event, "multiValueHeaders").items()
    }
    headers = {name.lower(): value for name, value in (_object(event, "headers") | several).items()}
    strange = next((name for name, value in headers.items() if not isinstance(value, str) or not name.isascii()), None)
    if strange is not None:
        raise BadInputError(f"The header {strange[:80]!r} of the event is no text.")
    headers["host"] = str(headers.get("host") or context.get("domainName") or NO_HOST)
    if not _HOST.fullmatch(headers["host"]):
        raise BadInputError("The header 'host' of the event is no host.")
    if not headers.get("x-forwarded-port", "443").isdecimal():
        raise BadInputError("The header 'x-forwarded-port' of the event is no port.")
    return headers


def _body(event: dict[str, Any]) -> bytes:
    body = event.get("body") or ""
    if not isinstance(body, str):
        raise BadInputError(f"'body' of the event is a {type(body).__name__}, not text or null.")
    if not event.get("isBase64Encoded"):
        return body.encode(errors="surrogatepass")
    try:
        return binascii.a2b_base64(body, strict_mode=True)
    except ValueError:  # also what is not ASCII
        raise BadInputError("'body' of the event is no base64, although 'isBase64Encoded' says so.") from None


def _object(parent: dict[str, Any], name: str) -> dict[str, Any]:
    """A part of the event; missing and null are empty.

    Raises:
        BadInputError: it is something else than an object.
    """
    value = parent.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadInputError(f"'{name}' of the event is a {type(value).__name__}, not an object.")
    return value
