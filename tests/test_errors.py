"""The family of errors: every code is stable and its own."""

from __future__ import annotations

import pytest

from sightline import errors


def test_codes_are_those_that_clients_know() -> None:
    codes = {kind.__name__: kind.code for kind in errors.SightlineError.__subclasses__()}
    assert codes == {
        "BadInputError": "bad_input",
        "TooLargeError": "too_large",
        "NotFoundError": "not_found",
        "GoneError": "gone",
        "NotUploadedError": "not_uploaded",
        "NotReadyError": "not_ready",
        "UnavailableError": "unavailable",
        "BusyError": "busy",
        "MissingExtraError": "missing_extra",
    }


def test_the_message_is_kept_for_the_person_who_sent_the_input() -> None:
    error = errors.BadInputError("the picture is empty (0 bytes)")
    assert (error.message, str(error)) == ("the picture is empty (0 bytes)",) * 2


def test_busy_says_when_to_come_back() -> None:
    with pytest.raises(errors.SightlineError) as caught:
        raise errors.BusyError("16 photos are waiting already", retry_after_s=3)
    assert isinstance(caught.value, errors.BusyError)
    assert caught.value.retry_after_s == 3


def test_what_is_gone_leaves_its_tombstone() -> None:
    error = errors.GoneError("This was removed.", tombstone={"id": "1"})
    assert (error.message, error.tombstone) == ("This was removed.", {"id": "1"})
