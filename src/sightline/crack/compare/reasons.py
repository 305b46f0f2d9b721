"""Why a crack could not be judged, in a code and a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.appearance import MOST_LIGHT
from sightline.crack.compare.compared import ReasonCode
from sightline.crack.compare.sighting import Lookup
from sightline.crack.compare.visibility import DOUBTFUL, OUTSIDE
from sightline.crack.quality import LEAST_MEDIAN

_ROUGHER = 8.0
"""Times as rough as in the other photo: then it is not the wall that is seen there."""

_LEAST_WIDTH_PX = 1.0
"""A crack that is projected to less than a pixel pales with every pixel that it shares."""

_SENTENCES: dict[ReasonCode, str] = {
    "outside_overlap": "The {other} photo does not show this part of the wall.",
    "too_coarse": "The {other} photo was taken from too far away, or is too small, to show a crack this fine.",
    "too_blurred": "The {other} photo is too blurred here to show a crack this fine.",
    "too_dark": "The {other} photo is too dark here to show a crack this fine.",
    "too_bright": "The {other} photo is too bright here to show a crack this fine.",
    "too_noisy": "Grain or texture of the wall would hide a crack this faint in the {other} photo.",
    "hidden": "Something else is seen at this place in the {other} photo.",
    "not_a_line": "In the {own} photo it is not a clear dark line: it may be a shadow or its edge.",
    "partly_seen": "The {other} photo shows only a part of it clearly.",
}


def reason(lookups: Sequence[Lookup], *, found_in: str) -> tuple[ReasonCode, str]:
    """The reason that holds for most of what could not be judged.

    Args:
        lookups: the instances of one crack in one photo.
        found_in: that photo, "before" or "after".
    """
    lengths: dict[ReasonCode, float] = {}
    for one in lookups:
        for code, chosen in _chosen(one):
            lengths[code] = lengths.get(code, 0.0) + one.length(chosen)
    code = max(lengths, key=lambda each: lengths[each]) if any(lengths.values()) else "partly_seen"
    other = "after" if found_in == "before" else "before"
    return code, _SENTENCES[code].format(own=found_in, other=other)


def _chosen(one: Lookup) -> list[tuple[ReasonCode, NDArray[np.bool_]]]:
    """Each station that could not be judged under the first reason that holds for it."""
    sight = one.sight
    doubtful = sight.status == DOUBTFUL
    rules: list[tuple[ReasonCode, NDArray[np.bool_]]] = [
        ("outside_overlap", sight.status == OUTSIDE),
        ("not_a_line", doubtful & one.unclear),
        ("too_dark", doubtful & (sight.light < LEAST_MEDIAN)),
        ("too_bright", doubtful & (sight.light > MOST_LIGHT)),
        ("hidden", doubtful & (sight.roughness > _ROUGHER)),
        ("too_coarse", doubtful & (one.lines.widths * one.other_scale < _LEAST_WIDTH_PX)),
        ("too_blurred", doubtful & (one.blur_px > one.lines.widths)),
        ("too_noisy", doubtful),
    ]
    taken = np.zeros(len(doubtful), np.bool_)
    found = []
    for code, holds in rules:
        found.append((code, holds & ~taken))
        taken |= holds
    return found
