"""Photos of a wall as files of this machine: looked at, and put in order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sightline.service.naming import naming
from sightline.service.references import reference_of
from sightline.service.wall import SeenPhoto
from sightline.service.wall_reports import PhotoFacts

if TYPE_CHECKING:
    from sightline.crack.engine import CrackEngine


@dataclass(frozen=True, slots=True)
class WallFile:
    """A photo's file, at what occasion it was taken, and what gives the scale in it."""

    path: Path
    stage: str
    reference: Mapping[str, Any]


def look_at(file: WallFile, *, engine: CrackEngine, max_bytes: int, max_pixels: int) -> tuple[SeenPhoto, PhotoFacts]:
    """Find the cracks in a photo, and read what its file says of itself.

    Raises:
        BadInputError: it is no picture that can be read, or its reference is not found in it; the message names it.
        TooLargeError: it is over a limit.
    """
    from sightline.evidence.originals import original_photo
    from sightline.media.limits import read_file
    from sightline.service.analysis import examine_photo

    with naming(file.path.name):
        data = read_file(file.path, max_bytes)
        reference = reference_of(file.reference)
        found = examine_photo(
            data, engine=engine, max_bytes=max_bytes, max_pixels=max_pixels, reference=reference, faint=True
        )
        original = original_photo(data, name=file.path.name, role=file.stage, received_at=datetime.now(UTC))
    facts = PhotoFacts(
        original=original,
        stage=file.stage,
        taken_at=original.taken_at,
        taken_at_from="exif" if original.taken_at else None,
        reference=file.reference,
        was_received=False,
    )
    return SeenPhoto(found.image, found.report, reference), facts


def in_order_of_time(facts: Sequence[PhotoFacts]) -> list[int]:
    """The places of photos in order of time, as their files tell it; as they were given, where one does not."""
    from sightline.evidence.exif import order_of

    places = list(range(len(facts)))
    if any(photo.taken_at is None for photo in facts):
        return places
    return sorted(places, key=lambda place: order_of(facts[place].taken_at, facts[place].original.received_at))
