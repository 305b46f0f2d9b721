"""A flat wall made of a photo: enlarged with grain of its own, so that a close view has something to show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pair_photos import Source
from pair_views import grey
from PIL import Image
from scipy.ndimage import distance_transform_edt, gaussian_filter

Plane = NDArray[np.float32]

LONG_SIDE = 1500
"""Wall pixels along the longer side: a view of 1400 px that sees 40 % of it enlarges it by 2.3, like a soft lens."""


@dataclass(frozen=True, slots=True, eq=False)
class Wall:
    """The wall's colours float32 (H, W, 3) in 0..255, and where its photo's known cracks are, (H, W)."""

    pixels: Plane
    cracks: NDArray[np.bool_]

    @property
    def shape(self) -> tuple[int, int]:
        return self.pixels.shape[0], self.pixels.shape[1]

    @property
    def size(self) -> tuple[int, int]:
        return self.pixels.shape[1], self.pixels.shape[0]


def build_wall(source: Source) -> Wall:
    """Enlarge a photo; its own detail, used once more at the finer scale, stands in for what its pixels cannot hold."""
    height, width = source.image.shape[:2]
    factor = LONG_SIDE / max(height, width)
    size = round(width * factor), round(height * factor)
    large = np.asarray(Image.fromarray(source.image).resize(size, Image.Resampling.BICUBIC), np.float32)
    fine = grey(source.image)
    detail = fine - gaussian_filter(fine, 1.5)
    spread = 2.5 * 1.48 * float(np.median(np.abs(detail)))
    detail = np.clip(detail, -spread, spread)[::-1, ::-1]  # turned, so that it repeats nothing where it came from
    reach = (0, size[1] - height), (0, size[0] - width)
    grain = 0.7 * np.pad(detail, reach, mode="reflect")
    black = gaussian_filter((large.max(2) < 12).astype(np.float32), 2)  # corners that a turned photo left empty
    cracks = np.asarray(Image.fromarray(source.cracks).resize(size, Image.Resampling.BILINEAR)) > 0
    return Wall(np.clip(large + (grain * (1 - black))[..., None], 0, 255), cracks)


def calm_spot(rng: np.random.Generator, wall: Wall, reach: float) -> NDArray[np.float64]:
    """A place x, y for a crack `reach` long: of 24 the calmest that is neither dark nor near a known crack."""
    coarse = grey(wall.pixels[::4, ::4])
    unrest = gaussian_filter(np.abs(coarse - gaussian_filter(coarse, 3)), reach / 12)
    free = distance_transform_edt(~wall.cracks[::4, ::4]) if wall.cracks.any() else np.full(coarse.shape, 1e6)
    dark = gaussian_filter((coarse < 45).astype(np.float32), reach / 12)
    margin = int(min(0.3 * min(coarse.shape), reach / 8 + 4))
    rows = rng.integers(margin, coarse.shape[0] - margin, 24)
    columns = rng.integers(margin, coarse.shape[1] - margin, 24)
    crowd = np.clip(reach / 8 - free[rows, columns], 0, None)
    best = int(np.argmin(unrest[rows, columns] + 200 * dark[rows, columns] + crowd))
    return np.array([4 * columns[best] + 2.0, 4 * rows[best] + 2.0])


def filled(wall: Plane, known: NDArray[np.bool_]) -> Plane:
    """Smooth colours (H, W, 3) from the known pixels: the finest of three blurs that has known ones around."""
    weight = known.astype(np.float32)
    colours = np.broadcast_to(wall[known].mean(0), wall.shape).astype(np.float32)
    for sigma in (48, 16, 6):
        share = gaussian_filter(weight, sigma)[..., None]
        colour = gaussian_filter(wall * weight[..., None], (sigma, sigma, 0)) / np.maximum(share, 1e-6)
        trust = np.clip(share / 0.1, 0, 1)
        colours = colours * (1 - trust) + colour * trust
    return colours
