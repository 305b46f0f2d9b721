"""A photo or video as it was received: its digest, what its file says of itself, and what is odd about that."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sightline.evidence.exif import PhotoMetadata, read_metadata

_CLOCK_ERROR: Final = timedelta(minutes=5)
"""By how much a phone's clock may be ahead of ours; phones are set by the network, and most are right to seconds."""

_FURTHEST_ZONE: Final = timedelta(hours=14)
"""How far a clock may be ahead of UTC: Kiribati. A camera's time without a zone is impossible only beyond it."""

_SAVED_LATER: Final = timedelta(minutes=1)
"""From when on a file counts as saved again; a camera writes its own file within seconds."""

_EDITORS: Final = (
    *("photoshop", "lightroom", "gimp", "snapseed", "picsart", "paint", "affinity", "pixelmator", "darktable"),
    *("capture one", "luminar", "facetune", "meitu", "vsco", "canva", "photodirector", "imagemagick", "acdsee"),
    *("krita", "photoscape", "polarr", "photopea", "remini", "lightleap", "picasa", "aviary", "touchretouch"),
)
"""Words in the software tag of programs that change pictures. A list cannot be whole, and most programs can leave the
tag as it was: that nothing is found says nothing."""


@dataclass(frozen=True, slots=True)
class FileNote:
    """Something about a file that a reader should know.

    Attributes:
        code: `time_missing`, `time_zone_missing`, `taken_after_received`, `edited_with`, `saved_again`.
        message: in English.
        value: what the code speaks of, such as the program's name or the other time.
    """

    code: str
    message: str
    value: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Original:
    """A file that a report rests on, kept bit for bit.

    Attributes:
        name: as its sender called it.
        role: what it stands for, such as `check-in`.
        sha256: of the file, in hex.
        size_bytes: of the file.
        media_type: told by its bytes.
        received_at: when the service had it, or its file was read from a disk; with a time zone.
        width, height: of the upright picture, in pixels.
        taken_at: what the file claims; without a time zone where it names none.
        camera_make, camera_model, software: what the file claims.
        notes: what is odd about it.
    """

    name: str
    role: str
    sha256: str
    size_bytes: int
    media_type: str
    received_at: datetime
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = None
    camera_make: str | None = None
    camera_model: str | None = None
    software: str | None = None
    notes: tuple[FileNote, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON; times in ISO 8601."""
        return asdict(self) | {
            "received_at": self.received_at.isoformat(),
            "taken_at": self.taken_at.isoformat() if self.taken_at else None,
            "notes": [note.to_dict() for note in self.notes],
        }


def original_photo(
    data: bytes, *, name: str, role: str, received_at: datetime, metadata: PhotoMetadata | None = None
) -> Original:
    """Describe a photo as it was received.

    Args:
        data: the file.
        name: as its sender called it.
        role: what it stands for, such as `check-in`.
        received_at: when, or when its file was read; with a time zone.
        metadata: what `read_metadata(data)` gave, where that was asked before.

    Raises:
        BadInputError: the bytes are no picture that is read here.
    """
    found = metadata or read_metadata(data)
    return Original(
        name=name.encode("utf-8", "replace").decode(),
        role=role,
        sha256=sha256(data).hexdigest(),
        size_bytes=len(data),
        media_type=found.media_type,
        received_at=received_at,
        width=found.width,
        height=found.height,
        taken_at=found.taken_at,
        camera_make=found.camera_make,
        camera_model=found.camera_model,
        software=found.software,
        notes=file_notes(found, received_at),
    )


def file_notes(found: PhotoMetadata, received_at: datetime) -> tuple[FileNote, ...]:
    """What is odd about a photo's metadata, beside the time it was received at."""
    return tuple(note for note in (_time_note(found, received_at), _program_note(found), _saved_note(found)) if note)


def _time_note(found: PhotoMetadata, received_at: datetime) -> FileNote | None:
    taken = found.taken_at
    if taken is None:
        return FileNote("time_missing", "The file does not say when the photo was taken.")
    known_zone = taken.tzinfo is not None
    ahead = taken - (received_at if known_zone else received_at.astimezone(UTC).replace(tzinfo=None))
    if ahead > _CLOCK_ERROR + (timedelta() if known_zone else _FURTHEST_ZONE):
        return FileNote(
            "taken_after_received",
            "The file claims to have been taken after it was received: its clock was wrong, or its time was changed.",
            taken.isoformat(),
        )
    if not known_zone:
        return FileNote("time_zone_missing", "The file names no time zone: its time is that of the camera's clock.")
    return None


def _program_note(found: PhotoMetadata) -> FileNote | None:
    software = found.software or ""
    if not any(editor in software.casefold() for editor in _EDITORS):
        return None
    return FileNote("edited_with", f"The file was written by a program that changes pictures: {software}.", software)


def _saved_note(found: PhotoMetadata) -> FileNote | None:
    taken, saved = found.taken_at, found.saved_at
    if taken is None or saved is None:
        return None
    if (taken.tzinfo is None) != (saved.tzinfo is None):  # both are the camera's local time then
        taken, saved = taken.replace(tzinfo=None), saved.replace(tzinfo=None)
    if saved - taken <= _SAVED_LATER:
        return None
    return FileNote("saved_again", "The file was saved again after the photo was taken.", saved.isoformat())
