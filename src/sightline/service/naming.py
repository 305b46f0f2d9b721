"""Errors that say which of several photos they are about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sightline.errors import BadInputError, TooLargeError


@contextmanager
def naming(what: str) -> Iterator[None]:
    """Put `what` in front of the message of an error that a photo caused."""
    try:
        yield
    except (BadInputError, TooLargeError) as error:
        raise type(error)(f"{what}: {error.message}", reason_code=error.reason_code) from error
