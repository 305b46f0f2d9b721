"""Cracks drawn onto a wall: a natural line of exact width, and how it darkens what is there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, shift
from scipy.spatial import cKDTree

Points = NDArray[np.float64]
Plane = NDArray[np.float32]

_STEP = 2.0  # px between a line's points


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A crack's centre line: points (n, 2) in order, 2 px apart, and its full width at each, (n,)."""

    points: Points
    widths: NDArray[np.float64]

    @property
    def segments(self) -> Points:
        """(n - 1, 2, 2): from each point to the next."""
        return np.stack([self.points[:-1], self.points[1:]], 1)

    @property
    def segment_widths(self) -> NDArray[np.float64]:
        return np.asarray((self.widths[:-1] + self.widths[1:]) / 2)

    def part(self, first: int, last: int, taper: int = 0) -> Line:
        """The points first..last - 1; the last `taper` of them run out to a third of their width."""
        widths = self.widths[first:last].copy()
        if taper:
            widths[-taper:] *= np.linspace(1, 0.33, min(taper, len(widths)))
        return Line(self.points[first:last], widths)

    def wider(self, factor: float) -> Line:
        return replace(self, widths=self.widths * factor)


def natural_line(rng: np.random.Generator, centre: Points, length: float, width: float) -> Line:
    """A crack of about that length and mean width: its heading drifts and kinks on several scales, its width too."""
    count = max(12, int(length / _STEP))
    wildness = rng.uniform(0.4, 1.5)
    drift = np.cumsum(rng.normal(0, 0.035 * wildness, count))
    drift -= np.linspace(0, drift[-1], count) * rng.uniform(0, 1)
    kinks = _knots(rng, count, (5, 14, 35), 0.4 * wildness)
    angles = rng.uniform(0, 2 * np.pi) + drift + kinks
    points = np.cumsum(_STEP * np.stack([np.cos(angles), np.sin(angles)], 1), 0)
    profile = np.exp(_knots(rng, count, (3, 12, 40), 0.16))
    ends = np.minimum(np.arange(count), np.arange(count)[::-1]) / (0.12 * count)
    profile = np.clip(profile, 0.5, 1.8) * np.clip(ends + 0.35, 0.35, 1)
    return Line(points - points[count // 2] + centre, width * profile / profile.mean())


def twigs(rng: np.random.Generator, line: Line, first: int, last: int) -> list[Line]:
    """None to two thinner branches that leave the line between the points first and last."""
    found = []
    for _ in range(int(rng.choice([0, 1, 2], p=[0.6, 0.25, 0.15]))):
        if last - first < 40:
            break
        at = int(rng.integers(first + 10, last - 10))
        length = _STEP * (last - first) * rng.uniform(0.12, 0.3)
        twig = natural_line(rng, np.zeros(2), length, 1.0)
        points = twig.points - twig.points[0] + line.points[at]
        taper = np.linspace(0.8, 0.25, len(points)) * rng.uniform(0.6, 1)
        found.append(Line(points, twig.widths * taper * line.widths[at]))
    return found


def _knots(rng: np.random.Generator, count: int, scales: tuple[int, ...], strength: float) -> NDArray[np.float64]:
    """Noise on several scales, (count,)."""
    total = np.zeros(count)
    for scale in scales:
        total += np.interp(
            np.arange(count) / scale, np.arange(count // scale + 2), rng.normal(0, strength, count // scale + 2)
        )
    return total


def coverage(shape: tuple[int, int], lines: list[Line]) -> Plane:
    """How much of each pixel the lines cover, (H, W), exact to a few hundredths of a pixel in width."""
    dense = [_dense(line) for line in lines]
    points, widths = np.concatenate([p for p, _ in dense]), np.concatenate([w for _, w in dense])
    alpha = np.zeros(shape, np.float32)
    reach = int(np.ceil(widths.max() / 2 + 2))
    near = np.zeros(shape, np.bool_)
    columns, rows = np.floor(points).astype(int).T
    held = (columns >= 0) & (columns < shape[1]) & (rows >= 0) & (rows < shape[0])
    near[rows[held], columns[held]] = True
    near = _grown(near, reach)
    where = np.argwhere(near)
    if len(where):
        distance, index = cKDTree(points).query(where[:, ::-1] + 0.5)
        alpha[near] = _box_share(distance, widths[index])
    return alpha


def _box_share(distance: NDArray[np.float64], width: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of a unit pixel, `distance` from a straight line's middle, that the line covers."""
    return np.asarray(np.clip(np.minimum(distance + 0.5, width / 2) - np.maximum(distance - 0.5, -width / 2), 0, 1))


def _dense(line: Line) -> tuple[Points, NDArray[np.float64]]:
    at = np.arange(0, len(line.points) - 1, 0.125)
    index = np.arange(len(line.points))
    points = np.stack([np.interp(at, index, line.points[:, k]) for k in (0, 1)], 1)
    return points, np.interp(at, index, line.widths)


def _grown(mask: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    """The square neighbourhood of a mask."""
    for axis in (0, 1):
        wide = mask.copy()
        for step in range(1, reach + 1):
            wide |= np.roll(mask, step, axis) | np.roll(mask, -step, axis)
        mask = wide
    return mask


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How a crack looks: `depth` of its dark (H, W), the tint of its floor, a light lip at `lip_shift`, dirt around."""

    depth: Plane
    tint: NDArray[np.float32]
    lip: float
    lip_shift: tuple[float, float]
    dirt: float
    softness: float


def draw_look(rng: np.random.Generator, shape: tuple[int, int]) -> Look:
    """Depths from 0.2 to 0.8: the masked cracks of `train/concrete`, blur included, have 0.14 to 0.66 (10th, 90th)."""
    coarse = rng.normal(0, 1, (shape[0] // 40 + 2, shape[1] // 40 + 2)).astype(np.float32)
    waves = np.kron(coarse, np.ones((40, 40), np.float32))[: shape[0], : shape[1]]
    depth = np.exp(rng.uniform(np.log(0.2), np.log(0.8))) * (1 + 0.12 * gaussian_filter(waves, 20))
    return Look(
        depth=np.clip(depth, 0.15, 0.92).astype(np.float32),
        tint=rng.normal(1, 0.04, 3).astype(np.float32),
        lip=float(rng.uniform(5, 35) if rng.random() < 0.35 else 0),
        lip_shift=tuple(rng.uniform(-2.5, 2.5, 2)),
        dirt=float(rng.uniform(0.03, 0.15) if rng.random() < 0.25 else 0),
        softness=float(rng.uniform(0.4, 0.8)),
    )


def paint(wall: Plane, alpha: Plane, look: Look) -> Plane:
    """The wall (H, W, 3) with a crack of that coverage."""
    rows, columns = np.nonzero(alpha > 0)
    if not len(rows):
        return wall
    margin = 24
    part = (
        slice(max(0, rows.min() - margin), rows.max() + margin + 1),
        slice(max(0, columns.min() - margin), columns.max() + margin + 1),
    )
    painted = wall.copy()
    picture, cover = wall[part], alpha[part]
    floor = gaussian_filter(picture, (4, 4, 0)) * (1 - look.depth[part])[..., None] * look.tint
    if look.lip:
        lip = np.clip(shift(cover, look.lip_shift, order=1) - cover, 0, 1)
        picture = picture + (look.lip * lip)[..., None]
    if look.dirt:
        picture = picture * (1 - look.dirt * gaussian_filter(cover, 5))[..., None]
    soft = gaussian_filter(cover, look.softness)[..., None]
    painted[part] = np.clip(picture * (1 - soft) + floor * soft, 0, 255)
    return painted
