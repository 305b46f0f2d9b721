"""A tiny data folder of made-up walls, laid out as the crack data is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter


def plaster(seed: int, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """Rough plaster, stains and grains of it, (width, height) pixels."""
    rng = np.random.default_rng(seed)
    shape = size[1], size[0]
    field = sum(weight * gaussian_filter(rng.normal(0, 1, shape), s) * s for weight, s in ((9, 1), (14, 3), (20, 12)))
    pixels = 150 + field[..., None] + np.array([6.0, 0.0, -8.0])
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def write_data(folder: Path) -> Path:
    """Two walls, two concrete walls with a masked crack each, and two rooms, for the split `train`."""
    for kind in ("walls", "concrete"):
        images, masks = folder / "train" / kind / "images", folder / "train" / kind / "masks"
        images.mkdir(parents=True)
        masks.mkdir()
        for number in range(2):
            picture, mask = plaster(10 * number + len(kind)), Image.new("1", (320, 240))
            line = [(60, 100 + 40 * number), (150, 125), (260, 90 + 30 * number)]
            if kind == "concrete":
                ImageDraw.Draw(picture).line(line, fill=(50, 45, 40), width=4)
                ImageDraw.Draw(mask).line(line, fill=1, width=4)
            picture.save(images / f"{kind}{number}.jpg", quality=95)
            mask.save(masks / f"{kind}{number}.png")
    rooms = folder / "train" / "clean_rooms"
    rooms.mkdir()
    for number in range(2):
        plaster(100 + number).save(rooms / f"{number}_kitchen.jpg", quality=95)
    return folder
