"""Which photos the arguments mean, and under what name each one's results go."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif", ".bmp"})
"""What counts as a photo in a folder, in upper case too; a file that is named itself may end in anything."""

ANNOTATED_SUFFIX = ".annotated.jpg"
MASK_SUFFIX = ".mask.png"
REPORT_SUFFIX = ".report.json"


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A photo, and the path of its results below the output folder, without their endings."""

    path: Path
    name: PurePath


def find_photos(arguments: Iterable[Path], *, out: Path | None) -> list[PhotoFile]:
    """The photos that files and folders stand for, each once, in the order of the arguments and then of the alphabet.

    Results keep the folders below an argument; where two photos would still share a name, the later one gets `-2`.
    An argument that does not exist, or a folder with no photo in it, stays in the list: whoever reads it can say so.

    Args:
        arguments: files, and folders to search through.
        out: where results go; photos below it are none.
    """
    photos: dict[Path, PhotoFile] = {}
    taken: set[str] = set()
    for argument in arguments:
        for path, name in _expand(argument, out):
            real = path.resolve()
            if real not in photos:
                photos[real] = PhotoFile(path, _free_name(name.with_suffix(""), taken))
    return list(photos.values())


def _expand(argument: Path, out: Path | None) -> Iterator[tuple[Path, PurePath]]:
    found = sorted(_photos_below(argument, out)) if argument.is_dir() else []
    if not found:
        yield argument, PurePath(argument.name or "photo")
    for path in found:
        yield path, path.relative_to(argument)


def _photos_below(folder: Path, out: Path | None) -> Iterator[Path]:
    ours = out.resolve() if out else None
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and Path(parent, name).resolve() != ours]
        yield from (Path(parent, name) for name in names if _is_photo(name))


def _is_photo(name: str) -> bool:
    """By its name, and not a result of an earlier run nor a hidden file (macOS leaves `._IMG.jpg` beside photos)."""
    result = name.endswith((ANNOTATED_SUFFIX, MASK_SUFFIX))
    return PurePath(name).suffix.lower() in SUFFIXES and not result and not name.startswith(".")


def _free_name(name: PurePath, taken: set[str]) -> PurePath:
    """`name`, or the first of `name-2`, `name-3`, ... that is free also where a disk does not tell a from A."""
    candidate, number = name, 1
    while str(candidate).casefold() in taken:
        number += 1
        candidate = name.with_name(f"{name.name}-{number}")
    taken.add(str(candidate).casefold())
    return candidate
