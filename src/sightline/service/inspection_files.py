"""The files of inspections: originals that are what was received, and what is made of them while it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sightline.errors import NotFoundError, NotReadyError, UnavailableError
from sightline.service.inspection_records import ORIGINAL, StoredPhoto
from sightline.service.inspection_store import InspectionStore


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made of photos."""

    key: str
    data: bytes
    content_type: str
    of: Sequence[StoredPhoto]


class InspectionFiles:
    """Reads originals, and keeps what is made of them. Safe to call from several threads.

    Args:
        store: the inspections.
    """

    def __init__(self, store: InspectionStore) -> None:
        self._store = store
        self.blobs = store.blobs

    def original(self, photo: StoredPhoto) -> bytes:
        """A photo as it was received.

        Raises:
            NotReadyError: the file is another one by now. Whatever was said of it, it would be of that one.
            UnavailableError: the photo is being removed.
        """
        data = self.read(photo, ORIGINAL)
        if sha256(data).hexdigest() != photo.sha256:
            raise NotReadyError(
                f"The file of the photo received at {photo.received_at.isoformat()} is not the one that was received: "
                "it was changed in the storage."
            )
        return data

    def read(self, photo: StoredPhoto, name: str) -> bytes:
        """One of the files that came with a photo.

        Raises:
            UnavailableError: the photo is being removed.
        """
        if (data := self.kept(photo.key(name))) is None:
            raise UnavailableError("A photo of the inspection is being removed. Send the same again in a moment.")
        return data

    def kept(self, key: str) -> bytes | None:
        """A file; None where there is none."""
        try:
            return self.blobs.get(key)
        except NotFoundError:
            return None

    def keep(self, inspection_id: str, made: Sequence[Made]) -> None:
        """Keep what was made of photos, the last of it last; of photos that were removed in the meantime, nothing.

        Raises:
            NotFoundError, GoneError: the inspection was removed in the meantime.
        """
        for file in made:
            self.blobs.put(file.key, file.data, file.content_type)
        present = {photo.folder for photo in self._store.photos(inspection_id)}
        for file in made:
            if not present.issuperset(photo.folder for photo in file.of):
                self.blobs.delete(file.key)
        self._store.get(inspection_id)
