"""The skeleton of a crack as a graph: branches between junctions and free ends, without the spurs of a rough edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.thinning import thin

FREE = -1
"""A branch's end that meets no junction."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One unbranched stretch of the skeleton.

    Attributes:
        path: (n, 2) x, y of neighbouring pixels; a junction at an end is there as the centre of its pixels.
        start, end: the junction at either end, as an index into `Skeleton.junction_radius`, or `FREE`.
        closed: a ring that meets no junction; its first pixel is repeated as its last.
    """

    path: NDArray[np.float64]
    start: int
    end: int
    closed: bool = False

    @property
    def length_px(self) -> float:
        """Length pixel by pixel: 1 to a side, sqrt 2 to a corner. Good for comparing, too long for reporting."""
        return float(np.hypot(*np.diff(self.path, axis=0).T).sum())


@dataclass(frozen=True, slots=True)
class Skeleton:
    """All branches, with the distance to the edge at each junction."""

    branches: list[Branch]
    junction_radius: list[float]

    @property
    def branch_count(self) -> int:
        """How many branches one sees: bridges inside a crossing and gaps in a line are not counted.

        Thinning turns a crossing of two lines into two junctions so near that the circles inscribed there overlap, and
        a line that was bridged over a gap is one branch to the eye, not two.
        """
        bridges = sum(self._is_bridge(branch) for branch in self.branches)
        return max(1, len(self.branches) - bridges - (self._piece_count() - 1))

    def _is_bridge(self, branch: Branch) -> bool:
        if FREE in (branch.start, branch.end) or branch.start == branch.end:
            return False
        return branch.length_px < self.junction_radius[branch.start] + self.junction_radius[branch.end]

    def _piece_count(self) -> int:
        parent = list(range(len(self.junction_radius)))
        free = 0
        for branch in self.branches:
            if branch.start == FREE:  # an end that is free lies at the start only if both are
                free += 1
            elif branch.end != FREE:
                parent[_root(parent, branch.start)] = _root(parent, branch.end)
        return free + sum(i == p for i, p in enumerate(parent))


def skeletonize(mask: NDArray[np.bool_], radius: NDArray[np.float32]) -> Skeleton:
    """Thin a mask to its centre lines and read them as a graph.

    A spur is pruned where it sticks out of the crack's edge by less than half of the crack's width there and a pixel:
    that is roughness of the edge (or the corner of a square end), not a crack that branches off.

    Args:
        mask: (h, w), clear along its border.
        radius: (h, w) distance of each pixel to the nearest one outside.
    """
    pixels = np.flatnonzero(thin(mask))
    while True:
        skeleton, members = _trace(pixels, radius)
        spurs = [
            rank
            for branch, ranks in zip(skeleton.branches, members, strict=True)
            if _is_spur(branch, skeleton.junction_radius)
            for rank in ranks
        ]
        if not spurs:
            return skeleton
        pixels = np.delete(pixels, spurs)


def _is_spur(branch: Branch, junction_radius: list[float]) -> bool:
    if branch.start == FREE or branch.closed:
        return False
    radius = junction_radius[branch.start]
    if branch.end == FREE:
        return branch.length_px < 2 * radius + 1
    return branch.start == branch.end and branch.length_px < 4 * radius  # out and back


def _trace(pixels: NDArray[np.intp], radius: NDArray[np.float32]) -> tuple[Skeleton, list[list[int]]]:
    """Read skeleton pixels (flat, sorted) as a graph; also which of `pixels` lie on each branch, junctions left out."""
    links = _links(pixels, radius.shape)
    junction_of, count = _junctions(links)
    y, x = np.divmod(pixels, radius.shape[1])
    xy = np.stack([x, y], axis=1).astype(np.float64)
    label = np.array(junction_of, dtype=np.intp)
    centres = [xy[label == j].mean(axis=0) for j in range(count)]
    junction_radius = [float(radius.flat[pixels[label == j]].max()) for j in range(count)]

    branches, members = [], []
    for ranks in _walks(links, junction_of):
        path = xy[ranks]
        start, end = junction_of[ranks[0]], junction_of[ranks[-1]]
        if start == FREE and end != FREE:
            ranks, path, start, end = ranks[::-1], path[::-1], end, start
        for side, junction in ((0, start), (-1, end)):
            if junction != FREE:
                path[side] = centres[junction]
        closed = len(ranks) > 2 and ranks[0] == ranks[-1] and start == FREE
        branches.append(Branch(path, start, end, closed))
        members.append([rank for rank in ranks if junction_of[rank] == FREE])
    return Skeleton(branches, junction_radius), members


def _links(pixels: NDArray[np.intp], shape: tuple[int, ...]) -> list[list[int]]:
    """For each pixel the ranks of its neighbours; a diagonal step counts only where no side step leads there."""
    width = shape[1]
    rank = np.full(shape[0] * width, -1, np.int32)
    rank[pixels] = np.arange(len(pixels))
    east, west, south, north = (rank[pixels + step] for step in (1, -1, width, -width))
    found = [east, west, south, north]
    for down, across, step in (
        (south, east, width + 1),
        (south, west, width - 1),
        (north, east, 1 - width),
        (north, west, -width - 1),
    ):
        found.append(np.where((down < 0) & (across < 0), rank[pixels + step], -1))
    return [[neighbour for neighbour in row if neighbour >= 0] for row in np.stack(found, axis=1).tolist()]


def _junctions(links: list[list[int]]) -> tuple[list[int], int]:
    """Number the clusters of touching pixels with three or more neighbours; `FREE` for every other pixel."""
    junction_of = [FREE] * len(links)
    count = 0
    for seed, neighbours in enumerate(links):
        if len(neighbours) < 3 or junction_of[seed] != FREE:
            continue
        junction_of[seed], front = count, [seed]
        while front:
            for near in links[front.pop()]:
                if len(links[near]) >= 3 and junction_of[near] == FREE:
                    junction_of[near] = count
                    front.append(near)
        count += 1
    return junction_of, count


def _walks(links: list[list[int]], junction_of: list[int]) -> list[list[int]]:
    """Every stretch between two nodes (junctions, free ends, lone pixels), then the rings that hold no node."""
    walks: list[list[int]] = []
    walked: set[tuple[int, int]] = set()
    seen = [False] * len(links)

    def walk(start: int, first: int) -> None:
        path = [start, first]
        before, here = start, first
        while len(links[here]) == 2 and here != start:
            one, other = links[here]
            before, here = here, other if one == before else one
            path.append(here)
        walked.update(((start, first), (here, before)))
        for rank in path:
            seen[rank] = True
        walks.append(path)

    for node, neighbours in enumerate(links):
        if not neighbours:
            walks.append([node])
        if len(neighbours) == 2:
            continue
        for first in neighbours:
            within = junction_of[node] != FREE and junction_of[first] == junction_of[node]
            if not within and (node, first) not in walked:
                walk(node, first)
    for pixel, neighbours in enumerate(links):
        if len(neighbours) == 2 and not seen[pixel]:
            walk(pixel, neighbours[0])
    return walks


def _root(parent: list[int], item: int) -> int:
    while parent[item] != item:
        item = parent[item]
    return item
