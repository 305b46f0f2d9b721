"""What is sent with a photo of a wall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sightline.service.inspection_fields import checked_stage, checked_taken_at, tidy_name

if TYPE_CHECKING:
    from sightline.evidence.exif import PhotoMetadata


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """What is sent with a photo, checked.

    Attributes:
        stage: at what occasion it was taken.
        name: of its file; may be empty.
        taken_at: as the sender says, if they do.
        reference: what gives the scale in it; None leaves it to the inspection.
    """

    stage: str
    name: str = ""
    taken_at: datetime | None = None
    reference: Mapping[str, Any] | None = None

    @classmethod
    def checked(
        cls,
        stage: object,
        *,
        name: str | None = None,
        taken_at: object = None,
        reference: Mapping[str, Any] | None = None,
    ) -> NewPhoto:
        """Check the fields.

        Raises:
            BadInputError: one of them is not as it should be.
        """
        return cls(checked_stage(stage), tidy_name(name), checked_taken_at(taken_at), reference)

    def time_of(self, metadata: PhotoMetadata) -> tuple[datetime | None, str | None]:
        """When the photo was taken, and who says so: its sender before its EXIF data."""
        if self.taken_at is not None:
            return self.taken_at, "sender"
        return metadata.taken_at, "exif" if metadata.taken_at else None
