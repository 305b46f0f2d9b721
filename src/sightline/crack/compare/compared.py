"""What a comparison says: plain, frozen values.

`before` and `after` are two photos of one wall in order of time. Positions are in pixels of the photo that the name
ends with; sizes are in pixels of the after photo for both times, so that they can be compared. What could not be
measured is None, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from sightline.crack.report import Box, CrackReport, ModelInfo, QualityNote

if TYPE_CHECKING:
    from sightline.crack.compare.registration import Registration

ChangeKind = Literal["new", "grown", "unchanged", "healed", "not_comparable"]
"""`healed` is healed or painted over: a photo does not tell which."""

KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
"""In the order in which changes are listed: what a dispute is about first."""

Dimension = Literal["length", "width"]

ReasonCode = Literal[
    "outside_overlap",
    "too_coarse",
    "too_blurred",
    "too_dark",
    "too_bright",
    "too_noisy",
    "hidden",
    "not_a_line",
    "partly_seen",
]

COMPARISON_DISCLAIMER = (
    "This is a visual comparison of two photos, not a structural assessment. It says what the photos show, not who or "
    "what caused a change, nor when between the two photos it came about."
)

Polygons = tuple[NDArray[np.float64], ...]
"""Each (n, 2) x, y."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why two photos could not be compared at all.

    Attributes:
        code: "too_little_detail", "other_wall" or "too_little_overlap".
        message: what to do about it, in a sentence.
    """

    code: str
    message: str

    def to_dict(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message}


@dataclass(frozen=True, slots=True)
class SizeChange:
    """One dimension of a crack at both times, in one unit.

    Attributes:
        before, after: the sizes; None where it is not measurable.
        growth: how much was added; it may differ from `after - before` where only a part could be compared.
        uncertainty: of the growth, one standard deviation: both photos' resolution and noise, and the registration.
    """

    before: float | None = None
    after: float | None = None
    growth: float | None = None
    uncertainty: float | None = None

    def scaled(self, factor: float) -> SizeChange:
        """The same in another unit."""
        return SizeChange(
            *(None if value is None else value * factor for value in (getattr(self, f.name) for f in fields(self)))
        )


@dataclass(frozen=True, slots=True, eq=False)
class CrackChange:
    """What became of one crack between two photos.

    Attributes:
        kind: see `ChangeKind`.
        before_index, after_index: which instances of the two reports it is, counted from 0: several where a crack
            split or joined, none where the report does not have it (the photo itself may show it all the same).
        outline_before, outline_after: outer outlines of its pieces in either photo's pixels: where the crack is, or
            would be. Empty where that lies outside the photo.
        box_before, box_after: the smallest that hold them; None where they are empty.
        confidence: 0..1, that it is a crack and of this kind.
        grown_in: the dimensions that a `grown` crack grew in; empty for the other kinds.
        stretches_after: centre lines of the stretches that the before photo would have shown and does not, each
            (n, 2) in pixels of the after photo; those of a `new` crack are all of it.
        reason_code, reason: why it is `not_comparable`, or why a part of it could not be judged; else None.
        length, width: in pixels of the after photo; the width is the mean across the centre line.
        length_mm, width_mm: the same in mm; None unless a scale is known.
    """

    kind: ChangeKind
    before_index: tuple[int, ...]
    after_index: tuple[int, ...]
    outline_before: Polygons
    outline_after: Polygons
    box_before: Box | None
    box_after: Box | None
    confidence: float
    grown_in: tuple[Dimension, ...] = ()
    stretches_after: Polygons = ()
    reason_code: ReasonCode | None = None
    reason: str | None = None
    length: SizeChange = field(default_factory=SizeChange)
    width: SizeChange = field(default_factory=SizeChange)
    length_mm: SizeChange | None = None
    width_mm: SizeChange | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence must be in 0..1, not {self.confidence}")
        if self.kind == "not_comparable" and self.reason is None:
            raise ValueError("a change that is not comparable needs its reason")
        if (self.kind == "grown") != bool(self.grown_in):
            raise ValueError("a crack that is grown, and no other, says in which dimensions")

    @property
    def length_before_px(self) -> float | None:
        return self.length.before

    @property
    def length_after_px(self) -> float | None:
        return self.length.after

    @property
    def length_growth_px(self) -> float | None:
        return self.length.growth

    @property
    def length_growth_uncertainty_px(self) -> float | None:
        return self.length.uncertainty

    @property
    def width_before_px(self) -> float | None:
        return self.width.before

    @property
    def width_after_px(self) -> float | None:
        return self.width.after

    @property
    def width_growth_px(self) -> float | None:
        return self.width.growth

    @property
    def width_growth_uncertainty_px(self) -> float | None:
        return self.width.uncertainty

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; sizes as `length_before_px`, ..., `width_growth_uncertainty_mm`."""
        document: dict[str, Any] = {
            "kind": self.kind,
            "before_index": list(self.before_index),
            "after_index": list(self.after_index),
            "confidence": round(self.confidence, 4),
            "grown_in": list(self.grown_in),
            "reason_code": self.reason_code,
            "reason": self.reason,
            "box_before": None if self.box_before is None else self.box_before.to_dict(),
            "box_after": None if self.box_after is None else self.box_after.to_dict(),
        }
        for name, unit, size, digits in (
            ("length", "px", self.length, 1),
            ("width", "px", self.width, 2),
            ("length", "mm", self.length_mm or SizeChange(), 2),
            ("width", "mm", self.width_mm or SizeChange(), 3),
        ):
            document |= _sizes(name, unit, size, digits)
        return document | {
            "outline_before": _rounded(self.outline_before),
            "outline_after": _rounded(self.outline_after),
            "stretches_after": _rounded(self.stretches_after),
        }


