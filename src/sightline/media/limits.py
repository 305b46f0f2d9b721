"""How large an input may be. The limits are checked before anything is decoded."""

from __future__ import annotations

from pathlib import Path

from sightline.errors import BadInputError, TooLargeError

MAX_BYTES = 50_000_000
"""A 12 MP phone photo has 2 to 8 MB, a 50 MP one up to 25 MB; this leaves room for a 16-bit TIFF of 8 MP."""

MAX_PIXELS = 100_000_000
"""Twice the 50 MP of current phones; 100 MP decoded are 300 MB."""

MAX_VIDEO_BYTES = 2_000_000_000
"""Ten minutes of a phone's 1080p at 60 frames a second are 1.5 GB (Apple: 90 MB a minute at 30, 4K 170 to 400)."""

MAX_VIDEO_PIXELS = 3840 * 2160
"""One frame of 4K: 12 MB as YUV, and a decoder keeps up to 16 of them."""

MAX_VIDEO_DURATION_S = 1800.0
"""An examination of eye movements takes minutes; half an hour leaves room for one that nobody cut."""


def check_bytes(size: int, max_bytes: int) -> None:
    """Refuse an input of `size` bytes that is empty or over the limit.

    Raises:
        BadInputError: There are no bytes.
        TooLargeError: There are more than `max_bytes`.
    """
    if size == 0:
        raise BadInputError("the picture is empty (0 bytes)", reason_code="empty_file")
    if size > max_bytes:
        raise TooLargeError(f"the picture has {size} bytes; at most {max_bytes} bytes are accepted")


def check_pixels(width_px: int, height_px: int, max_pixels: int) -> None:
    """Refuse a picture that would have more than `max_pixels` pixels.

    Raises:
        TooLargeError: It would.
    """
    if width_px * height_px > max_pixels:
        raise TooLargeError(
            f"the picture has {width_px} x {height_px} = {width_px * height_px} pixels; "
            f"at most {max_pixels} pixels are accepted",
            reason_code="too_many_pixels",
        )


def read_file(path: Path, max_bytes: int) -> bytes:
    """Read a file whose size is within the limit; a larger one is not read at all.

    Raises:
        BadInputError: The path is no readable file, or the file is empty.
        TooLargeError: The file has more than `max_bytes` bytes.
    """
    try:
        if not path.is_file():
            raise BadInputError(f"{path} is no file" if path.exists() else f"{path} does not exist")
        check_bytes(path.stat().st_size, max_bytes)
        return path.read_bytes()
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror}") from error
