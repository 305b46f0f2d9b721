"""Where inspections lie: one record each, one for every photo of theirs, and files under `inspection/ID/`.

A record for every photo, and no document that grows: so photos that arrive at the same time lose nothing, whatever
keeps the records. What is removed leaves a tombstone in its record's place, first of all: from then on nobody sees the
rest, and whoever was adding to it finds the tombstone and takes away what they brought.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from sightline.errors import GoneError, NotFoundError
from sightline.service.derived import out_of_date
from sightline.service.inspection_records import (
    KIND,
    StoredInspection,
    StoredPhoto,
    arrivals_of,
    derived_folder,
    folder_of,
    is_of_upload_until,
    manifests_key,
    photo_folder,
    photos_of,
    to_photo,
    to_record,
)
from sightline.service.results import is_id
from sightline.storage.blobs import BlobStore
from sightline.storage.records import Record, RecordStore

_TOMBSTONE: Final = "tombstone"
_MOST_RECORDS: Final = 10_000  # of one inspection: its photos, and those that were removed


def removed_at(error: GoneError) -> datetime:
    """When that was removed which `InspectionStore` says is gone."""
    return datetime.fromisoformat(error.tombstone["removed_at"])


class InspectionStore:
    """Inspections and their photos in the storage of the service."""

    def __init__(self, blobs: BlobStore, records: RecordStore) -> None:
        self.blobs = blobs
        self.records = records

    def create(self, wall: str, remarks: str, reference: Mapping[str, Any]) -> StoredInspection:
        """Keep a new inspection."""
        inspection = StoredInspection(str(uuid4()), wall, remarks, reference, datetime.now(UTC))
        data = {"wall": wall, "remarks": remarks, "reference": dict(reference)}
        self.records.put(Record(KIND, inspection.inspection_id, inspection.created_at, data))
        return inspection

    def get(self, inspection_id: str) -> StoredInspection:
        """An inspection.

        Raises:
            NotFoundError: there never was one with this id.
            GoneError: it was removed.
        """
        record = self._record(KIND, inspection_id, "inspection")
        data = record.data
        return StoredInspection(record.id, data["wall"], data["remarks"], data["reference"], record.created_at)

    def photos(self, inspection_id: str) -> tuple[StoredPhoto, ...]:
        """Its photos in order of time."""
        records = self.records.list(photos_of(inspection_id), limit=_MOST_RECORDS)
        photos = (to_photo(record) for record in records if _TOMBSTONE not in record.data)
        return tuple(sorted(photos, key=lambda photo: photo.order))

    def photo(self, inspection_id: str, photo_id: str) -> StoredPhoto:
        """One of its photos.

        Raises:
            NotFoundError: there never was such a photo.
            GoneError: it was removed.
        """
        return to_photo(self._record(photos_of(inspection_id), photo_id, "photo"))

    def add(self, inspection_id: str, photo: StoredPhoto) -> StoredPhoto:
        """Keep a photo whose files are stored, unless the same one is kept already.

        Returns:
            The photo that is kept.

        Raises:
            GoneError: the inspection was removed in the meantime, and so is the photo's record; or the same photo was,
                after this one was received.
        """
        record = to_record(inspection_id, photo)
        kept = photo
        if not self.records.put_new(record):
            try:
                kept = self.photo(inspection_id, photo.photo_id)
            except GoneError as error:
                if removed_at(error) >= photo.received_at:
                    raise
                self.records.put(record)  # removed once, and sent again
        try:
            self.get(inspection_id)
        except GoneError:
            self.records.delete(record.kind, record.id)
            raise
        return kept

    def take_back(self, inspection_id: str, photo: StoredPhoto) -> None:
        """Remove what is stored of a photo that could not be kept whole: its record, where it is there, comes first,
        for a photo that is listed has files.
        """
        with suppress(NotFoundError, GoneError):
            if self.photo(inspection_id, photo.photo_id).folder == photo.folder:
                self.records.delete(photos_of(inspection_id), photo.photo_id)
        self.delete_files(photo.folder)

    def bury_photo(self, inspection_id: str, photo_id: str) -> datetime:
        """Put a tombstone in the place of a photo; `sweep_photo` removes the rest. The time on it."""
        now = datetime.now(UTC)
        tombstone = {"photo_id": photo_id, "removed_at": now.isoformat()}
        self.records.put(Record(photos_of(inspection_id), photo_id, now, {_TOMBSTONE: tombstone}))
        return now

    def sweep_photo(self, inspection_id: str, photo_id: str, removed: datetime) -> bool:
        """Remove all that belongs to a removed photo, and what was made of it together with others.

        What was sent again after its removal is another upload's, and stays.

        Returns:
            Whether any files of its own were left.
        """
        self.tidy(inspection_id)
        folder = photo_folder(inspection_id, photo_id)
        files = [file.key for file in self.blobs.list(f"{folder}/") if is_of_upload_until(file.key, folder, removed)]
        for key in files:
            self.blobs.delete(key)
        return bool(files)

    def tidy(self, inspection_id: str, folder: str | None = None) -> None:
        """Remove what was made of other photos than there are now, or of pairs that are no neighbours any more.

        Args:
            inspection_id: of which inspection.
            folder: `Derived.folder` of what holds; what an earlier version or another model made goes too then.
        """
        made = [file.key for file in self.blobs.list(f"{derived_folder(inspection_id)}/")]
        photos = self.photos(inspection_id)  # read after the list: what others make of newer ones is not on it
        old = out_of_date(made, photos)
        if folder is not None:
            old += [key for key in made if not key.startswith(f"{folder}/")]
        for key in dict.fromkeys(old):
            self.blobs.delete(key)

    def note_manifests(self, inspection_id: str, digests: Mapping[str, str]) -> None:
        """Remember the digests of the newest manifests, by format, which a tombstone names: whoever holds that report
        can show that it was made here.

        Raises:
            GoneError: the inspection was removed in the meantime; nothing is kept then.
        """
        key = manifests_key(inspection_id)
        self.blobs.put(key, json.dumps(dict(digests)).encode(), "application/json")
        try:
            self.get(inspection_id)
        except GoneError:
            self.blobs.delete(key)
            raise

    def bury(self, inspection_id: str) -> None:
        """Put a tombstone in the place of an inspection; `sweep` removes the rest.

        Raises:
            GoneError: somebody else was faster; theirs stays.
        """
        now = datetime.now(UTC)
        tombstone = {
            "inspection_id": inspection_id,
            "removed_at": now.isoformat(),
            "photo_count": len(self.photos(inspection_id)),
            "last_manifest_sha256": self._last_manifests(inspection_id),
        }
        self.get(inspection_id)  # else what was counted above may be what another removal had left
        self.records.put(Record(KIND, inspection_id, now, {_TOMBSTONE: tombstone}))

    def sweep(self, inspection_id: str) -> bool:
        """Remove all that belongs to a removed inspection; whether anything was left of it."""
        kinds = photos_of(inspection_id), arrivals_of(inspection_id)
        records = [record for kind in kinds for record in self.records.list(kind, limit=_MOST_RECORDS)]
        for record in records:
            self.records.delete(record.kind, record.id)
        return self.delete_files(folder_of(inspection_id)) or bool(records)

    def delete_files(self, folder: str) -> bool:
        """Remove every file in a folder; whether there were any."""
        files = self.blobs.list(f"{folder}/")
        for file in files:
            self.blobs.delete(file.key)
        return bool(files)

    def _last_manifests(self, inspection_id: str) -> dict[str, str] | None:
        try:
            digests: dict[str, str] = json.loads(self.blobs.get(manifests_key(inspection_id)))
        except NotFoundError:
            return None
        return digests

    def _record(self, kind: str, record_id: str, noun: str) -> Record:
        try:
            record = self.records.get(kind, record_id) if is_id(record_id) else None
        except NotFoundError:  # in the storage's words
            record = None
        if record is None:
            raise NotFoundError(f"There is no {noun} with this id.")
        if tombstone := record.data.get(_TOMBSTONE):
            raise GoneError(f"This {noun} was removed on {tombstone['removed_at'][:10]}.", tombstone=tombstone)
        return record
