"""Walls drawn from noise, and photos of them with a camera, a light and a grain of their own."""

from __future__ import annotations

import diplib as dip
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sightline.crack.compare.homography import Matrix

SIZE = (640, 480)
"""Of photos, width and height."""

WALL_SIZE = (900, 700)


def plaster(seed: int) -> NDArray[np.uint8]:
    """A plastered wall with stains of all sizes, uint8 (H, W, 3)."""
    rng = np.random.default_rng(seed)
    width, height = WALL_SIZE
    grey = np.full((height, width), 170, np.float32)
    for sigma, depth in ((1.5, 9), (4, 9), (12, 9), (40, 9)):
        blurred = np.asarray(dip.GaussFIR(rng.normal(0, 1, (height, width)).astype(np.float32), sigma))
        grey += depth * blurred / blurred.std()
    return _coloured(grey)


def tiles(seed: int, *, differ: float) -> NDArray[np.uint8]:
    """A wall of printed tiles, all of one print; `differ` is how much each has of its own, grey levels."""
    rng, printed = np.random.default_rng(seed), np.random.default_rng(99)
    width, height = WALL_SIZE
    side = 90
    y, x = np.mgrid[:height, :width]
    print_ = np.asarray(dip.GaussFIR(printed.normal(0, 1, (side, side)).astype(np.float32), 3.0))
    grey = 190 + 12 * (print_ / print_.std())[y % side, x % side]
    own = np.asarray(dip.GaussFIR(rng.normal(0, 1, (height, width)).astype(np.float32), 4.0))
    grey += differ * own / own.std()
    grey[(y % side < 3) | (x % side < 3)] = 120
    return _coloured(grey)


def pose(
    *,
    scale: float = 1.0,
    turn_deg: float = 0.0,
    tilt: tuple[float, float] = (0, 0),
    shift: tuple[float, float] = (0, 0),
) -> Matrix:
    """(3, 3), a wall's pixels to those of a photo of `SIZE` that looks at the wall's middle, `shift` beside it.

    Args:
        scale: photo pixels per wall pixel in the middle.
        turn_deg: the camera's roll.
        tilt: degrees away from square on, about x and about y.
        shift: in wall pixels.
    """
    focal = 1.1 * SIZE[0]
    roll, about_x, about_y = np.radians([turn_deg, *tilt])
    (s, c), (sx, cx), (sy, cy) = ((np.sin(a), np.cos(a)) for a in (roll, about_x, about_y))
    turned = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    turned = turned @ np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    placed = np.column_stack([turned[:, 0], turned[:, 1], [0, 0, focal / scale]])
    camera = np.array([[focal, 0, SIZE[0] / 2], [0, focal, SIZE[1] / 2], [0, 0, 1]])
    middle = np.eye(3)
    middle[:2, 2] = -(np.array(WALL_SIZE) / 2 + shift)
    matrix: Matrix = camera @ placed @ middle
    return np.asarray(matrix / matrix[2, 2])


def photo(wall: NDArray[np.uint8], view: Matrix, seed: int, *, light: bool = False, size: tuple[int, int] = SIZE
          ) -> NDArray[np.uint8]:  # fmt: skip
    """What a camera sees, uint8 (H, W, 3), with grain; with `light` also a gradient, a shadow, a colour and a curve."""
    rng = np.random.default_rng([seed, 1])
    back = np.linalg.inv(view)
    twice = back / back[2, 2] @ np.diag([0.5, 0.5, 1])  # drawn twice as large and made smaller: no moire
    large = Image.fromarray(wall).transform(
        (2 * size[0], 2 * size[1]),
        Image.Transform.PERSPECTIVE,
        tuple((twice / twice[2, 2]).ravel()[:8]),
        Image.Resampling.BICUBIC,
    )
    seen = np.asarray(large.reduce(2), np.float32)
    if light:
        y, x = np.mgrid[: size[1], : size[0]] / np.float32(max(size))
        gain = 1 + 0.3 * (x - y) - 0.35 / (1 + np.exp((x + 0.7 * y - 0.6) / 0.01))
        seen = 255 * (seen / 255 * gain[..., None]).clip(0, 1) ** 1.2 * np.array([1.0, 0.93, 0.85], np.float32)
    return np.clip(seen + rng.normal(0, 2, seen.shape), 0, 255).astype(np.uint8)


def _coloured(grey: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.clip(grey[..., None] * np.array([1.0, 0.98, 0.94], np.float32), 0, 255).astype(np.uint8)
