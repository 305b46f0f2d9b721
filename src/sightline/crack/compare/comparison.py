"""The two calls that people use: what changed on this wall between two photos?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.compared import KINDS, ComparisonReport, CrackChange, Refusal, SizeChange
from sightline.crack.compare.judging import verdict
from sightline.crack.compare.links import Group
from sightline.crack.compare.lookups import Lookups, look_up
from sightline.crack.compare.pair_quality import pair_notes
from sightline.crack.compare.real_sizes import in_mm, mm_per_after_px
from sightline.crack.compare.references import AnyReference, detect_in, reference_of_each, with_shared_scale
from sightline.crack.compare.shapes import box, outlines
from sightline.crack.compare.sizes import is_wider, length_change, width_change
from sightline.crack.detector import Photo, as_pixels
from sightline.crack.report import CrackReport
from sightline.crack.scale import Reference
from sightline.errors import BadInputError

if TYPE_CHECKING:
    from sightline.crack.compare.registration import Registration
    from sightline.crack.engine import CrackEngine

Pixels = NDArray[np.uint8]


def compare_photos(
    before: Photo,
    after: Photo,
    *,
    engine: CrackEngine | None = None,
    reference: Reference = "auto",
    reference_before: AnyReference | None = None,
    reference_after: AnyReference | None = None,
) -> ComparisonReport:
    """Find the cracks in two photos of one wall and say what became of each.

    Args:
        before: the earlier photo, as `detect_cracks` takes it.
        after: the later photo.
        engine: the model to ask; by default the one that `detect_cracks` asks.
        reference: what gives sizes in mm, as for `detect_cracks`, in each photo by itself. "marker" and "card" must be
            found in both, though a scale in one of them is enough.
        reference_before: the same for the earlier photo alone; two points are pixels of it.
        reference_after: for the later photo alone. Where both have a scale, this one's counts.

    Raises:
        BadInputError, TooLargeError, NotReadyError: as `detect_cracks` does; BadInputError too for two points as
            `reference`. Photos that cannot be compared raise nothing: the report says why.
    """
    references = reference_of_each(reference, (reference_before, reference_after))
    images = as_pixels(before), as_pixels(after)
    before_report, after_report = (
        detect_in(name, image, each, engine=engine)
        for name, image, each in zip(("before", "after"), images, references, strict=True)
    )
    reports = with_shared_scale(images, (before_report, after_report), references)
    return compare_reports(images[0], reports[0], images[1], reports[1])


def compare_reports(
    before_image: Pixels, before_report: CrackReport, after_image: Pixels, after_report: CrackReport
) -> ComparisonReport:
    """Say what became of each crack, where the cracks of both photos are known already.

    Args:
        before_image: the earlier photo, RGB uint8 (H, W, 3).
        before_report: what `detect_cracks` found in it with `faint=True`: without that, cracks that are too faint to be
            reported of one photo are not compared.
        after_image: the later photo.
        after_report: what `detect_cracks` found in it, by the same model.

    Raises:
        BadInputError: A report is not of its photo, or the reports are by different models.
    """
    from sightline.crack.compare.registration import NotRegisteredError, register

    _check(before_image, before_report, "before")
    _check(after_image, after_report, "after")
    if before_report.model != after_report.model:
        raise BadInputError(
            "The cracks of two photos can only be compared where one model found them; these were found by "
            f"{before_report.model.name} {before_report.model.version} and {after_report.model.name} "
            f"{after_report.model.version}."
        )
    try:
        registration = register(before_image, after_image)
    except NotRegisteredError as error:
        refusal = Refusal(error.reason, error.message)
        return ComparisonReport(before_report, after_report, None, refusal, (), (), after_report.model)
    return compare_registered(before_image, before_report, after_image, after_report, registration)


def compare_registered(
    before_image: Pixels,
    before_report: CrackReport,
    after_image: Pixels,
    after_report: CrackReport,
    registration: Registration,
) -> ComparisonReport:
    """As `compare_reports`, where it is known how the photos lie on each other."""
    lookups = look_up(before_image, before_report, after_image, after_report, registration)
    reports = before_report, after_report
    changes = [_change(lookups, group, reports, registration) for group in lookups.groups]
    changes = [change for change in changes if _tells(change)]
    changes.sort(key=lambda change: (KINDS.index(change.kind), -change.confidence))
    return ComparisonReport(
        before=before_report,
        after=after_report,
        registration=registration,
        refusal=None,
        changes=tuple(changes),
        quality=pair_notes(registration, lookups.softness),
        model=after_report.model,
    )


def _tells(change: CrackChange) -> bool:
    """Whether it says anything: of what no report has only its changing does."""
    reported = change.before_index or change.after_index
    return bool(reported) or change.kind not in ("unchanged", "not_comparable")


def _change(
    lookups: Lookups, group: Group, reports: tuple[CrackReport, CrackReport], registration: Registration
) -> CrackChange:
    before, after = [lookups.before[index] for index in group[0]], [lookups.after[index] for index in group[1]]
    width = width_change(before, after, lookups.softness)
    told = verdict(before, after, wider=is_wider(after, lookups.softness))
    instances = [[one.instance for one in side] for side in (before, after)]
    outline_before = outlines(instances[0], instances[1], registration.to_before, registration.before_size)
    outline_after = outlines(instances[1], instances[0], registration.to_after, registration.after_size)
    length = length_change(told, before, after, registration.error_px)
    if told.kind not in ("grown", "unchanged"):
        width = SizeChange(before=width.before if not after else None, after=width.after)
    scale = mm_per_after_px(before, after, reports, registration)
    crack = max(one.confidence for side in instances for one in side)
    return CrackChange(
        kind=told.kind,
        before_index=tuple(index for index in group[0] if index < len(reports[0].instances)),
        after_index=tuple(index for index in group[1] if index < len(reports[1].instances)),
        outline_before=outline_before,
        outline_after=outline_after,
        box_before=box(outline_before, registration.before_size),
        box_after=box(outline_after, registration.after_size),
        confidence=crack * told.certainty * registration.certainty,
        grown_in=told.grown_in,
        stretches_after=tuple(one.lines.points[piece] for one, piece in told.stretches),
        reason_code=None if told.reason is None else told.reason[0],
        reason=None if told.reason is None else told.reason[1],
        length=length,
        width=width,
        length_mm=in_mm(length, scale),
        width_mm=in_mm(width, scale),
    )


def _check(image: Pixels, report: CrackReport, name: str) -> None:
    size = image.shape[1], image.shape[0]
    if size != (report.width_px, report.height_px):
        raise BadInputError(
            f"The {name} photo has {size[0]} x {size[1]} pixels, its report was made for "
            f"{report.width_px} x {report.height_px}."
        )
