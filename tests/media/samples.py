"""Picture files made on the spot."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image


def scene(width: int = 96, height: int = 64) -> NDArray[np.uint8]:
    """Smooth colours without any symmetry, so that a wrong turn or swapped channels cannot go unseen."""
    y, x = np.mgrid[0:height, 0:width]
    red, green = 255 * x // width, 255 * y // height
    blue = np.where((x < width // 3) & (y < height // 2), 220, 30)
    return np.stack([red, green, blue], axis=2).astype(np.uint8)


def encode(image: Image.Image | NDArray[Any], kind: str, **options: Any) -> bytes:
    """The bytes of a file of the kind `JPEG`, `PNG`, `WEBP`, `TIFF`, `HEIF`, `GIF` or `BMP`."""
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    file = BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(picture).save(file, **options)
    else:
        picture.save(file, kind, **options)
    return file.getvalue()


def with_orientation(orientation: int) -> bytes:
    """EXIF data that says nothing but the orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes()


def png(width: int, height: int, rows: bytes, *, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG with any header; `rows` are the filtered rows, of which there may be too few."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def tiff(width: int, height: int, *, tile_px: int | None = None, compression: int = 1) -> bytes:
    """A grey TIFF with any header over a few bytes of data, in one strip or in square tiles."""
    data = bytes(1000)
    tags = {256: width, 257: height, 258: 8, 259: compression, 262: 1, 277: 1}
    if tile_px is None:
        tags |= {273: 8, 278: height, 279: len(data)}
    else:
        tags |= {322: tile_px, 323: tile_px, 324: 8, 325: len(data)}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(tags.items()))
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + struct.pack("<H", len(tags)) + entries + bytes(4)


def resized(data: bytes, kind: str, width: int, height: int) -> bytes:
    """The same file with another size in its header."""
    at, size = {
        "JPEG": (data.find(b"\xff\xc0") + 5, struct.pack(">HH", height, width)),
        "GIF": (6, struct.pack("<HH", width, height)),
        "BMP": (18, struct.pack("<ii", width, height)),
        "HEIF": (data.find(b"ispe") + 8, struct.pack(">II", width, height)),
    }[kind]
    return data[:at] + size + data[at + len(size) :]
