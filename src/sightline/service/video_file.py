"""Which bytes a stored video has: noted when it is analysed, so that no report has to read all of it again."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class VideoFile:
    """Which bytes a stored video has.

    Attributes:
        sha256: of them, in hex.
        size_bytes: how many there are.
        version: of the stored file; another text once it was replaced.
    """

    sha256: str
    size_bytes: int
    version: str


def describe(file: BinaryIO, version: str) -> VideoFile:
    """Read an open file to its end, piece by piece."""
    return VideoFile(file_digest(file, "sha256").hexdigest(), file.tell(), version)  # type: ignore[arg-type]
