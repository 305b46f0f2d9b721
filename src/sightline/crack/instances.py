"""From a probability map to crack structures: connected pixels, with gaps bridged where the crack goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import diplib as dip
import numpy as np
from numpy.typing import NDArray

from sightline.crack.engine import Region
from sightline.crack.skeleton import FREE, Skeleton, skeletonize

SPECK_PX = 4
"""Components of fewer pixels are noise: they have no direction by which they could be bridged."""

LEAST_EXTENT_PX = 16.0
"""A structure with a shorter diagonal of its box, after bridging, cannot be told from a pore or a chip. Of hand-drawn
tight masks of concrete 8 % of all pieces are smaller, and hold under 0.1 % of the crack's area."""

DEVIATION_DEG = 35.0
"""Across a gap a crack goes on within this angle of its direction before the gap and after it."""

_BACK_PX = 12
"""The direction at an end is taken over this much of its skeleton: a few times the pixel staircase's period."""

_INSIDE = np.float32(0.5)
_OUTSIDE = np.nextafter(_INSIDE, np.float32(0))


@dataclass(frozen=True, slots=True)
class _Component:
    """Connected pixels: its number in the label image and its box as rows and columns [top, bottom), [left, right)."""

    label: int
    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class _End:
    """A free end of a component's skeleton: where it is, which way it points, how wide the crack is there."""

    label: int
    at: NDArray[np.float64]
    forth: NDArray[np.float64]
    radius: float


def group(probability: NDArray[np.float32], threshold: float, *, gap_px: float) -> list[Region]:
    """Cut a probability map into crack structures.

    Pixels that reach the threshold and touch, or have at most two other pixels between them, are one component. Two
    components are one structure if an end of the one points at the other across a gap: at an end that points back, or
    at its side. What stays small is dropped.

    A region's coverage is the probability with its odds divided by the threshold's odds, so that the threshold becomes
    0.5: a net's log-odds, not its probabilities, vary evenly between pixels, and an edge that is interpolated at 0.5
    then lies where the net put it. Around the structure's own pixels the crop keeps the map below 0.5.

    Args:
        probability: float32 (h, w) in 0..1.
        threshold: in 0..1, exclusive.
        gap_px: the widest gap that is bridged.
    """
    mask = probability >= threshold
    if np.hypot(*mask.shape) < LEAST_EXTENT_PX or not mask.any():
        return []
    labels = np.asarray(dip.Label(_grown(mask), connectivity=2))
    components = _components(mask, labels)
    structures = _merged(components, _links(components, mask, labels, gap_px))
    member_of = np.full(int(labels.max()) + 1, -1, np.int32)
    for number, members in enumerate(structures):
        member_of[[component.label for component in members]] = number
    found = []
    for number, members in enumerate(structures):
        window = _window(members, margin=0, shape=mask.shape)
        if np.hypot(*(part.stop - part.start for part in window)) >= LEAST_EXTENT_PX:
            window = _window(members, margin=1, shape=mask.shape)
            others = (labels[window] > 0) & (member_of[labels[window]] != number)
            coverage = _coverage(probability[window], mask[window], threshold)
            coverage[others] = 0
            found.append(Region(x=window[1].start, y=window[0].start, coverage=coverage))
    return found


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Every pixel with its eight neighbours, so that pixels with up to two others between them touch."""
    wide = mask.copy()
    wide[:, 1:] |= mask[:, :-1]
    wide[:, :-1] |= mask[:, 1:]
    grown = wide.copy()
    grown[1:] |= wide[:-1]
    grown[:-1] |= wide[1:]
    return grown


def _components(mask: NDArray[np.bool_], labels: NDArray[np.uint32]) -> list[_Component]:
    pixels = np.flatnonzero(mask)
    label = labels.ravel()[pixels]
    order = np.argsort(label, kind="stable")
    numbers, starts, counts = np.unique(label[order], return_index=True, return_counts=True)
    y, x = np.divmod(pixels[order], mask.shape[1])
    boxes = [
        numbers,
        np.minimum.reduceat(y, starts),
        np.maximum.reduceat(y, starts) + 1,
        np.minimum.reduceat(x, starts),
        np.maximum.reduceat(x, starts) + 1,
    ]
    return [_Component(*row) for row in np.stack(boxes, axis=1)[counts >= SPECK_PX].tolist()]


def _window(members: Sequence[_Component], *, margin: int, shape: tuple[int, ...]) -> tuple[slice, slice]:
    return (
        slice(max(0, min(c.top for c in members) - margin), min(shape[0], max(c.bottom for c in members) + margin)),
        slice(max(0, min(c.left for c in members) - margin), min(shape[1], max(c.right for c in members) + margin)),
    )


def _coverage(probability: NDArray[np.float32], mask: NDArray[np.bool_], threshold: float) -> NDArray[np.float32]:
    inside = probability * np.float32(1 - threshold)
    coverage = inside / (inside + (1 - probability) * np.float32(threshold))
    return np.where(mask, np.maximum(coverage, _INSIDE), np.minimum(coverage, _OUTSIDE))  # rounding moves no pixel


def _links(
    components: list[_Component], mask: NDArray[np.bool_], labels: NDArray[np.uint32], gap_px: float
) -> list[tuple[int, int]]:
    """Pairs of labels that belong together although they do not touch."""
    near = _with_neighbours(components, gap_px)
    if not near:
        return []
    window = _window(near, margin=1, shape=mask.shape)
    own = np.zeros(int(labels.max()) + 1, np.bool_)
    own[[component.label for component in near]] = True
    crop = np.pad(labels[window] * (mask[window] & own[labels[window]]), 1)
    radius = np.asarray(dip.EuclideanDistanceTransform(crop > 0, method="ties"))
    ends = _ends(skeletonize(crop > 0, radius), crop, radius)
    if not ends:
        return []
    return _facing(ends, gap_px) + _hitting(ends, crop, gap_px)


def _with_neighbours(components: list[_Component], gap_px: float) -> list[_Component]:
    """The components whose box is within the gap of another's: only they need their ends looked at."""
    boxes = np.array([[c.top, c.bottom, c.left, c.right] for c in components], np.float64).reshape(-1, 4)
    top, bottom, left, right = boxes.T
    apart_y = np.maximum(top[:, None] - bottom, top - bottom[:, None])
    apart_x = np.maximum(left[:, None] - right, left - right[:, None])
    near = np.maximum(apart_x, apart_y) < gap_px
    return [component for component, count in zip(components, near.sum(axis=1), strict=True) if count > 1]


