"""Photos of a painted wall with cracks of known place and width, from two cameras whose map is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageFilter

from sightline.crack.compare.registration import Registration
from sightline.crack.engine import Region
from sightline.crack.report import CrackInstance, CrackReport, ModelInfo
from tests.crack.drawing import stroke

SIZE = 480, 360
MODEL = ModelInfo("drawn", "1", "0" * 64)
MATRIX = np.array([[0.95, 0.12, 8.0], [-0.10, 0.97, 22.0], [4e-5, -3e-5, 1.0]])
"""A camera turned by some degrees and tilted a little, before to after."""


@dataclass(frozen=True)
class Crack:
    """A polyline on the wall in pixels of the before photo, its width there, and how dark it is."""

    points: ArrayLike
    width: float = 4.0
    depth: float = 0.6


LONG = Crack([[90, 90], [170, 150], [260, 170], [380, 250]])
SHORT = Crack([[90, 90], [170, 150], [215, 160]])
OTHER = Crack([[120, 300], [200, 270], [300, 310]])


def wall(cracks: Sequence[Crack] = (), *, roughness: float = 6.0, seed: int = 0) -> NDArray[np.float32]:
    """The wall as luma, float32 (H, W), larger than the photos by a margin of 100 px on each side."""
    rng = np.random.default_rng(seed)
    height, width = SIZE[1] + 200, SIZE[0] + 200
    luma = np.full((height, width), 180.0, np.float32)
    for sigma in (1.0, 2.5, 8.0):
        grain = Image.fromarray(rng.normal(0, 1, (height, width)).astype(np.float32))
        blurred = np.asarray(grain.resize((int(width / sigma), int(height / sigma)), Image.Resampling.BOX))
        spread = np.asarray(Image.fromarray(blurred).resize((width, height), Image.Resampling.BICUBIC))
        luma += roughness * spread / spread.std()
    for crack in cracks:
        covered = stroke((height, width), np.asarray(crack.points) + 99.5, crack.width)
        luma += covered * (180 * (1 - crack.depth) - luma)  # no texture of the wall within: that is what a shadow has
    return luma


def photo(
    luma: NDArray[np.float32],
    matrix: NDArray[np.float64] | None = None,
    *,
    gain: float = 1.0,
    gamma: float = 1.0,
    blur: float = 0.0,
    noise: float = 1.0,
    seed: int = 1,
) -> NDArray[np.uint8]:
    """What a camera shows of a wall: `matrix` takes pixels of the before photo to its own."""
    to_wall = np.array([[1.0, 0, 100], [0, 1, 100], [0, 0, 1]])
    if matrix is not None:
        to_wall = to_wall @ np.linalg.inv(matrix)
    coefficients = (to_wall / to_wall[2, 2]).ravel()[:8].tolist()
    picture = Image.fromarray(luma).transform(
        SIZE, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BILINEAR
    )
    seen = 255 * (np.asarray(picture).clip(0, 255) / 255) ** gamma * gain
    shown = Image.fromarray(np.repeat(seen.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2))
    soft = np.asarray(shown.filter(ImageFilter.GaussianBlur(blur)) if blur else shown, np.float32)
    grain = np.random.default_rng(seed).normal(0, noise, seen.shape)[..., None]
    return (soft + grain).clip(0, 255).astype(np.uint8)


def report(cracks: Sequence[Crack], matrix: NDArray[np.float64] | None = None, confidence: float = 0.9) -> CrackReport:
    """What a perfect model finds of the cracks in a photo."""
    instances = []
    for crack in cracks:
        points = np.asarray(crack.points, np.float64)
        if matrix is not None:
            mapped = np.concatenate([points, np.ones((len(points), 1))], axis=1) @ matrix.T
            points = mapped[:, :2] / mapped[:, 2:]
        coverage = stroke((SIZE[1], SIZE[0]), points - 0.5, crack.width)
        if (coverage >= 0.5).sum() > 20:
            region = Region(0, 0, coverage)
            instances.append(CrackInstance.from_region(region, confidence, scale=(1.0, 1.0), photo_size=SIZE))
    return CrackReport(width_px=SIZE[0], height_px=SIZE[1], instances=tuple(instances), quality=(), model=MODEL)


def registration(matrix: NDArray[np.float64] = MATRIX) -> Registration:
    """The registration of two photos whose map is known."""
    return Registration.from_matrix(matrix, SIZE, SIZE)
