"""How long a video file says it is, in bytes: whether it was cut off on its way."""

from __future__ import annotations

import os
import struct
from typing import BinaryIO, Final

_MASTER_IDS: Final = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
"""EBML header and segment, the two elements that a Matroska or WebM file consists of (RFC 8794, RFC 9559)."""


def missing_bytes(file: BinaryIO) -> int:
    """How many bytes a file is shorter than its own structure says; 0 for one that is whole or does not say.

    Args:
        file: MP4 or MOV, MKV or WebM, AVI, GIF; of any other kind it says 0.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(12)
    if head[:4] == b"RIFF":
        return max(8 + int.from_bytes(head[4:8], "little") - size, 0)
    if head[:4] == b"GIF8":
        file.seek(size - 1)
        return 0 if file.read(1) == b";" else 1
    if head[:4] == _MASTER_IDS[0]:
        return max(_matroska_end(file) - size, 0)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return max(_boxes_end(file, size) - size, 0)
    return 0


def _boxes_end(file: BinaryIO, size: int) -> int:
    """Where the last box of an ISO media file ends (ISO/IEC 14496-12, 4.2)."""
    position = 0
    while position < size:
        file.seek(position)
        head = file.read(16)
        length = int.from_bytes(head[:4])
        if length == 1 and len(head) == 16:
            length = struct.unpack(">8xQ", head)[0]
        if length == 0:  # up to the end of the file, wherever that is
            return size
        if length < 8:  # no box
            return position
        position += length
    return position


def _matroska_end(file: BinaryIO) -> int:
    """Where the segment ends; 0 where its length is not stated, as in a stream that was written while it ran."""
    position = 0
    for wanted in _MASTER_IDS:
        file.seek(position)
        head = file.read(12)
        if head[:4] != wanted or len(head) < 12:
            return 0
        width = 9 - head[4].bit_length()
        length = int.from_bytes(head[4 : 4 + width]) & ((1 << 7 * width) - 1)
        if length == (1 << 7 * width) - 1:
            return 0
        position += 4 + width + length
    return position
