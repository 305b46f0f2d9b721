"""Sizes in mm, where one of the two photos has a scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sightline.crack.compare.compared import SizeChange
from sightline.crack.compare.sighting import Lookup
from sightline.crack.report import CrackReport

if TYPE_CHECKING:
    from sightline.crack.compare.registration import Registration


def mm_per_after_px(
    before: Sequence[Lookup],
    after: Sequence[Lookup],
    reports: tuple[CrackReport, CrackReport],
    registration: Registration,
) -> tuple[float, float] | None:
    """How many mm a pixel of the after photo is along a crack, and the relative error of that; None without a scale.

    Args:
        before: the crack's instances in the before photo.
        after: its instances in the after photo; one of the two may be empty.
        reports: of the before and of the after photo; the after photo's scale is taken where both have one.
        registration: of the photos.
    """
    found = after or before
    points = np.concatenate([one.lines.points if after else one.there for one in found])
    in_before = np.concatenate([one.there if after else one.lines.points for one in found])
    if reports[1].scale is not None:
        values, errors = reports[1].scale.mm_per_px_at(points), reports[1].scale.relative_uncertainty_at(points)
    elif reports[0].scale is not None:
        values = reports[0].scale.mm_per_px_at(in_before) / registration.scale_at(in_before)
        errors = reports[0].scale.relative_uncertainty_at(in_before)
    else:
        return None
    known = np.isfinite(values) & np.isfinite(errors)
    return (float(np.median(values[known])), float(np.median(errors[known]))) if known.any() else None


def in_mm(size: SizeChange, scale: tuple[float, float] | None) -> SizeChange | None:
    """A size in after pixels by `mm_per_after_px`; its uncertainty is that of the growth, with the scale's."""
    if scale is None:
        return None
    factor, error = scale
    scaled = size.scaled(factor)
    if scaled.growth is None or scaled.uncertainty is None:
        return scaled
    return replace(scaled, uncertainty=float(np.hypot(scaled.uncertainty, scaled.growth * error)))
