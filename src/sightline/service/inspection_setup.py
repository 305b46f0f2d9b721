"""Puts together what looks at walls over time, beside the service for single photos and on its model and storage."""

from __future__ import annotations

from dataclasses import dataclass

from sightline.service.comparisons import ComparisonService
from sightline.service.inspection_reports import InspectionReports
from sightline.service.inspections import InspectionService
from sightline.service.outcomes import Outcomes
from sightline.service.photo_views import PhotoViews
from sightline.service.photos import PhotoService
from sightline.service.signing import Signer
from sightline.settings import Settings


@dataclass(frozen=True, slots=True)
class WallServices:
    """Inspections, what their photos say together, how they are shown, their reports, comparisons of two photos in one
    call, and who signs all of it.
    """

    inspections: InspectionService
    outcomes: Outcomes
    views: PhotoViews
    reports: InspectionReports
    comparisons: ComparisonService
    signer: Signer


def open_walls(settings: Settings, photos: PhotoService, *, durable: bool = True) -> WallServices:
    """The services around an open one, which stays its owner's to close.

    Args:
        settings: the key that signs, and where results lie.
        photos: the service for photos.
        durable: whether what is stored lasts and is found by every instance.

    Raises:
        BadInputError: the signing key cannot be used.
    """
    signer = Signer(settings, durable=durable)
    inspections = InspectionService(photos, durable=durable)
    outcomes = Outcomes(inspections.store, photos)
    return WallServices(
        inspections=inspections,
        outcomes=outcomes,
        views=PhotoViews(inspections.store, outcomes),
        reports=InspectionReports(inspections.store, outcomes, signer),
        comparisons=ComparisonService(photos, signer),
        signer=signer,
    )
