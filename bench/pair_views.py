"""A camera before a flat wall: where a point of the wall lands in the photo, and the photo itself without its light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates

Points = NDArray[np.float64]

_OUTSIDE = 0.08  # how far a view may look past the wall's edge, as a share of the wall; it is mirrored there


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A photo's geometry.

    Attributes:
        size: width and height in pixels.
        homography: wall pixels to photo pixels before the lens, (3, 3).
        distortion: the lens moves a point at r half-diagonals from the centre to r * (1 + distortion * r ** 2).
        scale: photo pixels per wall pixel where the camera looks.
        tilt_deg: between the camera's axis and the wall's normal.
    """

    size: tuple[int, int]
    homography: NDArray[np.float64]
    distortion: float
    scale: float
    tilt_deg: float

    def to_view(self, points: Points) -> Points:
        """Wall pixels to photo pixels, (n, 2)."""
        plain = apply_homography(self.homography, points) - self._centre
        squared = self._squared(plain)
        if self.distortion < 0:  # far outside the photo the polynomial would turn back into it
            squared = np.minimum(squared, -1 / (3 * self.distortion))
        return np.asarray(self._centre + plain * (1 + self.distortion * squared), np.float64)

    def to_wall(self, points: Points) -> Points:
        """Photo pixels to wall pixels, (n, 2)."""
        bent = np.asarray(points - self._centre, np.float64)
        plain = bent
        if self.distortion:
            for _ in range(8):  # a fixed point: each round gains more than a digit for |distortion| <= 0.08
                squared = self._squared(plain)
                plain = bent / (1 + self.distortion * squared)
        return apply_homography(np.asarray(np.linalg.inv(self.homography)), plain + self._centre)

    def inside(self, points: Points, margin: float = 0.0) -> NDArray[np.bool_]:
        """Which photo points lie in the photo, at least `margin` pixels from its edge."""
        return np.asarray(np.all((points >= margin) & (points <= np.array(self.size) - margin), 1))

    def grid(self) -> Points:
        """The wall pixel under each photo pixel's centre, (height, width, 2)."""
        rows, columns = np.mgrid[0 : self.size[1], 0 : self.size[0]]
        places = self.to_wall(np.stack([columns.ravel() + 0.5, rows.ravel() + 0.5], 1))
        return places.reshape(*rows.shape, 2)

    def _squared(self, plain: Points) -> Points:
        """The square of the distance from the centre, half a diagonal being 1, (n, 1)."""
        return np.asarray((plain[:, :1] ** 2 + plain[:, 1:] ** 2) / self._radius**2)

    @property
    def _centre(self) -> Points:
        return np.array(self.size, np.float64) / 2

    @property
    def _radius(self) -> float:
        return float(np.hypot(*self.size) / 2)


def apply_homography(homography: NDArray[np.float64], points: Points) -> Points:
    mapped = points @ homography[:, :2].T + homography[:, 2]
    return np.asarray(mapped[:, :2] / mapped[:, 2:])


def grey(colours: NDArray[np.float32] | NDArray[np.uint8]) -> NDArray[np.float32]:
    """The mean of the three colours, (H, W); a product is twenty times as fast as a mean over a short axis."""
    return np.asarray(colours.astype(np.float32, copy=False) @ np.full(3, 1 / 3, np.float32))


def sample(layer: NDArray[np.float32], scale: float, grid: Points) -> NDArray[np.float32]:
    """What a view shows of a layer of the wall, mirrored at the wall's edges.

    Args:
        layer: (H, W) or (H, W, channels).
        scale: the view's.
        grid: the view's, or a part of it, (h, w, 2).
    """
    sigma = 0.5 * np.sqrt(max(0.0, 1 / scale**2 - 1))  # what a smaller picture cannot hold would show as moire
    where = grid[..., ::-1] - 0.5
    least, most = ([float(pick(where[..., k])) for k in (0, 1)] for pick in (np.min, np.max))
    low = np.clip(np.floor(np.array(least) - 5 * sigma - 2).astype(int), 0, None)
    high = np.ceil(np.array(most) + 5 * sigma + 3).astype(int)
    if min(least) < 0 or any(edge > size - 1 for edge, size in zip(most, layer.shape, strict=False)):
        low, high = np.zeros(2, int), np.array(layer.shape[:2])  # a mirrored part may lie anywhere
    seen = layer[low[0] : high[0], low[1] : high[1]]
    if sigma:
        seen = gaussian_filter(seen, (sigma, sigma, 0)[: seen.ndim])
    places = tuple(np.moveaxis(where - low, -1, 0))
    if layer.ndim == 2:
        return np.asarray(map_coordinates(seen, places, np.float32, 1, mode="mirror"))
    planes = [map_coordinates(seen[..., c], places, np.float32, 1, mode="mirror") for c in range(layer.shape[2])]
    return np.stack(planes, -1)


