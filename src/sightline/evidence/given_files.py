"""Whether files that somebody hands over are the originals and pictures of a report, under whatever names."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import normalize

from sightline.errors import BadInputError
from sightline.evidence.verification import Check, Outcome


@dataclass(frozen=True, slots=True)
class _Given:
    """A file that was handed over; `found` if it is one of a folder, where other files may lie too."""

    path: Path
    sha256: str
    found: bool


def check_files(manifest: Mapping[str, Any], paths: Sequence[Path]) -> Iterator[Check]:
    """Compare files with a manifest, by their SHA-256 first and then by their names.

    Args:
        manifest: of the report.
        paths: files, and folders to search through.

    Raises:
        BadInputError: one of them cannot be read.
    """
    given = [file for path in paths for file in _files(path)]
    by_digest = {file.sha256: file for file in given}
    originals, pictures = _rows(manifest.get("originals")), _rows(manifest.get("pictures"))
    sealed = {row.get("sha256") for row in originals + pictures}
    strangers = [file for file in given if file.sha256 not in sealed]
    for subject, rows in (("original", originals), ("picture", pictures)):
        for row in rows:
            same = by_digest.get(str(row.get("sha256")))
            other = None if same else _take(strangers, str(row.get("name")))
            if subject == "original" or same or other:
                yield _check(subject, row, same, other)
    for file in strangers:
        if not file.found:
            detail = "It is none of the report's originals: another file, or one that was changed and renamed."
            yield Check("file", file.path.name, Outcome.CHANGED, detail)


def _take(strangers: list[_Given], name: str) -> _Given | None:
    """The first file of that name, taken out of the list."""
    found = next((file for file in strangers if _same_name(file.path.name, name)), None)
    if found:
        strangers.remove(found)
    return found


def _same_name(one: str, other: str) -> bool:
    """Macs write Korean syllables and accents in parts, other systems whole."""
    return normalize("NFC", one) == normalize("NFC", other)


def _check(subject: str, row: Mapping[str, Any], same: _Given | None, other: _Given | None) -> Check:
    """`same` has the digest that was sealed; `other` has the name only."""
    name = str(row.get("name"))
    label = f"{name} ({row['role']})" if row.get("role") else name
    if same is not None:
        known_as = "" if _same_name(same.path.name, name) else f", now called {same.path.name}"
        return Check(subject, label, Outcome.HOLDS, f"It is the file that was sealed{known_as}.{_times(row)}")
    if other is not None:
        return Check(subject, label, Outcome.CHANGED, f"{other.path} is not the file that was sealed.")
    return Check(subject, label, Outcome.NOT_GIVEN, "It was not handed over, so it was not checked.")


def _times(row: Mapping[str, Any]) -> str:
    """When an original was taken, by its own word, and when it was there, by the service's."""
    if "received_at" not in row:
        return ""
    taken = row.get("taken_at")
    claim = f"it claims to have been taken at {taken}" if taken else "it does not say when it was taken"
    return f" It was there at {row['received_at']}; {claim}."


def _rows(value: Any) -> list[dict[str, Any]]:
    """A section's rows; what is none is left out, for the manifest may be anybody's."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _files(path: Path) -> Iterator[_Given]:
    if not path.is_dir():
        yield _Given(path, _digest_of(path), found=False)
        return
    for parent, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            file = Path(parent, name)
            if file.is_file() and not name.startswith("."):
                yield _Given(file, _digest_of(file), found=True)


def _digest_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadInputError(f"the file {path} cannot be read: {error.strerror}") from None
