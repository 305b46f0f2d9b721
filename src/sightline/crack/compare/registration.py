"""How two photos of one wall lie on each other, or why they cannot be laid on each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.agreement import LEAST_CERTAINTY, Agreement, agreement
from sightline.crack.compare.checked import Checked, check
from sightline.crack.compare.consensus import Candidate, candidates
from sightline.crack.compare.descriptors import features
from sightline.crack.compare.homography import Matrix, Points, fit_homography, inverse, normalised
from sightline.crack.compare.lens import Lens
from sightline.crack.compare.matching import Matches, match
from sightline.crack.compare.outline import overlap_outline, polygon_area
from sightline.crack.compare.overlay import Laid, compared, lay
from sightline.crack.compare.planemap import PlaneMap
from sightline.crack.compare.refine import CLOSE, FINE, ROUGH, Step, refine, trust
from sightline.crack.compare.rivals import unrivalled
from sightline.crack.compare.views import View, view_of

Reason = Literal["too_little_detail", "other_wall", "too_little_overlap"]

_VIEW_PX = 1024
"""Longer side at which features are looked for: finer ones are mostly the sensor's noise."""

_LEAST_FEATURES = 40
"""A photo with fewer blobs, of any strength, is black, white or smaller than a thumbnail."""

_CANDIDATES = 3
"""Maps that are tried: where bricks repeat, the one with most matches may be a brick aside."""

_CLEARLY = 0.05
"""A map that fewer features propose must be surer by this, else it is a brick aside that fits as well."""

_WIDE = 24
"""How far a piece is looked for to be sure of it, in pixels of the frame."""

_DOUBTFUL = 0.2, 0.75
"""Certainty between which the pieces are asked once more in the fine frame. Of 345 pairs of different walls and rooms
none came above 0.06. Above it no map of one wall was seen to be wrong; within it some are, by 20 pixels and more."""

_FINE_ROUNDS = 2
_SETTLED_PX = 0.6
"""A map that was further off in the fine frame is refined there once more: pieces nearly in place are found best."""

_LEAST_OVERLAP = 0.05
"""Share of the smaller photo that both must show; less is a strip at a rim, where the map is a guess."""

_MESSAGES: dict[Reason, str] = {
    "too_little_detail": "The photos show too little detail to lay them on each other. Take them closer, sharp and "
    "in even light, with something in view that does not change: a corner, a socket, a stain.",
    "other_wall": "The photos do not seem to show the same part of the same wall, or it has too little detail to tell. "
    "Take the second photo from about where the first was taken, with something in view that does not change: a "
    "corner, a socket, a stain.",
    "too_little_overlap": "The photos share too small a part of the wall. Take the second photo from about where the "
    "first was taken.",
}


class NotRegisteredError(Exception):
    """Two photos cannot be laid on each other.

    Attributes:
        reason: a stable code.
        message: what to do about it.
    """

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        self.message = _MESSAGES[reason]
        super().__init__(self.message)


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """How two photos lie on each other; positions in photo pixels.

    Attributes:
        plane: the map from the photo before to the photo after.
        before_size, after_size: width, height.
        overlap: share of the photo before that the photo after shows, 0..1.
        overlap_outline: (n, 2) that part's outline, in pixels of the photo before.
        checked: the places that the map was compared with the pictures at, and how far it was off.
        matches: features that agree with the map.
        certainty: 0..1, that both show the same surface; photos below `LEAST_CERTAINTY` are refused.
    """

    plane: PlaneMap
    before_size: tuple[int, int]
    after_size: tuple[int, int]
    overlap: float
    overlap_outline: Points
    checked: Checked
    matches: int
    certainty: float

    @classmethod
    def from_matrix(cls, matrix: Matrix, before_size: tuple[int, int], after_size: tuple[int, int]) -> Registration:
        """A registration that is known rather than found: exact, and sure."""
        plane = PlaneMap(normalised(np.asarray(matrix, np.float64)), Lens(before_size), Lens(after_size))
        outline = overlap_outline(plane, before_size, after_size)
        share = polygon_area(outline) / (before_size[0] * before_size[1])
        checked = Checked(np.zeros((0, 2)), np.zeros((0, 2)))
        return cls(plane, before_size, after_size, share, outline, checked, 0, 1.0)

    @property
    def homography(self) -> Matrix:
        """(3, 3) before to after: the flat map nearest to the exact one over what both photos show."""
        if self.plane.is_flat or len(self.overlap_outline) < 3:
            return self.plane.matrix
        low, high = self.overlap_outline.min(0), self.overlap_outline.max(0)
        x, y = np.meshgrid(*(np.linspace(a, b, 12) for a, b in zip(low, high, strict=True)))
        places = np.column_stack([x.ravel(), y.ravel()])
        flat = fit_homography(places, self.to_after(places))
        return self.plane.matrix if flat is None else flat

    @property
    def error_px(self) -> float:
        """RMS distance, in after pixels, between where the map puts a place and where the pictures put it."""
        return self.checked.rms_px

    @property
    def error_p95_px(self) -> float:
        """Nineteen in twenty of the checked places are no further off, in after pixels."""
        return self.checked.p95_px

    def to_after(self, points: Points) -> Points:
        """Where points (n, 2) of the photo before lie in the photo after, be it outside of it."""
        return self.plane.to_after(points)

    def to_before(self, points: Points) -> Points:
        """Where points (n, 2) of the photo after lie in the photo before, be it outside of it."""
        return self.plane.to_before(points)

    def scale_at(self, points_before: Points) -> NDArray[np.float64]:
        """After pixels per before pixel at each point (n,)."""
        return self.plane.scale_at(points_before)

    def error_at(self, points_before: Points) -> NDArray[np.float64]:
        """How far off the map may be at each point (n,), after pixels, one standard deviation.

        What it was at the nearest checked places, and more the further these are.
        """
        return self.checked.error_at(points_before, self.scale_at(points_before))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "homography": self.homography.tolist(),
            "lens_before": round(self.plane.before.k, 5),
            "lens_after": round(self.plane.after.k, 5),
            "bent": self.plane.bend is not None,
            "overlap": round(self.overlap, 4),
            "overlap_outline": np.round(self.overlap_outline, 1).tolist(),
            "error_px": round(self.error_px, 3),
            "error_p95_px": round(self.error_p95_px, 3),
            "matches": self.matches,
            "certainty": round(self.certainty, 4),
        }


