"""Where that lies which was made from photos of an inspection: of one, of two that are compared, or of all of them.

A key names the uploads that its file was made of. So a change of the inspection leaves what still holds where it is,
and what is out of date can be told from its key alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

import sightline
from sightline.service.inspection_records import StoredPhoto, derived_folder
from sightline.service.wall import pairs_of

_DIGITS = 16
"""Of a SHA-256, in hex: enough that no two of an inspection's are ever the same."""


class Derived:
    """Names files that this version made from photos of an inspection.

    Args:
        inspection_id: the inspection.
        model: what saw the photos: `ModelInfo` as JSON can say it.
    """

    def __init__(self, inspection_id: str, model: Mapping[str, str]) -> None:
        seen_by = "\n".join((sightline.__version__, model["name"], model["version"], model["sha256"]))
        self.folder = f"{derived_folder(inspection_id)}/{_digest(seen_by)}"

    def of_photo(self, photo: StoredPhoto, name: str) -> str:
        """A file that was made of one photo."""
        return f"{self.folder}/{_of_one(photo)}/{name}"

    def of_pair(self, before: StoredPhoto, after: StoredPhoto, name: str) -> str:
        """A file that was made of two photos."""
        return f"{self.folder}/{_of_two(before, after)}/{name}"

    def of_all(self, photos: Sequence[StoredPhoto], name: str) -> str:
        """A file that was made of all photos as they are now, in order of time."""
        return f"{self.folder}/{_of_all(photos)}/{name}"


def out_of_date(keys: Sequence[str], photos: Sequence[StoredPhoto]) -> list[str]:
    """Which of an inspection's derived files are not of the photos that it has, or not of pairs that it compares.

    What was made of all photos comes first: as long as it is there, what it speaks of is.

    Args:
        keys: of the files.
        photos: in order of time.
    """
    pairs = [(photos[before], photos[after]) for before, after in pairs_of(len(photos))]
    needed = {*map(_of_one, photos), *(_of_two(*pair) for pair in pairs), _of_all(photos)}
    old = [key for key in keys if key.split("/")[-2] not in needed]
    return sorted(old, key=lambda key: (not key.split("/")[-2].startswith(_ALL), key))


_ALL = "all-"


def _of_one(photo: StoredPhoto) -> str:
    """The name of an upload's folder, which no other upload has."""
    return photo.folder.rpartition("/")[2]


def _of_two(before: StoredPhoto, after: StoredPhoto) -> str:
    return f"{_of_one(before)}+{_of_one(after)}"


def _of_all(photos: Sequence[StoredPhoto]) -> str:
    return _ALL + _digest("\n".join(map(_of_one, photos)))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_DIGITS]
