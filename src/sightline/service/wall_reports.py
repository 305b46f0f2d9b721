"""The report of a wall in its three formats, sealed: the same for an inspection of the service and for files on a disk.

All three are made at the same moment of the same findings, so that they never contradict each other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

import sightline
from sightline.service.wall import Wall, comparison_document
from sightline.telemetry import timed

if TYPE_CHECKING:
    from sightline.crack.inspection import Inspection
    from sightline.documents.language import Language
    from sightline.evidence.keys import SigningKey
    from sightline.evidence.manifest import Manifest, Picture
    from sightline.evidence.originals import Original
    from sightline.evidence.seal import Sealed

Format = Literal["pdf", "html", "json"]
FORMATS: Final[Mapping[Format, str]] = {"pdf": "application/pdf", "html": "text/html", "json": "application/json"}
"""The content type of each."""

KIND: Final = "crack-inspection"


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What is known about a photo beside what is seen in it.

    Attributes:
        original: its file.
        stage: at what occasion it was taken.
        taken_at: as its sender or its file says.
        taken_at_from: who says so, "sender" or "exif".
        reference: what was to give the scale, JSON-ready.
        photo_id: names it in the service.
        was_received: whether a service received it, at `original.received_at`; else it was read from a disk.
    """

    original: Original
    stage: str
    taken_at: datetime | None
    taken_at_from: str | None
    reference: Mapping[str, Any]
    photo_id: str | None = None
    was_received: bool = True


@dataclass(frozen=True, slots=True)
class WallFacts:
    """What a report says about the wall itself."""

    inspection_id: str
    wall: str
    remarks: str
    created_at: datetime


def make_reports(
    wall: Wall,
    photos: Sequence[PhotoFacts],
    facts: WallFacts,
    *,
    language: Language,
    signer: SigningKey | None,
    pictures: Sequence[Picture] = (),
) -> dict[Format, Sealed]:
    """Make the report in every format.

    Args:
        wall: what its photos say.
        photos: about each of them, in the same order; at least one.
        facts: about the wall.
        language: of the PDF and the page.
        signer: signs them; without it they are sealed without a signature and say so.
        pictures: that lie beside the report.
    """
    from sightline.crack.inspection.content import inspection_document
    from sightline.documents.html import document_html
    from sightline.documents.pdf import document_pdf
    from sightline.evidence.seal import sealed

    inspection = _inspection(wall, photos, facts, signer)
    results = results_document(wall, photos, facts)
    manifest = _manifest(wall, photos, facts, results, pictures)
    with timed("report"):
        shown = inspection_document(inspection, language)  # its pictures are half of the work, and the same in both
        made: dict[Format, bytes] = {
            "pdf": document_pdf(shown),
            "html": document_html(shown),
            "json": json.dumps(results, ensure_ascii=False, allow_nan=False, indent=1).encode(),
        }
    with timed("seal"):
        return {name: sealed(document, name, manifest, signer) for name, document in made.items()}


def results_document(wall: Wall, photos: Sequence[PhotoFacts], facts: WallFacts) -> dict[str, Any]:
    """All that was found, JSON-ready; photos are named by their places from 0 on."""
    from sightline.crack.compare.compared import COMPARISON_DISCLAIMER

    return {
        "inspection_id": facts.inspection_id,
        "wall": facts.wall,
        "remarks": facts.remarks,
        "created_at": facts.created_at.isoformat(),
        "photos": [
            {
                "photo_id": photo.photo_id,
                "stage": photo.stage,
                "name": photo.original.name,
                "sha256": photo.original.sha256,
                "taken_at": photo.taken_at.isoformat() if photo.taken_at else None,
                "taken_at_from": photo.taken_at_from,
                "received_at": photo.original.received_at.isoformat() if photo.was_received else None,
            }
            | seen.report.to_dict()
            for photo, seen in zip(photos, wall.photos, strict=True)
        ],
        "comparisons": [
            {"before": compared.before, "after": compared.after} | comparison_document(compared.report)
            for compared in wall.comparisons
        ],
        "tracks": [track.to_dict() for track in wall.tracks],
        "disclaimer": COMPARISON_DISCLAIMER if wall.comparisons else wall.photos[0].report.to_dict()["disclaimer"],
    }


def _inspection(wall: Wall, photos: Sequence[PhotoFacts], facts: WallFacts, signer: SigningKey | None) -> Inspection:
    from sightline.crack.inspection import Inspection, InspectionPhoto

    shown = []
    for photo, seen in zip(photos, wall.photos, strict=True):
        original = photo.original
        camera = " ".join(word for word in (original.camera_make, original.camera_model) if word)
        shown.append(
            InspectionPhoto(
                name=original.name,
                stage=photo.stage,
                image=seen.image,
                report=seen.report,
                sha256=original.sha256,
                received_at=original.received_at if photo.was_received else None,
                taken_at=photo.taken_at,
                taken_at_from=photo.taken_at_from,
                size_bytes=original.size_bytes,
                camera=camera or None,
                notes=original.notes,
            )
        )
    return Inspection(
        wall=facts.wall,
        created_at=facts.created_at,
        inspection_id=facts.inspection_id,
        service_version=sightline.__version__,
        photos=tuple(shown),
        comparisons=wall.consecutive,
        remarks=facts.remarks,
        signed=signer is not None,
        key_fingerprint=signer.fingerprint if signer else None,
    )


def _manifest(
    wall: Wall,
    photos: Sequence[PhotoFacts],
    facts: WallFacts,
    results: Mapping[str, Any],
    pictures: Sequence[Picture],
) -> Manifest:
    from sightline.evidence.manifest import Manifest, Model

    asked = [
        {
            "sha256": photo.original.sha256,
            "stage": photo.stage,
            "reference": dict(photo.reference),
            "taken_at_stated": photo.taken_at.isoformat()
            if photo.taken_at and photo.taken_at_from == "sender"
            else None,
        }
        for photo in photos
    ]
    return Manifest(
        kind=KIND,
        created_at=facts.created_at,
        service_version=sightline.__version__,
        originals=tuple(photo.original for photo in photos),
        model=Model(**asdict(wall.photos[0].report.model)),
        settings={"photos": asked},
        results=results,
        subject=facts.inspection_id,
        pictures=tuple(pictures),
    )
