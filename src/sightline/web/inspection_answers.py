"""Inspections as answers: what the service keeps, with the addresses at which a client finds the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sightline.service.inspection_records import StoredInspection, StoredPhoto
from sightline.service.outcomes import with_findings
from sightline.service.wall_reports import FORMATS
from sightline.web.inspection_schemas import InspectionAnswer, NewInspectionAnswer, WallPhotoAnswer


def inspection_url(base_url: str, inspection_id: str) -> str:
    """The address of an inspection."""
    return f"{base_url.rstrip('/')}/inspections/{inspection_id}"


def photo_url(base_url: str, inspection_id: str, photo_id: str) -> str:
    """The address of a photo of an inspection."""
    return f"{inspection_url(base_url, inspection_id)}/photos/{photo_id}"


def new_inspection_answer(inspection: StoredInspection, base_url: str) -> NewInspectionAnswer:
    """An inspection that was begun."""
    return NewInspectionAnswer.model_validate(_inspection(inspection, base_url))


def photo_answer(inspection_id: str, photo: StoredPhoto, base_url: str) -> WallPhotoAnswer:
    """A photo with what was found in it."""
    return WallPhotoAnswer.model_validate(_photo(inspection_id, photo, base_url))


def inspection_answer(
    inspection: StoredInspection, photos: Sequence[StoredPhoto], outcome: Mapping[str, Any], base_url: str
) -> InspectionAnswer:
    """An inspection with its photos in order of time, and what they say together."""
    url = inspection_url(base_url, inspection.inspection_id)
    seen = [with_findings(photo, outcome) for photo in photos]
    comparisons = [comparison | {"links": _comparison_links(url, comparison)} for comparison in outcome["comparisons"]]
    return InspectionAnswer.model_validate(
        _inspection(inspection, base_url)
        | {
            "photos": [_photo(inspection.inspection_id, photo, base_url) for photo in seen],
            "comparisons": comparisons,
            "tracks": outcome["tracks"],
        }
    )


def _comparison_links(url: str, comparison: Mapping[str, Any]) -> dict[str, str]:
    """Its pictures; the earlier photo in the later one's frame only where they could be laid on each other."""
    base = f"{url}/comparisons/{comparison['before_photo_id']}/{comparison['after_photo_id']}"
    names = ("picture", "earlier") if comparison["comparable"] else ("picture",)
    return {name: f"{base}/{name}.jpg" for name in names}


def _inspection(inspection: StoredInspection, base_url: str) -> dict[str, Any]:
    url = inspection_url(base_url, inspection.inspection_id)
    return {
        "inspection_id": inspection.inspection_id,
        "wall": inspection.wall,
        "remarks": inspection.remarks,
        "reference": inspection.reference,
        "created_at": inspection.created_at.isoformat(),
        "links": {
            "self": url,
            "photos": f"{url}/photos",
            **{f"report_{ending}": f"{url}/report.{ending}" for ending in FORMATS},
        },
    }


def _photo(inspection_id: str, photo: StoredPhoto, base_url: str) -> dict[str, Any]:
    url = photo_url(base_url, inspection_id, photo.photo_id)
    instances = photo.findings["instances"]
    return dict(photo.findings) | {
        "photo_id": photo.photo_id,
        "stage": photo.stage,
        "name": photo.name,
        "taken_at": photo.taken_at.isoformat() if photo.taken_at else None,
        "taken_at_from": photo.taken_at_from,
        "received_at": photo.received_at.isoformat(),
        "sha256": photo.sha256,
        "size_bytes": photo.size_bytes,
        "media_type": photo.media_type,
        "reference": photo.reference,
        "crack_count": len(instances),
        "bounding_boxes": [instance["box"] for instance in instances],
        "links": {
            "self": url,
            "original": f"{url}/original",
            "annotated": f"{url}/annotated.jpg",
            "view": f"{url}/view.jpg",
        },
    }
