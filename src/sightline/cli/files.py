"""Which files the arguments of a command mean, and under what name each one's results go."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from sightline.errors import BadInputError

Wanted = Callable[[str], bool]
"""Whether a file in a folder counts, by its name; a file that is named itself always does."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file, and the path of its results below the output folder, without their endings."""

    path: Path
    name: PurePath


def make_out(out: Path | None) -> None:
    """Make the folder for results, so that one that cannot be written to is refused before any work is done.

    Raises:
        BadInputError: it cannot be.
    """
    if out is None:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise BadInputError(f"the results cannot be written to {out}: {error.strerror}") from error


def refuse_folder(path: Path, noun: str) -> None:
    """Refuse a folder that `find_files` left in the list, because nothing wanted is in it.

    Raises:
        BadInputError: it is one.
    """
    if path.is_dir():
        raise BadInputError(f"there is no {noun} in {path}")


def find_files(arguments: Iterable[Path], wanted: Wanted, *, out: Path | None, noun: str) -> list[InputFile]:
    """The inputs that files and folders stand for, each once, in the order of the arguments and then of the alphabet.

    Results keep the folders below an argument; where two inputs would still share a name, the later one gets `-2`.
    An argument that does not exist, or a folder with nothing wanted in it, stays in the list: whoever reads it can say
    so.

    Args:
        arguments: files, and folders to search through.
        wanted: which files of a folder count; hidden ones (macOS leaves `._IMG.jpg` beside photos) never do.
        out: where results go; what lies below it is no input.
        noun: what an input without a name of its own (such as `..`) is called.
    """
    inputs: dict[Path, InputFile] = {}
    taken: set[str] = set()
    for argument in arguments:
        for path, name in _expand(argument, wanted, out, noun):
            real = path.resolve()
            if real not in inputs:
                inputs[real] = InputFile(path, _free_name(name.with_suffix(""), taken))
    return list(inputs.values())


def _expand(argument: Path, wanted: Wanted, out: Path | None, noun: str) -> Iterator[tuple[Path, PurePath]]:
    found = sorted(_wanted_below(argument, wanted, out)) if argument.is_dir() else []
    if not found:
        yield argument, PurePath(argument.name or noun)
    for path in found:
        yield path, path.relative_to(argument)


def _wanted_below(folder: Path, wanted: Wanted, out: Path | None) -> Iterator[Path]:
    ours = out.resolve() if out else None
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and Path(parent, name).resolve() != ours]
        yield from (Path(parent, name) for name in names if wanted(name) and not name.startswith("."))


def _free_name(name: PurePath, taken: set[str]) -> PurePath:
    """`name`, or the first of `name-2`, `name-3`, ... that is free also where a disk does not tell a from A."""
    candidate, number = name, 1
    while str(candidate).casefold() in taken:
        number += 1
        candidate = name.with_name(f"{name.name}-{number}")
    taken.add(str(candidate).casefold())
    return candidate
