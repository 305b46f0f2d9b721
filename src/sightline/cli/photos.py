"""Which photos the arguments of `sightline crack` mean."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePath

from sightline.cli.files import InputFile, find_files

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif", ".bmp"})
"""What counts as a photo in a folder, in upper case too; a file that is named itself may end in anything."""

ANNOTATED_SUFFIX = ".annotated.jpg"
MASK_SUFFIX = ".mask.png"
REPORT_SUFFIX = ".report.json"

PhotoFile = InputFile


def find_photos(arguments: Iterable[Path], *, out: Path | None) -> list[PhotoFile]:
    """The photos that files and folders stand for; see `find_files`."""
    return find_files(arguments, _is_photo, out=out, noun="photo")


def _is_photo(name: str) -> bool:
    """By its name, and not a result of an earlier run."""
    result = name.endswith((ANNOTATED_SUFFIX, MASK_SUFFIX))
    return PurePath(name).suffix.lower() in SUFFIXES and not result
