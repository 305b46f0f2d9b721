"""What a photo's own metadata says of when, with what and how it was made. Where it was taken is never read.

Tags are those of Exif 2.32 (CIPA DC-008). All of this is what the file claims: anybody can write other metadata into a
photo, so it is told beside the time of receipt, which the service knows by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from PIL.ImageFile import ImageFile

from sightline.media.formats import CODEC_ERRORS, open_picture, sniff

_EXIF_IFD: Final = 0x8769
_MAKE, _MODEL, _SOFTWARE, _ORIENTATION, _SAVED = 0x010F, 0x0110, 0x0131, 0x0112, 0x0132
_TAKEN, _TAKEN_OFFSET, _SAVED_OFFSET = 0x9003, 0x9011, 0x9010  # DateTimeOriginal and its zone, the zone of DateTime
_SIDEWAYS: Final = (5, 6, 7, 8)
_MEDIA_TYPES: Final = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WebP": "image/webp",
    "TIFF": "image/tiff",
    "HEIC": "image/heic",
    "GIF": "image/gif",
    "BMP": "image/bmp",
}
_LONGEST_TEXT: Final = 100
"""Characters of a camera's or a program's name that are kept; real ones have fewer than 40."""


@dataclass(frozen=True, slots=True)
class PhotoMetadata:
    """What a photo's file says about itself.

    Attributes:
        media_type: told by the bytes, such as `image/jpeg`.
        width, height: of the upright photo, in pixels.
        taken_at: EXIF DateTimeOriginal; without a time zone (`tzinfo` None) where the photo does not name one.
        saved_at: EXIF DateTime, when a program last wrote the file; its zone likewise.
        camera_make, camera_model: as the camera calls itself.
        software: the camera's firmware, or the program that wrote the file.
    """

    media_type: str
    width: int
    height: int
    taken_at: datetime | None = None
    saved_at: datetime | None = None
    camera_make: str | None = None
    camera_model: str | None = None
    software: str | None = None


def read_metadata(data: bytes) -> PhotoMetadata:
    """Read a photo's header and EXIF tags; no pixel is decoded.

    Broken or missing EXIF data leaves fields None: it is no reason to refuse a photo.

    Args:
        data: the photo's file.

    Raises:
        BadInputError: the bytes are no picture that is read here.
        TooLargeError: its reader refuses a picture of that size.
    """
    kind = sniff(data).name
    picture = open_picture(data)
    width, height = picture.size
    tags, details = _tags(picture)
    # Pillow's reader of TIFF tells the size of the upright picture already, and libheif turns pictures by itself.
    if kind not in ("TIFF", "HEIC") and tags.get(_ORIENTATION) in _SIDEWAYS:
        width, height = height, width
    return PhotoMetadata(
        media_type=_MEDIA_TYPES[kind],
        width=width,
        height=height,
        taken_at=_time(details.get(_TAKEN), details.get(_TAKEN_OFFSET)),
        saved_at=_time(tags.get(_SAVED), details.get(_SAVED_OFFSET)),
        camera_make=_text(tags.get(_MAKE)),
        camera_model=_text(tags.get(_MODEL)),
        software=_text(tags.get(_SOFTWARE)),
    )


def order_of(taken_at: datetime | None, received_at: datetime) -> datetime:
    """A time to put photos in order by, always with a zone: when it was taken, otherwise when it was received.

    A camera's time without a zone is taken for UTC, which is wrong by 14 hours at most.
    """
    if taken_at is None:
        return received_at
    return taken_at if taken_at.tzinfo else taken_at.replace(tzinfo=UTC)


def _tags(picture: ImageFile) -> tuple[Mapping[int, Any], Mapping[int, Any]]:
    """The tags of the picture and those of its EXIF part; empty where they cannot be read."""
    try:
        exif = picture.getexif()
        return dict(exif), dict(exif.get_ifd(_EXIF_IFD))
    except (*CODEC_ERRORS, TypeError, AttributeError, KeyError):
        return {}, {}


def _time(value: object, offset: object) -> datetime | None:
    """EXIF's `2026:05:06 07:08:09` with an offset such as `+09:00`; None for what is no time (`0000:00:00 ...`)."""
    text = _text(value)
    if text is None:
        return None
    try:
        time = datetime.strptime(text[:19], "%Y:%m:%d %H:%M:%S")  # its zone is named apart, or nowhere
    except ValueError:
        return None
    return time.replace(tzinfo=_zone(_text(offset)))


def _zone(text: str | None) -> timezone | None:
    if text == "Z":
        return UTC
    found = re.fullmatch(r"([+-])(\d\d):(\d\d)", text or "", re.ASCII)
    if found is None:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    if offset > timedelta(hours=14):  # no place on earth is further from UTC
        return None
    return timezone(-offset if found[1] == "-" else offset)


def _text(value: object) -> str | None:
    """A tag's text in one line; None where it is none. EXIF pads with NUL and blanks, and anything may stand in it."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    line = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    return line.encode("utf-8", "replace").decode()[:_LONGEST_TEXT].strip() or None