@dataclass(frozen=True, slots=True, eq=False)
class ComparisonReport:
    """What became of a wall between two photos.

    Attributes:
        before, after: what was found in each photo by itself.
        registration: how the photos lie on each other; None where they were refused.
        refusal: why the photos could not be compared; None where they were. There are no changes then.
        changes: every crack of either photo once; in the order of `KINDS`, the surest of a kind first.
        quality: what stands against a reliable comparison; the photos' own remarks stand in their reports.
        model: which model found the cracks.
    """

    before: CrackReport
    after: CrackReport
    registration: Registration | None
    refusal: Refusal | None
    changes: tuple[CrackChange, ...]
    quality: tuple[QualityNote, ...]
    model: ModelInfo

    def __post_init__(self) -> None:
        if (self.registration is None) == (self.refusal is None):
            raise ValueError("photos are either registered or refused")
        if self.refusal is not None and self.changes:
            raise ValueError("photos that were refused have no changes")

    @property
    def counts(self) -> Mapping[ChangeKind, int]:
        """How many changes there are of each kind, zeros included."""
        return {kind: sum(change.kind == kind for change in self.changes) for kind in KINDS}

    @property
    def comparable(self) -> bool:
        return self.refusal is None

    def of_kind(self, *kinds: ChangeKind) -> tuple[CrackChange, ...]:
        """The changes of some kinds, in the report's order."""
        return tuple(change for change in self.changes if change.kind in kinds)

    def to_dict(self, *, masks: bool = False) -> dict[str, Any]:
        """JSON-ready; `masks` adds each instance's mask to the two reports."""
        return {
            "comparable": self.comparable,
            "refusal": None if self.refusal is None else self.refusal.to_dict(),
            "counts": dict(self.counts),
            "changes": [change.to_dict() for change in self.changes],
            "quality": [note.to_dict() for note in self.quality],
            "registration": None if self.registration is None else self.registration.to_dict(),
            "before": self.before.to_dict(masks=masks),
            "after": self.after.to_dict(masks=masks),
            "model": {"name": self.model.name, "version": self.model.version, "sha256": self.model.sha256},
            "disclaimer": COMPARISON_DISCLAIMER,
        }


def _sizes(name: str, unit: str, size: SizeChange, digits: int) -> dict[str, float | None]:
    named = (("before", size.before), ("after", size.after), ("growth", size.growth))
    return {
        f"{name}_{when}_{unit}": None if value is None else round(value, digits)
        for when, value in (*named, ("growth_uncertainty", size.uncertainty))
    }


def _rounded(polygons: Polygons) -> list[list[list[float]]]:
    return [np.round(polygon, 1).tolist() for polygon in polygons]
