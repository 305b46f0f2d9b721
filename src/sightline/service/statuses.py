"""The HTTP status of every answer and error, in one place for every door that speaks HTTP; needs no web framework."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sightline.errors import (
    BadInputError,
    BusyError,
    GoneError,
    MissingExtraError,
    NotFoundError,
    NotReadyError,
    NotUploadedError,
    SightlineError,
    TooLargeError,
    UnavailableError,
)

STATUS_OF: Final[Mapping[type[SightlineError], int]] = {
    BadInputError: 400,
    NotFoundError: 404,
    NotUploadedError: 409,
    GoneError: 410,
    TooLargeError: 413,
    NotReadyError: 503,
    UnavailableError: 503,
    BusyError: 503,
    MissingExtraError: 503,
}
INTERNAL: Final = 500


def status_of_error(error: SightlineError) -> int:
    """The status that tells a client what kind of error it is."""
    return STATUS_OF.get(type(error), INTERNAL)


def headers_of_error(error: SightlineError) -> dict[str, str]:
    """The headers that go with it."""
    return {"Retry-After": str(error.retry_after_s)} if isinstance(error, BusyError) else {}


def status_of_answer(answer: Mapping[str, Any]) -> int:
    """The status of an answer of `EyeTracking.handle`: 202 where the work is only accepted."""
    return 202 if answer.get("status") == "accepted" else 200
