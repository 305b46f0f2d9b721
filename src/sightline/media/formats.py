"""Which picture formats are read, how their bytes are told apart, and the one reader that each is given to.

Only the readers named here are ever reached: a file of any other kind is refused by its first bytes, whatever other
plugins Pillow has.
"""

from __future__ import annotations

import struct
import zlib
from importlib import import_module
from io import BytesIO
from typing import Final, NamedTuple, cast

from PIL.Image import DecompressionBombError
from PIL.ImageFile import ImageFile

from sightline.errors import BadInputError, SightlineError, TooLargeError

CODEC_ERRORS: Final = (
    DecompressionBombError,
    EOFError,
    OSError,
    RuntimeError,
    SyntaxError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What Pillow's readers and libheif raise on bytes they cannot follow (by fuzzing; Pillow documents only some)."""


class PictureFormat(NamedTuple):
    """A format by name, and the Pillow reader for it as module and class."""

    name: str
    module: str
    reader: str


_JPEG = PictureFormat("JPEG", "PIL.JpegImagePlugin", "JpegImageFile")
_PNG = PictureFormat("PNG", "PIL.PngImagePlugin", "PngImageFile")
_WEBP = PictureFormat("WebP", "PIL.WebPImagePlugin", "WebPImageFile")
_TIFF = PictureFormat("TIFF", "PIL.TiffImagePlugin", "TiffImageFile")
_HEIC = PictureFormat("HEIC", "pi_heif", "HeifImageFile")
_GIF = PictureFormat("GIF", "PIL.GifImagePlugin", "GifImageFile")
_BMP = PictureFormat("BMP", "PIL.BmpImagePlugin", "BmpImageFile")

_SIGNATURES: Final = (
    (b"\xff\xd8\xff", _JPEG),
    (b"\x89PNG\r\n\x1a\n", _PNG),
    (b"II*\0", _TIFF),
    (b"MM\0*", _TIFF),
    (b"GIF87a", _GIF),
    (b"GIF89a", _GIF),
    (b"BM", _BMP),
)
_HEIC_BRANDS: Final = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))


def sniff(data: bytes) -> PictureFormat:
    """Tell the format of a file from its first bytes; its name and declared type count for nothing.

    Raises:
        BadInputError: It is none of the formats that are read.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return _HEIC
    for signature, picture_format in _SIGNATURES:
        if data.startswith(signature):
            return picture_format
    raise BadInputError("these bytes are no picture that can be read (JPEG, PNG, WebP, TIFF, HEIC)")


def open_picture(data: bytes) -> ImageFile:
    """Read a picture's header: size, mode, metadata. Its pixels stay undecoded.

    The readers are called directly: `PIL.Image.open` would warn from 89 MP on and refuse from 179 MP on, while the
    limit here is the caller's.

    Raises:
        BadInputError: The header is foreign or broken.
        TooLargeError: The reader itself refuses a picture of that size.
    """
    picture_format = sniff(data)
    reader = getattr(import_module(picture_format.module), picture_format.reader)
    try:
        return cast("ImageFile", reader(BytesIO(data)))
    except CODEC_ERRORS as error:
        raise refusal(picture_format.name, error) from error


def refusal(name: str, error: Exception) -> SightlineError:
    """What to tell the person whose picture of the format `name` made its reader raise `error`."""
    reason = str(error).strip()
    if isinstance(error, DecompressionBombError):  # WebP and TIFF have a limit of Pillow's own
        message = f"the {name} file has more pixels than its reader accepts ({reason})"
        return TooLargeError(message, reason_code="too_many_pixels")
    if isinstance(error, EOFError) or any(word in reason.lower() for word in ("truncated", "premature", "end of file")):
        message = f"the {name} file ends early: it was cut off or damaged on its way"
    else:
        message = f"the {name} file is damaged or cut off ({reason})"
    return BadInputError(message, reason_code="damaged_file")
