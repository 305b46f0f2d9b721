"""What an inspection report is made of: photos of one wall in order of time, and what became of it between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sightline.crack.report import CrackReport

if TYPE_CHECKING:
    from sightline.crack.compare.compared import ComparisonReport
    from sightline.evidence.originals import FileNote


@dataclass(frozen=True, slots=True, eq=False)
class InspectionPhoto:
    """A photo with what was found in it.

    Attributes:
        name: of its file, as its sender called it; may be empty.
        stage: at what occasion it was taken, such as "check-in".
        image: the upright photo, RGB uint8 (H, W, 3).
        report: what was found, in the photo's pixels.
        sha256: of the file as it was received, in hex.
        received_at: when the service had it; None where nobody received it (a file on the user's own disk).
        taken_at: as its sender or its file says; without a time zone where that names none.
        taken_at_from: who says so, "sender" or "exif".
        size_bytes: of the file.
        camera: as the file names it.
        notes: what is odd about the file.
    """

    name: str
    stage: str
    image: NDArray[np.uint8]
    report: CrackReport
    sha256: str
    received_at: datetime | None = None
    taken_at: datetime | None = None
    taken_at_from: str | None = None
    size_bytes: int | None = None
    camera: str | None = None
    notes: tuple[FileNote, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Inspection:
    """A wall over time.

    Attributes:
        wall: which wall it is, in its owner's words.
        created_at: when this report was made; with a time zone.
        inspection_id: names it in the service.
        service_version: of Sightline.
        photos: in order of time.
        comparisons: of each photo with the one before it; none at all where nothing was compared.
        remarks: its owner's.
        signed: whether the report is sealed with a signature.
        key_fingerprint: of the key it is signed with.
    """

    wall: str
    created_at: datetime
    inspection_id: str
    service_version: str
    photos: tuple[InspectionPhoto, ...]
    comparisons: tuple[ComparisonReport, ...] = ()
    remarks: str = ""
    signed: bool = False
    key_fingerprint: str | None = None

    def __post_init__(self) -> None:
        if self.created_at.tzinfo is None:
            raise ValueError("created_at needs a time zone")
        if self.comparisons and len(self.comparisons) != len(self.photos) - 1:
            raise ValueError(
                f"{len(self.photos)} photos have {max(0, len(self.photos) - 1)} comparisons of each with the one "
                f"before it, or none at all, not {len(self.comparisons)}"
            )
