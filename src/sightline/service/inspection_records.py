"""What the store keeps of an inspection and of each of its photos, and under which names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

from sightline.storage.records import Record

KIND: Final = "inspection"
ORIGINAL, ANNOTATED, EVIDENCE = "original", "annotated.jpg", "evidence.npz"


@dataclass(frozen=True, slots=True)
class StoredInspection:
    """A wall that is photographed over time.

    Attributes:
        inspection_id: opens it.
        wall: what it is called.
        remarks: for its reports; may be empty.
        reference: what gives the scale in its photos, unless one of them says otherwise.
        created_at: when it was begun.
    """

    inspection_id: str
    wall: str
    remarks: str
    reference: Mapping[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """A photo of an inspection.

    Attributes:
        photo_id: follows from the inspection, the stage and the bytes.
        stage: at what occasion it was taken.
        name: of its file, as the sender calls it; may be empty.
        sha256: of the original.
        size_bytes: of the original.
        media_type: told by its bytes.
        taken_at: as the sender or the photo itself says; without a time zone where that is not known.
        taken_at_from: who says so, "sender" or "exif".
        received_at: when it came here.
        reference: what gives the scale in it.
        folder: in which its files lie.
        findings: the report, JSON-ready.
    """

    photo_id: str
    stage: str
    name: str
    sha256: str
    size_bytes: int
    media_type: str
    taken_at: datetime | None
    taken_at_from: str | None
    received_at: datetime
    reference: Mapping[str, Any]
    folder: str
    findings: Mapping[str, Any]

    @property
    def order(self) -> tuple[datetime, datetime, str]:
        """By what photos of one wall stand in order of time."""
        from sightline.evidence.exif import order_of

        return order_of(self.taken_at, self.received_at), self.received_at, self.photo_id

    def key(self, name: str) -> str:
        """Of one of its files: `ORIGINAL`, `ANNOTATED` or `EVIDENCE`."""
        return f"{self.folder}/{name}"


def photo_id_of(inspection_id: str, stage: str, sha256: str) -> str:
    """The same bytes at the same stage of an inspection are the same photo."""
    return str(uuid5(UUID(inspection_id), f"{stage}/{sha256}"))


def photo_folder(inspection_id: str, photo_id: str) -> str:
    """Where the files of a photo lie, those of each upload of it in a folder below."""
    return f"{folder_of(inspection_id)}/photos/{photo_id}"


def new_folder(inspection_id: str, photo_id: str, received_at: datetime) -> str:
    """A folder for the files of a photo, of this upload alone: one that breaks off removes nobody else's.

    Its name begins with the time of the upload, for `is_of_upload_until`.
    """
    return f"{photo_folder(inspection_id, photo_id)}/{_stamp(received_at)}-{uuid4().hex}"


def is_of_upload_until(key: str, folder: str, moment: datetime) -> bool:
    """Whether a file below a photo's folder came with an upload that was received by then."""
    until = _stamp(moment)
    return key.removeprefix(f"{folder}/")[: len(until)] <= until


def derived_folder(inspection_id: str) -> str:
    """Where that lies which was made from several photos."""
    return f"{folder_of(inspection_id)}/derived"


def folder_of(inspection_id: str) -> str:
    """In which all files of an inspection lie."""
    return f"{KIND}/{inspection_id}"


def manifests_key(inspection_id: str) -> str:
    """Where the digests of the manifests of its last report are remembered."""
    return f"{folder_of(inspection_id)}/last-manifests.json"


def photos_of(inspection_id: str) -> str:
    """The kind of its photos' records: a kind of its own is what every store lists fast."""
    return f"{KIND}.{inspection_id}"


def arrivals_of(inspection_id: str) -> str:
    """The kind of the records of photos that are on their way to it."""
    return f"{photos_of(inspection_id)}.arriving"


def _stamp(moment: datetime) -> str:
    """UTC to the microsecond, always as long: text that sorts as time does, of characters that keys may have."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%f}"


def to_record(inspection_id: str, photo: StoredPhoto) -> Record:
    """A photo as its record."""
    names = ("stage", "name", "sha256", "size_bytes", "media_type", "taken_at_from", "folder")
    data = {name: getattr(photo, name) for name in names}
    data["taken_at"] = photo.taken_at.isoformat() if photo.taken_at else None
    data |= {"reference": dict(photo.reference), "findings": dict(photo.findings)}
    return Record(photos_of(inspection_id), photo.photo_id, photo.received_at, data)


def to_photo(record: Record) -> StoredPhoto:
    """The photo of a record that is no tombstone."""
    data = dict(record.data)
    taken_at = data.pop("taken_at")
    moment = datetime.fromisoformat(taken_at) if taken_at else None
    return StoredPhoto(photo_id=record.id, received_at=record.created_at, taken_at=moment, **data)