def register(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> Registration:
    """Lay two photos of one wall on each other.

    Features propose a map, the pictures themselves refine it, and then decide whether it is believed at all.

    Args:
        before: the earlier photo, RGB uint8 (H, W, 3).
        after: the later one.

    Raises:
        NotRegisteredError: They show too little detail, other walls, or hardly the same part of it.
    """
    with ThreadPoolExecutor(2) as pool:  # numpy and diplib let the other photo's thread run
        views = list(pool.map(lambda photo: view_of(photo, _VIEW_PX), (before, after)))
        found = list(pool.map(lambda view: features(view.grey), views))
    if min(len(features_) for features_ in found) < _LEAST_FEATURES:
        raise NotRegisteredError("too_little_detail")
    matches = match(*found)
    proposals = candidates(matches, most=_CANDIDATES)
    best = _best(proposals, *views)
    looks = _looks(best, *views) if best else []
    certainty = float(np.mean([look.agreed.certainty for look in looks])) if looks else 0.0
    settled = _settled(looks, matches, *views) if certainty >= LEAST_CERTAINTY else None
    if best is None or settled is None:
        raise NotRegisteredError("other_wall")
    plane, checked = _exact(settled, *views)
    before_size, after_size = (photo.shape[1::-1] for photo in (before, after))
    outline = overlap_outline(plane, before_size, after_size)
    share = polygon_area(outline) / (before_size[0] * before_size[1])
    if share < _LEAST_OVERLAP and _share_of_after(plane, outline, after_size) < _LEAST_OVERLAP:
        raise NotRegisteredError("too_little_overlap")
    inliers = len(best.candidate.inliers)
    return Registration(plane, before_size, after_size, share, outline, checked, inliers, certainty)


@dataclass(frozen=True, slots=True, eq=False)
class _Believed:
    """A map, what proposed it, the photos laid on each other by it in the frame of a step, and how much they agree."""

    plane: PlaneMap
    candidate: Candidate
    laid: Laid
    step: Step
    agreed: Agreement


def _best(proposals: list[Candidate], before: View, after: View) -> _Believed | None:
    """The proposed map that the pictures agree with most, refined."""
    best: _Believed | None = None
    lenses = Lens(before.photo_size), Lens(after.photo_size)
    for candidate in proposals:
        matrix = normalised(inverse(after.from_photo) @ candidate.matrix @ before.from_photo)
        rough = refine(PlaneMap(matrix, *lenses), before, after, ROUGH, "flat")
        close = rough and refine(rough[0], before, after, CLOSE, "lenses")
        laid = close and lay(close[0], before, after, long_side=CLOSE.long_side)
        seen = close and laid and compared(laid, close[0], before, _WIDE)
        if not (close and laid and seen):
            continue
        agreed = agreement(seen)
        if best is None or agreed.certainty > best.agreed.certainty + _CLEARLY:
            best = _Believed(close[0], candidate, laid, CLOSE, agreed)
    return best


def _looks(best: _Believed, before: View, after: View) -> list[_Believed]:
    """The map as it is, and where that leaves doubt once more in the fine frame.

    There faint detail shows, and what fits by chance falls apart; in the coarse one there is less noise. So both count.
    """
    if not _DOUBTFUL[0] <= best.agreed.certainty < _DOUBTFUL[1]:
        return [best]
    fine = refine(best.plane, before, after, FINE, "lenses")
    laid = fine and lay(fine[0], before, after, long_side=FINE.long_side)
    seen = fine and laid and compared(laid, fine[0], before, _WIDE)
    if not (fine and laid and seen):
        return [best]
    return [best, replace(best, plane=fine[0], laid=laid, step=FINE, agreed=agreement(seen))]


def _settled(looks: list[_Believed], matches: Matches, before: View, after: View) -> PlaneMap | None:
    """The map, if in any of the frames nothing rivals it: what truly repeats does so in all, noise does not."""
    for look in looks:
        plane = unrivalled(look.laid, look.plane, matches, before, after, step=look.step)
        if plane is not None:
            return plane
    return None


def _exact(plane: PlaneMap, before: View, after: View) -> tuple[PlaneMap, Checked]:
    """The map at the finest size, and how far off it is there."""
    checked = Checked(np.zeros((0, 2)), np.zeros((0, 2)))
    for _ in range(_FINE_ROUNDS):
        step = refine(plane, before, after, FINE, "bend")
        if step is None:
            break
        plane, seen = step
        checked = check(plane, seen)
        clear = trust(seen.peaks) > 0
        if not clear.any() or np.median(np.hypot(*seen.peaks.shift[clear].T)) < _SETTLED_PX:
            break
    return plane, checked


def _share_of_after(plane: PlaneMap, outline: Points, after_size: tuple[int, int]) -> float:
    return polygon_area(plane.to_after(outline)) / (after_size[0] * after_size[1]) if len(outline) else 0.0
