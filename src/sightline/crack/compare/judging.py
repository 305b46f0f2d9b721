"""From what both photos show of a crack to what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.appearance import WINDOW
from sightline.crack.compare.compared import ChangeKind, Dimension, ReasonCode
from sightline.crack.compare.reasons import reason
from sightline.crack.compare.sighting import Lookup
from sightline.crack.compare.visibility import ABSENT, DOUBTFUL, VISIBLE

_ALL_SHARE = 0.7
"""Of what the other photo can tell about a crack, this much must be missing for all of it to be new, or healed: some of
it always meets a streak or a joint that was there."""

_JUDGED_SHARE = 0.3
"""Less of a crack judged than this says nothing about all of it."""

_SEEN_SHARE = 0.4
"""A crack is there as it was where so much of it is seen: texture looks like a third of a faint one by chance."""

_SURE_SHARE = 0.5
"""Of what could not be judged, so much must be missing beside it: else the doubt is larger than the growth."""

LEAST_STATIONS = 20
"""A missing stretch of fewer stations, the filter's own window, may be a gap in what the model saw."""

Stretch = tuple[Lookup, NDArray[np.intp]]
"""A run of stations of an instance of the after photo that the before photo would have shown and does not."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a crack along its length.

    Attributes:
        certainty: 0..1, of the kind alone.
        stretches: what is new of a crack that is `new` or `grown`.
        reason: why all of it, or a part, could not be judged.
    """

    kind: ChangeKind
    certainty: float
    stretches: tuple[Stretch, ...] = ()
    reason: tuple[ReasonCode, str] | None = None
    grown_in: tuple[Dimension, ...] = ()


def verdict(before: Sequence[Lookup], after: Sequence[Lookup], *, wider: bool) -> Verdict:
    """Judge one crack.

    Args:
        before: its instances in the before photo.
        after: its instances in the after photo; one of the two may be empty.
        wider: whether it was narrower before where both photos show it.
    """
    found = after or before
    missing, visible, total = (sum(parts) for parts in zip(*(_lengths(one) for one in found), strict=True))
    told = missing + visible
    unsure = None if told >= (1 - _JUDGED_SHARE) * total else reason(found, found_in="after" if after else "before")
    stretches = tuple((one, piece) for one in found for piece in _missing(one))
    both = bool(before and after)
    if stretches and not both and missing >= _ALL_SHARE * told and missing >= _JUDGED_SHARE * total:
        certainty = _certainty(found, ABSENT)
        return Verdict("new", certainty, stretches, unsure) if after else Verdict("healed", certainty, (), unsure)
    old = both or visible > (1 - _ALL_SHARE) * told
    if stretches and after and old and missing > _SURE_SHARE * (total - told):
        grown: tuple[Dimension, ...] = ("length", "width") if wider else ("length",)
        return Verdict("grown", _certainty([one for one, _ in stretches], ABSENT), stretches, unsure, grown)
    if wider and visible >= _SEEN_SHARE * total:
        return Verdict("grown", _certainty(found, VISIBLE), (), unsure, ("width",))
    if visible >= _SEEN_SHARE * total:
        return Verdict("unchanged", _certainty(found, VISIBLE), (), unsure)
    return Verdict("not_comparable", 1.0, (), unsure or reason(found, found_in="after" if after else "before"))


def _lengths(one: Lookup) -> tuple[float, float, float]:
    return one.of(ABSENT), one.of(VISIBLE), one.length()


def _missing(one: Lookup) -> list[NDArray[np.intp]]:
    """Runs of missing stations; a short doubt between them does not part them."""
    status = one.sight.status
    missing = [run[status[run] == ABSENT] for run in one.lines.pieces((status == ABSENT) | (status == DOUBTFUL))]
    pieces = [piece for run in missing for piece in np.split(run, np.flatnonzero(np.diff(run) > WINDOW) + 1)]
    return [np.arange(piece[0], piece[-1] + 1) for piece in pieces if len(piece) >= LEAST_STATIONS]


def _certainty(found: Sequence[Lookup], status: int) -> float:
    """How far the deciding stations lie beyond the noise: two standard deviations less than the rule asks are 0.5."""
    amplitude, noise = (
        np.concatenate([getattr(one.sight, name)[one.sight.status == status] for one in found])
        for name in ("amplitude", "noise")
    )
    sigmas = (1.0 - amplitude if status == ABSENT else amplitude).clip(0, 1) / noise
    return float(1 - np.exp(-np.median(sigmas) / 5))
