"""A crack's fine sizes: its width from the photo's own pixels, and length and widths in mm where a scale is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.crack.blur import blur_of
from sightline.crack.edge_model import Floats
from sightline.crack.geometry import CentreLine
from sightline.crack.scale.plane import PlaneScale
from sightline.crack.widths import MeasuredWidths, Stretch, measure_widths

_LEAST_SEEN = 1 / 3
"""Of the windows along a crack, its width must be measured in so many to speak of the crack."""

_LEAST_SURE = 0.5
"""A width whose uncertainty is more than half of it is none."""

_MOST_PX, _MOST_SCALED_PX = 800.0, 6000.0
"""So much of the cracks of a photo is measured: pixels in a photo are a by-product and may take a tenth of the time of
finding them, mm are what somebody has laid a reference there for."""

_WIDEST_OVER_MEAN = 3.0
"""The wall is looked at as far out as a crack needs that is so many times wider than its mean: masks have blobs."""


@dataclass(frozen=True, slots=True)
class CrackSizes:
    """What a crack's pixels and a scale add to its outline; None where it is not known or could not be measured.

    Attributes:
        profile_mean_width_px, profile_max_width_px: from the light across the crack, mean and largest over about a
            dozen pixels of its length, in photo pixels.
        profile_width_uncertainty_px: of either, 1 sigma.
        length_mm: along the centre line on the wall, all branches together.
        length_uncertainty_mm: 1 sigma.
        mean_width_mm, max_width_mm: across the crack on the wall.
        width_uncertainty_mm: of either, 1 sigma.
    """

    profile_mean_width_px: float | None = None
    profile_max_width_px: float | None = None
    profile_width_uncertainty_px: float | None = None
    length_mm: float | None = None
    length_uncertainty_mm: float | None = None
    mean_width_mm: float | None = None
    max_width_mm: float | None = None
    width_uncertainty_mm: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; to four digits, for the unit may be as small as the crack."""
        return {name: None if value is None else float(f"{value:.4g}") for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class CrackShape:
    """What a crack is measured by: the centre lines of its branches and its widths as the model saw them, photo pixels.

    Attributes:
        lines: in photo pixels.
        mean_width_px, max_width_px: across them.
        resolution_px: of the model, in photo pixels.
    """

    lines: tuple[CentreLine, ...]
    mean_width_px: float
    max_width_px: float
    resolution_px: float


def measure_sizes(image: NDArray[np.uint8], cracks: Sequence[CrackShape], scale: PlaneScale | None) -> list[CrackSizes]:
    """Measure the cracks of a photo.

    Args:
        image: RGB uint8 (H, W, 3).
        cracks: any number.
        scale: of the photo; None leaves the sizes in mm unknown.
    """
    if not cracks:
        return []
    stretches = [_stretches(crack) for crack in cracks]
    most_px = _MOST_PX if scale is None else _MOST_SCALED_PX
    measured = measure_widths(image, stretches, blur_of(image, scale), most_px=most_px)
    sizes = []
    for crack, widths in zip(cracks, measured, strict=True):
        of_px = None if widths is None else _summary(widths, np.ones(len(widths.widths_px)), np.zeros(1))
        mean, widest, uncertainty = of_px or (None, None, None)
        in_mm = _in_mm(crack, widths if of_px else None, scale) if scale else {}
        sizes.append(CrackSizes(mean, widest, uncertainty, **in_mm))
    return sizes


def _stretches(crack: CrackShape) -> list[Stretch]:
    """The parts of all branches where normals cross the crack alone."""
    width = min(crack.max_width_px, _WIDEST_OVER_MEAN * crack.mean_width_px)
    found = []
    for line in crack.lines:
        clear = np.flatnonzero(line.clear)
        runs = np.split(clear, np.flatnonzero(np.diff(clear) > 1) + 1)
        found += [Stretch(line.points[run], width) for run in runs if len(run) > 1]
    return found


def _summary(widths: MeasuredWidths, factors: Floats, relative: Floats) -> tuple[float, float, float] | None:
    """Mean and largest width and their uncertainty, in the unit that the factors lead to; None where it is not known.

    The largest of many noisy widths is too large. So each is drawn towards the mean by as much as noise explains how
    they differ (Efron and Morris, Data analysis using Stein's estimator, JASA 70, 1975).

    Args:
        widths: in pixels.
        factors: (j,) the unit per pixel at each.
        relative: (j,) or (1,), the factors' own uncertainty.
    """
    if widths.seen < _LEAST_SEEN or not np.isfinite(factors).all():
        return None
    lengths = widths.lengths_px / widths.lengths_px.sum()
    values, noise = widths.widths_px * factors, widths.noise_px * factors
    mean = float(lengths @ values)
    differ = float(np.maximum(lengths @ (values - mean) ** 2 - lengths @ noise**2, 0))
    kept = differ / np.maximum(differ + noise**2, 1e-12)
    drawn = mean + kept * (values - mean)
    best = int(drawn.argmax())
    of_mean = np.sqrt(lengths**2 @ noise**2)
    shared = np.hypot(widths.common_px * factors, values * relative)
    uncertainty = float(np.hypot(max(of_mean, np.sqrt(kept[best]) * noise[best]), max(lengths @ shared, shared[best])))
    if not uncertainty <= _LEAST_SURE * mean:
        return None
    return mean, max(mean, float(drawn[best])), uncertainty


def _in_mm(crack: CrackShape, widths: MeasuredWidths | None, scale: PlaneScale) -> dict[str, float | None]:
    length, length_uncertainty = _length_mm(crack, scale)
    sizes: dict[str, float | None] = {"length_mm": length, "length_uncertainty_mm": length_uncertainty}
    if widths is None:
        return sizes
    factors = scale.mm_per_px_at(widths.points) ** 2 / scale.mm_per_px_at(widths.points, widths.tangents)
    found = _summary(widths, factors, scale.relative_uncertainty_at(widths.points))
    if found is not None:
        sizes |= dict(zip(("mean_width_mm", "max_width_mm", "width_uncertainty_mm"), found, strict=True))
    return sizes


def _length_mm(crack: CrackShape, scale: PlaneScale) -> tuple[float | None, float | None]:
    """Length on the wall and its uncertainty: of the scale along the crack, and of where the model saw it end."""
    total = variance = doubt = 0.0
    for line in crack.lines:
        places = scale.points_mm(line.points)
        steps = np.hypot(*np.diff(places, axis=0).T)
        middle, forth = (line.points[1:] + line.points[:-1]) / 2, np.diff(line.points, axis=0)
        some = slice(None, None, max(1, len(middle) // 24))
        relative = scale.relative_uncertainty_at(middle[some], forth[some])
        length = float(steps.sum())
        total += length
        doubt += length * float(relative.mean())
        variance += 2 * float(crack.resolution_px * scale.mm_per_px_at(line.points[:1])[0]) ** 2
    if not np.isfinite([total, doubt, variance]).all():
        return None, None
    return total, float(np.hypot(doubt, np.sqrt(variance)))
