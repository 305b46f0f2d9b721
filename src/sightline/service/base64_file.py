"""A file as it travels in JSON: base64, in the dialects that clients write."""

from __future__ import annotations

import base64
import binascii
import re

from sightline.errors import BadInputError, TooLargeError

_DATA_URL = re.compile(r"data:[^,]{0,200};base64,", re.ASCII | re.IGNORECASE)
_URLSAFE = str.maketrans("-_", "+/")
_LINE_ENDS = str.maketrans("", "", " \t\r\n")


def decode_file(value: object, *, field: str, max_bytes: int) -> bytes:
    """The bytes of a file in base64.

    A `data:` URL, line breaks, the URL-safe alphabet and missing padding are taken as they come.

    Args:
        value: of the field.
        field: its name, for messages.
        max_bytes: the largest file.

    Raises:
        BadInputError: it is missing, no text, empty or no base64.
        TooLargeError: the file is over the limit.
    """
    if value is None:
        raise BadInputError(f"{field} is missing: send the file there, in base64.")
    if not isinstance(value, str):
        raise BadInputError(f"{field} should be a text in base64.")
    prefix = _DATA_URL.match(value)
    if prefix is None and value[:5].lower() == "data:":
        raise BadInputError(f"{field} is a data: URL without ';base64,'.")
    if (len(value) * 3) // 4 > 2 * max_bytes + 1000:  # whatever of it is white space
        raise _too_large(field, max_bytes)
    text = value[prefix.end() if prefix else 0 :].translate(_LINE_ENDS).translate(_URLSAFE).rstrip("=")
    if not text:
        raise BadInputError(f"{field} is empty.")
    if len(text) * 3 // 4 > max_bytes:
        raise _too_large(field, max_bytes)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadInputError(f"{field} is no base64: {error}.") from None


def _too_large(field: str, max_bytes: int) -> TooLargeError:
    return TooLargeError(
        f"{field} holds more than {max_bytes} bytes ({max_bytes / 1e6:g} MB). "
        "Send a larger video with the actions create_upload, submit and get_status."
    )
