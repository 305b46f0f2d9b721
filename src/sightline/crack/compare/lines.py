"""The centre lines of a crack as evenly spaced stations in the photo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.field import Field
from sightline.crack.report import CrackInstance
from sightline.crack.shape import LEVEL

Points = NDArray[np.float64]

_PAD_PX = 2
"""Room around the coverage, so that neighbours never leave the array."""

_STATIONS_PER_WIDTH = 6
"""A wide crack needs no finer look than this, and a finer one would cost time."""

_TURN_STATIONS = 4
"""Directions are taken over so many stations to either side: shorter ones follow the pixels' staircase."""


_MEET_STEPS = 3
"""Branches that meet at a junction begin half a step from it, and centring moves them a little further."""


_END_STATIONS = 12
"""The direction of an end is taken over so many: fewer follow the crack's own zigzag."""


@dataclass(frozen=True, slots=True, eq=False)
class CrackLines:
    """Stations along all branches of one crack, or of several joined.

    Attributes:
        points: (n, 2) x, y in the photo's pixels.
        normals: (n, 2) unit vectors across the crack.
        widths: (n,) how wide the model saw it there, in pixels.
        branch: (n,) which branch each station is on; a branch's stations lie one after the other.
        weights: (n,) the length of crack that each station stands for, in pixels.
        step: about the distance between two stations, in pixels.
    """

    points: Points
    normals: Points
    widths: NDArray[np.float64]
    branch: NDArray[np.intp]
    weights: NDArray[np.float64]
    step: float

    def __len__(self) -> int:
        return len(self.points)

    @property
    def length(self) -> float:
        """All stations together, in pixels."""
        return float(self.weights.sum())

    def free_ends(self) -> list[tuple[int, int]]:
        """Where branches end that no other branch meets there: the station's index and the step to the next inwards."""
        turns = (np.flatnonzero(np.diff(self.branch)) + 1).tolist()
        found = []
        for first, last in zip([0, *turns], [*(turn - 1 for turn in turns), len(self) - 1], strict=True):
            others = self.points[self.branch != self.branch[first]]
            for end, inwards in ((first, 1), (last, -1)):
                apart = np.hypot(*(others - self.points[end]).T)
                if first < last and (apart > _MEET_STEPS * self.step).all():
                    found.append((end, inwards))
        return found

    def back(self, end: int, inwards: int, count: int) -> NDArray[np.intp]:
        """The stations from a free end inwards on its own branch, so many at most."""
        index = end + inwards * np.arange(count)
        index = index[(index >= 0) & (index < len(self))]
        return np.asarray(index[self.branch[index] == self.branch[end]])

    def onwards(self, end: int, inwards: int) -> NDArray[np.float64]:
        """The unit vector by which the crack would go on from a free end, (2,)."""
        across = self.points[end] - self.points[self.back(end, inwards, _END_STATIONS)[-1]]
        return np.asarray(across / max(float(np.hypot(*across)), 1e-9))

    def pieces(self, chosen: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
        """Runs of chosen stations that follow each other on one branch, as indices."""
        index = np.flatnonzero(chosen)
        if not len(index):
            return []
        apart = (np.diff(index) > 1) | (np.diff(self.branch[index]) != 0)
        return np.split(index, np.flatnonzero(apart) + 1)


def crack_lines(instance: CrackInstance) -> CrackLines:
    """The stations of one instance, about as far apart as the pixels that the model looked at; more on a wide crack."""
    scale = np.array(instance.scale)
    mean_scale = float(np.sqrt(scale.prod()))
    step = max(1.0, mean_scale, instance.mean_width_px / _STATIONS_PER_WIDTH)
    field = Field.of(np.pad(instance.region.coverage, _PAD_PX), LEVEL)
    corner = np.array([instance.region.x, instance.region.y]) - _PAD_PX + 0.5
    parts = []
    for number, line in enumerate(instance.centre_lines):
        points, weight = _evenly(line.points, step)
        widths = 2 * field.radius_at(points / scale - corner) * mean_scale
        parts.append((points, _normals(points), widths, np.full(len(points), number), np.full(len(points), weight)))
    points, normals, widths, branch_of, weights = (np.concatenate(part) for part in zip(*parts, strict=True))
    return CrackLines(points, normals, np.maximum(widths, step), branch_of, weights, step)


def _evenly(line: Points, step: float) -> tuple[Points, float]:
    """Points about every `step` along a line, the first and last half of that from its ends; and how far apart."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    count = max(1, round(along[-1] / step))
    at = (np.arange(count) + 0.5) * along[-1] / count
    return np.stack([np.interp(at, along, line[:, axis]) for axis in (0, 1)], axis=1), float(along[-1] / count)


def _normals(points: Points) -> Points:
    if len(points) < 2:
        return np.tile([0.0, 1.0], (len(points), 1))
    reach = min(_TURN_STATIONS, len(points) - 1)
    index = np.arange(len(points))
    tangents = points[np.minimum(index + reach, len(points) - 1)] - points[np.maximum(index - reach, 0)]
    tangents /= np.maximum(np.hypot(*tangents.T), 1e-9)[:, None]
    normals: Points = tangents[:, ::-1] * [-1, 1]
    return normals
