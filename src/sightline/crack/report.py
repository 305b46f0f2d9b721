"""What a crack analysis says: plain, frozen values, in pixels of the uploaded photo unless a name says otherwise.

Positions are continuous: the photo spans 0..width and 0..height, so a pixel's centre lies at a half.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sightline.crack.geometry import CentreLine, measure
from sightline.crack.severity import SEVERITY_RULE, Severity, severity
from sightline.crack.shape import LEVEL, Scale, region_mask, region_outlines, run_lengths
from sightline.crack.sizes import CrackShape, CrackSizes

if TYPE_CHECKING:
    from sightline.crack.engine import Region
    from sightline.crack.scale.plane import PlaneScale

DISCLAIMER = "This is a visual screening, not a structural assessment."


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model spoke: a report without it cannot be checked later."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in integer pixels; `x`, `y` is its top left corner."""

    x: int
    y: int
    width: int
    height: int

    def to_dict(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class QualityNote:
    """Why the photo supports an answer less than it should: `value` stands beside the `limit` it broke."""

    code: str
    message: str
    value: float
    limit: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, eq=False)
class CrackInstance:
    """One crack structure with all its branches.

    It keeps the region at the resolution the model worked at; mask and outline are made when they are asked for.

    Attributes:
        region: the crack's coverage.
        scale: photo pixels per pixel of the region, along x and y.
        box: the smallest that holds the region's pixels.
        confidence: 0..1, that this is a crack.
        length_px: along the centre line, all branches together.
        mean_width_px, max_width_px: across the centre line.
        max_width_at: x, y where it is widest.
        orientation_deg: 0 along x, counter-clockwise positive, in [-90, 90).
        branch_count: stretches between junctions and ends; a simple line has one.
        area_px: the region's pixels, in photo pixels.
        severity: by `SEVERITY_RULE`.
        centre_lines: of all branches.
        sizes: the width from the photo's own pixels, and mm where a scale is known.
    """

    region: Region
    scale: Scale
    box: Box
    confidence: float
    length_px: float
    mean_width_px: float
    max_width_px: float
    max_width_at: tuple[float, float]
    orientation_deg: float
    branch_count: int
    area_px: float
    severity: Severity
    centre_lines: tuple[CentreLine, ...] = ()
    sizes: CrackSizes = field(default_factory=CrackSizes)

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence must be in 0..1, not {self.confidence}")

    @classmethod
    def from_region(
        cls, region: Region, confidence: float, *, scale: Scale, photo_size: tuple[int, int]
    ) -> CrackInstance:
        """Measure a region.

        The photo was scaled to whole pixels, so x and y may differ by a fraction of a per cent: lengths are scaled by
        their geometric mean.

        Args:
            region: where the crack is, at the resolution the model worked at.
            confidence: 0..1.
            scale: photo pixels per pixel of the region, along x and y.
            photo_size: the photo's width and height.
        """
        geometry = measure(region.coverage, LEVEL)
        mean_scale = float(np.sqrt(scale[0] * scale[1]))
        length, max_width = geometry.length_px * mean_scale, geometry.max_width_px * mean_scale
        x, y = geometry.max_width_at
        corner = np.array([region.x + 0.5, region.y + 0.5])
        return cls(
            region=region,
            scale=scale,
            box=_box(region, scale, photo_size),
            confidence=confidence,
            length_px=length,
            mean_width_px=geometry.mean_width_px * mean_scale,
            max_width_px=max_width,
            max_width_at=((x + region.x + 0.5) * scale[0], (y + region.y + 0.5) * scale[1]),
            orientation_deg=geometry.orientation_deg,
            branch_count=geometry.branch_count,
            area_px=float(np.count_nonzero(region.coverage >= LEVEL)) * scale[0] * scale[1],
            severity=severity(length_px=length, max_width_px=max_width, diagonal_px=float(np.hypot(*photo_size))),
            centre_lines=tuple(
                CentreLine((line.points + corner) * scale, line.clear) for line in geometry.centre_lines
            ),
        )

    @property
    def crack_shape(self) -> CrackShape:
        """What its fine sizes are measured by."""
        resolution = float(np.sqrt(self.scale[0] * self.scale[1]))
        return CrackShape(self.centre_lines, self.mean_width_px, self.max_width_px, resolution)

    @property
    def length_mm(self) -> float | None:
        return self.sizes.length_mm

    @property
    def length_uncertainty_mm(self) -> float | None:
        return self.sizes.length_uncertainty_mm

    @property
    def mean_width_mm(self) -> float | None:
        return self.sizes.mean_width_mm

    @property
    def max_width_mm(self) -> float | None:
        return self.sizes.max_width_mm

    @property
    def width_uncertainty_mm(self) -> float | None:
        return self.sizes.width_uncertainty_mm

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Which pixels of the box are crack, (box.height, box.width)."""
        return region_mask(self.region, self.scale, self.box)

    @property
    def outline(self) -> tuple[NDArray[np.float64], ...]:
        """The outer outline of each connected piece, (n, 2) x, y."""
        return region_outlines(self.region, self.scale)

    def to_dict(self, *, masks: bool = False) -> dict[str, Any]:
        """JSON-ready; `masks` adds the mask of the box as an uncompressed COCO RLE (down the columns)."""
        document: dict[str, Any] = {
            "box": self.box.to_dict(),
            "confidence": round(self.confidence, 4),
            "severity": self.severity,
            "length_px": round(self.length_px, 1),
            "mean_width_px": round(self.mean_width_px, 2),
            "max_width_px": round(self.max_width_px, 2),
            "max_width_at": [round(self.max_width_at[0], 1), round(self.max_width_at[1], 1)],
            "orientation_deg": round(self.orientation_deg, 1) + 0.0,  # no "-0.0"
            "branch_count": self.branch_count,
            "area_px": round(self.area_px, 1),
            "outline": [np.round(polygon, 1).tolist() for polygon in self.outline],
        } | self.sizes.to_dict()
        if masks:
            document["mask"] = run_lengths(self.mask)
        return document


@dataclass(frozen=True, slots=True, eq=False)
class CrackReport:
    """What was found in one photo.

    Attributes:
        width_px, height_px: the photo's.
        instances: the cracks, most confident first.
        quality: why the photo supports an answer less than it should; empty where it does.
        model: which model spoke.
        scale: what gives sizes in mm; None where nothing does.
        faint: what else may be a crack, too faint to be reported of this photo alone, without fine sizes; empty unless
            it was asked for, to compare with another photo.
    """

    width_px: int
    height_px: int
    instances: tuple[CrackInstance, ...]
    quality: tuple[QualityNote, ...]
    model: ModelInfo
    scale: PlaneScale | None = None
    faint: tuple[CrackInstance, ...] = ()

    def __post_init__(self) -> None:
        confidences = [instance.confidence for instance in self.instances]
        if confidences != sorted(confidences, reverse=True):
            raise ValueError("instances must be in order of confidence, the highest first")

    @property
    def has_crack(self) -> bool:
        return bool(self.instances)

    @property
    def confidence(self) -> float:
        """That of the surest instance; 0.0 where there is no crack."""
        return self.instances[0].confidence if self.instances else 0.0

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Which pixels of the photo are crack, (height_px, width_px)."""
        whole = np.zeros((self.height_px, self.width_px), np.bool_)
        for instance in self.instances:
            box = instance.box
            whole[box.y : box.y + box.height, box.x : box.x + box.width] |= instance.mask
        return whole

    def to_dict(self, *, masks: bool = False) -> dict[str, Any]:
        """JSON-ready; `masks` adds each instance's mask as run lengths."""
        return {
            "has_crack": self.has_crack,
            "confidence": round(self.confidence, 4),
            "width_px": self.width_px,
            "height_px": self.height_px,
            "instances": [instance.to_dict(masks=masks) for instance in self.instances],
            "scale": None if self.scale is None else self.scale.to_dict(),
            "quality": [note.to_dict() for note in self.quality],
            "severity_rule": SEVERITY_RULE,
            "model": asdict(self.model),
            "disclaimer": DISCLAIMER,
        }


def _box(region: Region, scale: Scale, photo_size: tuple[int, int]) -> Box:
    inside = region.coverage >= LEVEL
    (top, bottom), (left, right) = (_span(positions) for positions in np.nonzero(inside))
    x0, x1 = _photo_span(region.x + left, region.x + right, scale[0], photo_size[0])
    y0, y1 = _photo_span(region.y + top, region.y + bottom, scale[1], photo_size[1])
    return Box(x0, y0, x1 - x0, y1 - y0)


def _span(positions: NDArray[np.intp]) -> tuple[int, int]:
    return int(positions.min()), int(positions.max()) + 1


def _photo_span(first: int, last: int, scale: float, size: int) -> tuple[int, int]:
    """Whole photo pixels around [first, last), at least one, within the photo; 1e-6 forgives a product's rounding."""
    low = min(max(0, int(np.floor(first * scale + 1e-6))), size - 1)
    return low, min(size, max(low + 1, int(np.ceil(last * scale - 1e-6))))
