"""A change of a wall as two photos of it have it: its masks, its sizes, and whether it can be told from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pair_edits import ChangeKind, Edit
from pair_light import Shot
from pair_truth import Look, Sight, projected_widths
from pair_views import Points, View, grey, sample

Photo = NDArray[np.uint8]

_COVERED = 0.3  # a photo's pixel belongs to a crack that covers this much of it: thin ones never cover a half


@dataclass(frozen=True, slots=True, eq=False)
class TrueChange:
    """One change between two photos; every length and width is in pixels of the AFTER photo.

    Attributes:
        mask_before, mask_after: what changed, in either photo (H, W): of `longer` the added end; else the crack.
        crack_before, crack_after: the whole crack, or where it would be.
        length_px: of what changed, inside the after photo.
        width_before_px, width_after_px: mean projected, without the tapering ends; of a `new` or `healed` crack both
            are the width that it has while it is there.
        before, after: how well either photo shows it, or would show it.
        resolvable: whether it can be told from the photos, by the rule in `pair_truth` and `_resolvable`.
        drawn: whether widths and lengths are exact (else they come from a hand-made mask).
    """

    kind: ChangeKind
    mask_before: NDArray[np.bool_]
    mask_after: NDArray[np.bool_]
    crack_before: NDArray[np.bool_]
    crack_after: NDArray[np.bool_]
    length_px: float
    width_before_px: float
    width_after_px: float
    before: Sight
    after: Sight
    resolvable: bool
    drawn: bool

    @property
    def hopeless(self) -> bool:
        """Whether the before photo could certainly not have shown it: then `new` and `grown` are wrong answers."""
        return self.before.hopeless


def true_change(
    edit: Edit,
    views: tuple[View, View],
    shots: tuple[Shot, Shot],
    grids: tuple[Points, Points],
    taken: tuple[Photo, Photo],
) -> TrueChange:
    """What is true of an edit in two photos: their views, shots, grids and pixels, each (before, after)."""
    sights: list[Sight] = []
    stems: list[Sight] = []
    for side in (0, 1):
        layers = grey(edit.bare), grey(edit.full[side]), grey((edit.before, edit.after)[side])
        lines = np.concatenate([edit.segments, edit.stem])
        look = Look(views[side], shots[side], grids[side], taken[side], layers, lines)
        sights.append(look.at(edit.segments, edit.widths[side]))
        if len(edit.stem):
            stems.append(look.at(edit.stem, np.full(len(edit.stem), float(edit.widths[0].mean()))))

    def mask(layer: NDArray[np.float32], side: int) -> NDArray[np.bool_]:
        return np.asarray(sample(layer, views[side].scale, grids[side]) >= _COVERED)

    widths = [_mean_width(views[1], edit.segments, each) for each in edit.widths]
    overlap = _share_in_both(views, edit.segments)
    return TrueChange(
        edit.kind,
        mask_before=mask(edit.part, 0),
        mask_after=mask(edit.part, 1),
        crack_before=mask(edit.whole, 0),
        crack_after=mask(edit.whole, 1),
        length_px=sights[1].length_px * edit.length_factor,
        width_before_px=widths[0],
        width_after_px=widths[1],
        before=sights[0],
        after=sights[1],
        resolvable=overlap >= 0.6 and _resolvable(edit, sights, stems, widths, views),
        drawn=edit.drawn,
    )


def _resolvable(
    edit: Edit, sights: list[Sight], stems: list[Sight], widths: list[float], views: tuple[View, View]
) -> bool:
    """Both photos show (or would show) the crack clearly; its old part too; a gain in width is a pixel of the coarser.

    Half of an old part may lie outside: who sees the rest of it and the new end can still tell that it grew.
    """
    if not all(sight.clear for sight in (*sights, *stems)):
        return False
    if any(stem.inside < 0.5 for stem in stems):
        return False
    coarser = min(1.0, views[0].scale / views[1].scale)
    return edit.kind != "wider" or (widths[1] - widths[0]) * coarser >= 1.0


def _mean_width(view: View, segments: Points, widths: NDArray[np.float64]) -> float:
    """Over the middle three quarters of the line: its ends taper until they cannot be measured."""
    middle = slice(len(segments) // 8, len(segments) - len(segments) // 8)
    segments, widths = segments[middle], widths[middle]
    held = view.inside(view.to_view(segments.mean(1)))
    projected = projected_widths(view, segments, widths)
    return float(projected[held].mean() if held.any() else projected.mean())


def _share_in_both(views: tuple[View, View], segments: Points) -> float:
    middles = segments.mean(1)
    return float(np.mean(views[0].inside(views[0].to_view(middles), 4) & views[1].inside(views[1].to_view(middles), 4)))
