"""The one family of errors that Sightline raises on purpose.

Each class carries a stable `code` that clients may branch on; the doors (HTTP, CLI, Lambda) turn it into a status or
an exit code in one place. The message is written for the person who sent the input: it names the field, the limit and
the value. Anything that is not a `SightlineError` is a bug and is left to surface as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class SightlineError(Exception):
    """Base of the family; never raised itself.

    Args:
        message: for the person who sent the input.
        reason_code: a stable word for which of several things went wrong that share a `code`, where a client may want
            to say each in its own words.
    """

    code: ClassVar[str] = "internal"

    def __init__(self, message: str, *, reason_code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.reason_code = reason_code


class BadInputError(SightlineError):
    """The input cannot be used as it is: foreign bytes, a wrong type, a value out of its range."""

    code = "bad_input"


class TooLargeError(SightlineError):
    """The input is over a stated limit (bytes, pixels)."""

    code = "too_large"


class NotFoundError(SightlineError):
    """Nothing is stored under that name."""

    code = "not_found"


class GoneError(SightlineError):
    """What stood under that name was removed on purpose; `tombstone` is all that is still known of it, JSON-ready."""

    code = "gone"

    def __init__(self, message: str, *, tombstone: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.tombstone = tombstone


class NotUploadedError(SightlineError):
    """The file that an upload announced is not there yet."""

    code = "not_uploaded"


class NotReadyError(SightlineError):
    """The service cannot answer: its model did not load, or is not there."""

    code = "not_ready"


class UnavailableError(SightlineError):
    """What keeps files, records or jobs cannot be reached now; the same request may succeed in a moment."""

    code = "unavailable"


class BusyError(SightlineError):
    """More work waits than the service may queue; `retry_after_s` says when to come back."""

    code = "busy"

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class MissingExtraError(SightlineError):
    """An optional dependency is not installed; the message names the extra that brings it."""

    code = "missing_extra"