def _ends(skeleton: Skeleton, labels: NDArray[np.uint32], radius: NDArray[np.float32]) -> list[_End]:
    ends = []
    for branch in skeleton.branches:
        for junction, outward in ((branch.start, branch.path[::-1]), (branch.end, branch.path)):
            x, y = outward[-1].astype(int)
            forth = outward[-1] - outward[max(0, len(outward) - 1 - _BACK_PX)]
            length = float(np.hypot(*forth))
            if junction == FREE and length > radius[y, x]:  # a shorter one is a blob, which points nowhere
                ends.append(_End(int(labels[y, x]), outward[-1], forth / length, float(radius[y, x])))
    return ends


def _facing(ends: list[_End], gap_px: float) -> list[tuple[int, int]]:
    """Pairs of ends that point at each other across the gap."""
    at, forth = np.stack([end.at for end in ends]), np.stack([end.forth for end in ends])
    label, radius = np.array([end.label for end in ends]), np.array([end.radius for end in ends])
    across = at - at[:, None]
    distance = np.maximum(np.hypot(across[..., 0], across[..., 1]), 1e-9)
    gap = distance - radius - radius[:, None] + 1
    ahead = np.einsum("ijk,ik->ij", across, forth) / distance >= np.cos(np.deg2rad(DEVIATION_DEG))
    joined = ahead & ahead.T & (gap <= gap_px) & (label != label[:, None])
    return [(int(label[i]), int(label[j])) for i, j in np.argwhere(np.triu(joined))]


def _hitting(ends: list[_End], labels: NDArray[np.uint32], gap_px: float) -> list[tuple[int, int]]:
    """Ends that run into another component when they are continued straight across the gap."""
    links = []
    steps = np.arange(1, int(gap_px) + 1)
    for end in ends:
        x, y = np.rint(end.at[:, None] + end.forth[:, None] * (end.radius - 1 + steps)).astype(int)
        inside = (x >= 0) & (y >= 0) & (x < labels.shape[1]) & (y < labels.shape[0])
        met = labels[y[inside], x[inside]]
        links += [(end.label, int(other)) for other in met[(met > 0) & (met != end.label)][:1]]
    return links


def _merged(components: list[_Component], links: list[tuple[int, int]]) -> list[list[_Component]]:
    """The components in groups: two are in one group if a chain of links joins them."""
    group_of = {component.label: [component] for component in components}
    for one, other in links:
        if group_of[one] is not group_of[other]:
            group_of[one] += group_of[other]
            for component in group_of[other]:
                group_of[component.label] = group_of[one]
    return list({id(members): members for members in group_of.values()}.values())
