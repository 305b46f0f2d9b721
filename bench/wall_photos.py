"""Photos of a cracked wall for the benchmarks, made from noise: the sizes matter, not the looks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIZES = {"640x480": (640, 480), "2 MP": (1632, 1224), "12 MP": (4032, 3024)}


def make_wall_photo(path: Path, size: tuple[int, int], seed: int = 0) -> Path:
    """Write a JPEG of a plastered wall with three cracks, `size` (width, height) pixels."""
    rng = np.random.default_rng(seed)
    width, height = size
    grain = rng.normal(0, 5, (height, width, 1)).astype(np.float32)
    stains = Image.fromarray(rng.integers(150, 215, (12, 16), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)
    base = np.asarray(stains, np.float32)[..., None] * np.array([1.0, 0.98, 0.94], np.float32) + grain
    photo = Image.fromarray(np.clip(base, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(photo)
    for _ in range(3):
        steps = rng.normal([width / 60, 0], [width / 200, height / 90], (40, 2))
        points = np.cumsum(steps, 0) + rng.uniform((0, height / 5), (width / 3, 4 * height / 5))
        draw.line([tuple(p) for p in points.tolist()], fill=(60, 55, 50), width=max(2, width // 400))
    photo.filter(ImageFilter.GaussianBlur(max(0.6, width / 2500))).save(path, quality=90)
    return path


def make_wall_photos(folder: Path) -> dict[str, Path]:
    """One photo per size in `SIZES`."""
    return {name: make_wall_photo(folder / f"{name.replace(' ', '')}.jpg", size) for name, size in SIZES.items()}