def draw_view(
    rng: np.random.Generator,
    wall: tuple[int, int],
    focus: Points,
    *,
    sides: tuple[int, int] | None = None,
    shares: tuple[float, float] = (0.38, 1.0),
) -> View:
    """A view of a wall of (width, height) pixels that has `focus` in it and hardly looks past the wall.

    Its longer side is one of `sides` (else 900 to 1400 px, and in one of eight 420 to 700 px, as a messenger's copy
    is). It shows one of `shares` of the wall across, tilted by 12 degrees and more (40 at most), rolled by a few
    degrees and at times by 30, or held sideways; a wide lens in one of three.
    """
    if sides is None:
        sides = (420, 700) if rng.random() < 0.12 else (900, 1400)
    long = int(rng.integers(*sides))
    size = (long, 3 * long // 4) if rng.random() < 0.6 else (3 * long // 4, long)
    share = float(np.exp(rng.uniform(np.log(shares[0]), np.log(shares[1]))))
    tilt = float(np.clip(abs(rng.normal(0, 14)), 0, 40))
    roll = float(rng.normal(0, 5) if rng.random() < 0.7 else rng.uniform(-30, 30)) + 90 * (rng.random() < 0.06)
    towards, focal = rng.uniform(0, 2 * np.pi), rng.uniform(0.75, 1.1) * long
    offset = rng.uniform(-0.25, 0.25, 2)
    distortion = float(rng.uniform(-0.05, 0.03)) if rng.random() < 0.33 else 0.0
    for _ in range(40):
        scale = min(size[0] / (share * wall[0]), size[1] / (share * wall[1]))
        centre = focus + offset * np.array(size) / scale
        half = np.minimum(np.array(size) / scale, wall) / 2
        centre = np.clip(centre, half, np.array(wall) - half)
        view = View(size, _pinhole(size, focal, scale, centre, (tilt, towards, roll)), distortion, scale, tilt)
        if _on_wall(view, wall):
            return view
        share, tilt = share * 0.96, tilt * 0.96
    return view


def draw_views(
    rng: np.random.Generator, wall: tuple[int, int], focus: Points, *, coarse_first: bool = False
) -> tuple[View, View]:
    """Two of them whose scales differ by 2.5 at most; the first may be asked to be small and from afar."""
    while True:
        if coarse_first:
            first = draw_view(rng, wall, focus, sides=(480, 620), shares=(0.8, 1.0))
            views = first, draw_view(rng, wall, focus, sides=(1200, 1400), shares=(0.6, 0.8))
        else:
            views = draw_view(rng, wall, focus), draw_view(rng, wall, focus)
        if 0.4 <= views[1].scale / views[0].scale <= 2.5:
            return views


def _on_wall(view: View, wall: tuple[int, int]) -> bool:
    width, height = view.size
    corners = view.to_wall(np.array([[0.0, 0], [width, 0], [width, height], [0, height]]))
    slack = _OUTSIDE * np.array(wall)
    return bool(np.all((corners >= -slack) & (corners <= np.array(wall) + slack)))


def _pinhole(
    size: tuple[int, int], focal: float, scale: float, centre: Points, angles: tuple[float, float, float]
) -> NDArray[np.float64]:
    """The homography of a camera that looks at `centre`, tilted by angles[0] towards angles[1], rolled by angles[2]."""
    tilt, towards, roll = np.deg2rad(angles[0]), angles[1], np.deg2rad(angles[2])
    axis = np.array([np.cos(towards), np.sin(towards), 0.0])
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    tilted = np.eye(3) + np.sin(tilt) * cross + (1 - np.cos(tilt)) * cross @ cross  # Rodrigues' formula
    rolled = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    rotation = rolled @ tilted
    pose = np.column_stack([rotation[:, 0], rotation[:, 1], [0, 0, focal / scale]])
    camera = np.array([[focal, 0, size[0] / 2], [0, focal, size[1] / 2], [0, 0, 1]])
    shift = np.array([[1, 0, -centre[0]], [0, 1, -centre[1]], [0, 0, 1]])
    homography = camera @ pose @ shift
    return np.asarray(homography / homography[2, 2])
