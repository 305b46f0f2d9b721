"""What a series of photos of one wall says: every crack followed through time. Plain, frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sightline.crack.compare.compared import COMPARISON_DISCLAIMER, ChangeKind, ComparisonReport
from sightline.crack.report import CrackReport


@dataclass(frozen=True, slots=True)
class TrackStep:
    """A crack in one photo of a series.

    Attributes:
        photo: which photo, counted from 0.
        instances: which instances of that photo's report it is; none where the report does not have it.
        kind: what became of it since the photo before; None in the photo that it was first seen in where that is the
            first photo, or where the photo before it could not be compared.
        length_px, width_px: in that photo's own pixels; None where the report does not have it.
        growth_length, growth_width: since the photo before as a share of the size then (0.1: a tenth more); None where
            that is not measurable.
    """

    photo: int
    instances: tuple[int, ...]
    kind: ChangeKind | None
    length_px: float | None
    width_px: float | None
    growth_length: float | None = None
    growth_width: float | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "photo": self.photo,
            "instances": list(self.instances),
            "kind": self.kind,
            "length_px": _rounded(self.length_px, 1),
            "width_px": _rounded(self.width_px, 2),
            "growth_length": _rounded(self.growth_length, 3),
            "growth_width": _rounded(self.growth_width, 3),
        }


@dataclass(frozen=True, slots=True)
class CrackTrack:
    """One crack through a series; steps are in order of time, one for each photo from where it was first seen."""

    steps: tuple[TrackStep, ...]

    @property
    def first_seen(self) -> int:
        """The photo that it was first seen in, counted from 0."""
        return self.steps[0].photo

    def to_dict(self) -> dict[str, Any]:
        return {"first_seen": self.first_seen, "steps": [step.to_dict() for step in self.steps]}


@dataclass(frozen=True, slots=True, eq=False)
class SeriesReport:
    """A series of photos of one wall.

    Attributes:
        photos: what was found in each, in order of time.
        comparisons: each photo with the one before it; one fewer than there are photos.
        tracks: the cracks, in the order in which they were first seen.
    """

    photos: tuple[CrackReport, ...]
    comparisons: tuple[ComparisonReport, ...]
    tracks: tuple[CrackTrack, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "photos": [photo.to_dict() for photo in self.photos],
            "comparisons": [comparison.to_dict() for comparison in self.comparisons],
            "tracks": [track.to_dict() for track in self.tracks],
            "disclaimer": COMPARISON_DISCLAIMER,
        }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
