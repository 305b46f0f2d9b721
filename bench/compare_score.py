"""What a comparison of one pair of photos got right: plain counts, to be summed over pairs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pair_changes import TrueChange
from PIL import Image, ImageDraw
from scipy.ndimage import distance_transform_edt
from wall_pairs import WallPair

Mask = NDArray[np.bool_]
Told = Literal["new", "longer", "wider", "healed"]
"""The changes that a comparison tells; a `grown` crack is longer, wider or both."""

TOLD: tuple[Told, ...] = ("new", "longer", "wider", "healed")

_NEAR_PX = 8.0
"""A reported outline and a true crack within this are at the same place: outlines are drawn around, not on, a crack."""

_SHARE = 0.3
"""Of the reported outline, or of the true crack, that must lie at the same place: a model finds cracks in pieces."""

_GRID = 24
"""Points along each side of the before photo at which a registration is compared with the truth."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One reported change: what it says, and whether it is so; None where it is neither right nor wrong to say so."""

    told: Told
    right: bool | None


@dataclass(frozen=True, slots=True)
class Growth:
    """A rightly reported growth: what was said, its standard deviation, and what is true, in after pixels."""

    told: Told
    said: float
    uncertainty: float | None
    true: float

    @property
    def error(self) -> float:
        return self.said - self.true


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one pair.

    Attributes:
        kind, seed: of the pair.
        refusal: the code of a refusal, None where the photos were registered.
        overlap: true share of the before photo that the after photo shows.
        alignable: whether the photos share enough detail, see `pair_detail`.
        error_px, error_p95_px: of the registration against the truth over the true overlap, after pixels.
        claims: every reported change but `unchanged` and `not_comparable`.
        found: for each resolvable true change, whether it was told by its own name.
        noticed: the same, by whatever name is a right one: a new crack that meets an old one is its growth too.
        growths: sizes of rightly reported growth, where exactly known.
        unjudged: reason codes of what was called not comparable; `judged`: how many changes were not.
    """

    kind: str
    seed: int
    refusal: str | None
    overlap: float
    alignable: bool
    error_px: float | None = None
    error_p95_px: float | None = None
    claims: tuple[Claim, ...] = ()
    found: tuple[tuple[Told, bool], ...] = ()
    noticed: tuple[tuple[Told, bool], ...] = ()
    growths: tuple[Growth, ...] = ()
    unjudged: tuple[str, ...] = ()
    judged: int = 0
    facts: dict[str, float | str] = field(default_factory=dict)


def score(pair: WallPair, report: Any) -> Outcome:
    """Judge a `ComparisonReport` of a pair."""
    overlap = _true_overlap(pair)
    found = [(change.kind, change) for change in pair.changes if change.resolvable]
    if report.refusal is not None:
        missed = tuple((told, False) for told, _ in found)
        return Outcome(
            pair.kind,
            pair.seed,
            report.refusal.code,
            overlap,
            pair.alignable,
            found=missed,
            noticed=missed,
            facts=pair.facts,
        )
    claims: list[Claim] = []
    growths: list[Growth] = []
    told_of: set[tuple[Told, int]] = set()
    for change in report.changes:
        for told in _told(change):
            hit = _hit(pair, change, told)
            claims.append(Claim(told, _right(hit, told)))
            if hit is None:
                continue
            told_of.add((told, id(hit)))
            growths += _growth(change, hit, told)
    error, worst = _registration_error(pair, report.registration)
    unjudged = tuple(str(c.reason_code) for c in report.changes if c.kind == "not_comparable")
    return Outcome(
        pair.kind,
        pair.seed,
        None,
        overlap,
        pair.alignable,
        error,
        worst,
        tuple(claims),
        tuple((told, (told, id(change)) in told_of) for told, change in found),
        tuple((told, any(hit == id(change) for _, hit in told_of)) for told, change in found),
        tuple(growths),
        unjudged,
        len(report.changes) - len(unjudged),
        pair.facts,
    )


def _told(change: Any) -> list[Told]:
    """What a reported change says has happened."""
    if change.kind == "grown":
        names: dict[str, Told] = {"length": "longer", "width": "wider"}
        return [names[dimension] for dimension in change.grown_in]
    return [change.kind] if change.kind in ("new", "healed") else []


def _hit(pair: WallPair, change: Any, told: Told) -> TrueChange | None:
    """The true change that a reported one speaks of: one that it may name so, at its place."""
    side = 0 if told == "healed" else 1
    outline = (change.outline_before, change.outline_after)[side]
    for truth in pair.changes:
        if told not in _NAMES[truth.kind]:
            continue
        changed = (truth.mask_before, truth.mask_after)[side]
        whole = (truth.crack_before, truth.crack_after)[side]
        place = changed if told in ("new", "healed") else whole
        if same_place(filled(outline, (place.shape[1], place.shape[0])), place):
            return truth
    return None


_NAMES: dict[str, tuple[Told, ...]] = {
    # A new crack that meets an old one may be told as its growth, and an added end as a new piece; a crack that was
    # drawn wider also ends a little further out, for its ends taper.
    "new": ("new", "longer"),
    "longer": ("longer", "new"),
    "wider": ("wider", "longer"),
    "healed": ("healed",),
}


def _right(hit: TrueChange | None, told: Told) -> bool | None:
    """Whether a claim is right. Of what the before photo could not have shown, no claim is; of the rest of what is not
    resolvable it is luck either way.
    """
    if hit is None:
        return False
    if hit.resolvable or told == "healed":
        return True
    return False if hit.hopeless else None


def _growth(change: Any, truth: TrueChange, told: Told) -> list[Growth]:
    if not truth.drawn or told != truth.kind:
        return []
    if told == "longer" and change.length_growth_px is not None:
        return [Growth(told, change.length_growth_px, change.length_growth_uncertainty_px, truth.length_px)]
    if told == "wider" and change.width_growth_px is not None:
        true = truth.width_after_px - truth.width_before_px
        return [Growth(told, change.width_growth_px, change.width_growth_uncertainty_px, true)]
    return []


def filled(outline: Iterable[NDArray[np.float64]], size: tuple[int, int]) -> Mask:
    """The pixels within polygons (n, 2), their borders included, (H, W) for a size (width, height)."""
    canvas = Image.new("1", size)
    draw = ImageDraw.Draw(canvas)
    for polygon in outline:
        points = [tuple(point) for point in (np.asarray(polygon) - 0.5).tolist()]
        if len(points) >= 3:
            draw.polygon(points, fill=1, outline=1)
        elif len(points) == 2:
            draw.line(points, fill=1)
    return np.asarray(canvas)


def same_place(said: Mask, true: Mask) -> bool:
    """Whether a share of either mask lies near the other."""
    if not said.any() or not true.any():
        return False
    near_true, near_said = (distance_transform_edt(~mask) <= _NEAR_PX for mask in (true, said))
    return bool(near_true[said].mean() >= _SHARE or near_said[true].mean() >= _SHARE)


def _true_overlap(pair: WallPair) -> float:
    return float(_checked(pair)[1].mean()) if pair.views is not None else 0.0


def _registration_error(pair: WallPair, registration: Any) -> tuple[float | None, float | None]:
    """RMS and 95th percentile over the true overlap; None where there is none."""
    if pair.views is None:
        return None, None
    points, shown = _checked(pair)
    if not shown.any():
        return None, None
    off = np.linalg.norm(registration.to_after(points[shown]) - pair.to_after(points[shown]), axis=1)
    return float(np.sqrt(np.mean(off**2))), float(np.quantile(off, 0.95))


def _checked(pair: WallPair) -> tuple[NDArray[np.float64], Mask]:
    """A grid over the before photo (n, 2), and which of it the after photo shows."""
    height, width = pair.before.shape[:2]
    x, y = np.meshgrid((np.arange(_GRID) + 0.5) * width / _GRID, (np.arange(_GRID) + 0.5) * height / _GRID)
    points = np.stack([x.ravel(), y.ravel()], 1)
    mapped = pair.to_after(points)
    size = np.array(pair.after.shape[1::-1])
    return points, np.all((mapped >= 0) & (mapped <= size), 1)
