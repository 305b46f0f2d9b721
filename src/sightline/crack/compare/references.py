"""What gives the scale in each photo of a wall. One of two photos is enough: their registration carries it over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sightline.crack.detector import detect_cracks
from sightline.crack.report import CrackReport
from sightline.crack.scale import Reference, TwoPoints, find_scale
from sightline.errors import BadInputError

if TYPE_CHECKING:
    from sightline.crack.engine import CrackEngine

Pixels = NDArray[np.uint8]
AnyReference: TypeAlias = Reference | TwoPoints


def reference_of_each(reference: Reference, given: Sequence[AnyReference | None]) -> tuple[AnyReference, ...]:
    """What gives the scale in each photo.

    Args:
        reference: for photos that nothing else is given for.
        given: for each photo; None leaves it to `reference`.

    Raises:
        BadInputError: `reference` is two points, which are places in one photo.
    """
    if isinstance(reference, TwoPoints):
        raise BadInputError("reference names two points for all photos: they belong to one photo, so give them for it")
    return tuple(reference if one is None else one for one in given)


def detect_in(name: str, image: Pixels, reference: AnyReference, *, engine: CrackEngine | None) -> CrackReport:
    """As `detect_cracks`, for one of several photos.

    Args:
        name: which of them, for its errors.
        image: RGB uint8 (H, W, 3).
        reference: what gives the scale in it.
        engine: the model to ask.

    Raises:
        BadInputError, NotReadyError: as `detect_cracks` does; the first names the photo.
    """
    try:
        return detect_cracks(image, engine=engine, reference=reference, faint=True)
    except BadInputError as error:
        raise BadInputError(f"the photo {name}: {error.message}") from error


def with_shared_scale(
    images: tuple[Pixels, Pixels], reports: tuple[CrackReport, CrackReport], references: Sequence[AnyReference]
) -> tuple[CrackReport, CrackReport]:
    """The reports of two photos, with the marker in one for the cracks in the other.

    "auto" looks for the marker only where a crack was found. But a wall is intact before its first crack, and the
    photo of that time may be the one with the marker.

    Args:
        images: the photos before and after.
        reports: what was found in each.
        references: what gives the scale in each.
    """
    looked = [bool(report.instances or report.faint) for report in reports]
    if not any(looked) or any(report.scale for report in reports):
        return reports
    first, second = (
        replace(report, scale=find_scale(image, "auto")) if reference == "auto" and not has_looked else report
        for image, report, reference, has_looked in zip(images, reports, references, looked, strict=True)
    )
    return first, second
