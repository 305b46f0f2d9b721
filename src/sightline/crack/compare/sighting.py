"""One crack looked up in the other photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.homography import plausible_at
from sightline.crack.compare.lines import CrackLines, Points
from sightline.crack.compare.links import covered
from sightline.crack.compare.sampling import Brightness
from sightline.crack.compare.softness import Softness
from sightline.crack.compare.strips import View
from sightline.crack.compare.visibility import ABSENT, DOUBTFUL, OUTSIDE, VISIBLE, Sight, look
from sightline.crack.report import CrackInstance

if TYPE_CHECKING:
    from sightline.crack.compare.registration import Registration

_LEAST_RIDGE = 0.3
"""Of the lesser to the greater step from a crack to its sides: the edge of a shade has one step only."""

_MOST_TEXTURE = 0.65
"""Texture of the wall that is seen within the dark as it was without it: of shadows 0.85 and more, of cracks that came
new under 0.45."""

_LEAST_SHADOW = 5.0
"""Steps: narrower darkness is mixed with the wall beside it by the lens alone, and shadows are rarely that sharp."""

_MOST_OWN_NOISE = 0.2
"""A crack that stands out of its own photo by less than five standard deviations is no measure for another photo."""


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """One instance and what the other photo shows of it.

    Attributes:
        instance: as the report has it.
        lines: its stations, on the darkest line.
        there: (n, 2) the stations in the other photo.
        scale: (n,) pixels of the after photo per pixel of the photo it was found in.
        sight: what the other photo shows there.
        unclear: (n,) where the instance is no clear line in its own photo.
        other_scale: pixels of the other photo per pixel of this one.
        blur_px: by how much the other photo is softer, in pixels of this one; 0 where it is not, or nobody knows.
    """

    instance: CrackInstance
    lines: CrackLines
    there: Points
    scale: NDArray[np.float64]
    sight: Sight
    unclear: NDArray[np.bool_]
    other_scale: float
    blur_px: float

    def length(self, chosen: NDArray[np.bool_] | None = None) -> float:
        """Of some stations, or of all, in pixels of the after photo."""
        lengths = self.lines.weights * self.scale
        return float(lengths.sum() if chosen is None else lengths[chosen].sum())

    def of(self, status: int) -> float:
        """How much of it has a status, in pixels of the after photo."""
        return self.length(self.sight.status == status)


def own_view(here: Brightness) -> View:
    """The photo that a crack was found in, seen along it."""
    return View(here, lambda points: points, 1.0)


def looked_up(
    here: Brightness,
    there: Brightness,
    instance: CrackInstance,
    lines: CrackLines,
    registration: Registration,
    softness: Softness,
    *,
    forward: bool,
) -> Lookup:
    """Look one crack up in the other photo.

    Args:
        here: the photo that it was found in.
        there: the other photo.
        instance: the crack.
        lines: its stations, on the darkest line.
        registration: of the before and the after photo.
        softness: of the after photo against the before photo.
        forward: whether it was found in the before photo.
    """
    own = own_view(here)
    mapped = registration.to_after(lines.points) if forward else registration.to_before(lines.points)
    in_before = lines.points if forward else mapped
    stretch = registration.scale_at(in_before)  # after pixels per before pixel
    sound = plausible_at(registration.plane.matrix, in_before)
    # Beside its horizon a map magnifies without limit, and beyond it there is no place at all.
    stretch = np.where(sound, stretch, np.median(stretch[sound]) if sound.any() else 1.0)
    factor = float(np.median(stretch))
    error = float(np.median(registration.error_at(in_before))) / (factor if forward else 1.0)
    variance = softness.variance
    if forward:
        other, scale, contrast = View(there, registration.to_after, factor), stretch, 1 / softness.contrast
    else:
        other, scale, contrast = View(there, registration.to_before, 1 / factor), np.ones(len(lines)), softness.contrast
        variance = None if variance is None else -variance * factor**2
    sight = look(lines, own, other, error_px=error, softer_px2=variance, contrast=contrast)
    blur = float(np.sqrt(max(0.0, variance or 0.0)))
    unclear = (sight.ridge < _LEAST_RIDGE) | (sight.own_noise > _MOST_OWN_NOISE)
    wide = lines.widths >= _LEAST_SHADOW * lines.step
    unclear |= wide & (sight.status == ABSENT) & (sight.texture > _MOST_TEXTURE)
    return Lookup(instance, lines, mapped, scale, sight, unclear, other.scale, blur)


def supported(found: Sequence[Lookup], others: Sequence[Lookup], registration: Registration) -> tuple[Lookup, ...]:
    """With the other report's word: where it has a crack too, the crack is visible whatever the profile says."""
    result = []
    for one in found:
        status = one.sight.status.copy()
        status[(status != VISIBLE) & (status != OUTSIDE) & one.unclear] = DOUBTFUL
        for other in others:
            tolerance = max(2.5 * registration.error_px, float(np.median(one.lines.widths)) / 2, 2 * one.lines.step)
            near = covered(one.lines.points, other.there, tolerance)
            status[near & (status != OUTSIDE)] = VISIBLE
        result.append(replace(one, sight=replace(one.sight, status=status)))
    return tuple(result)
