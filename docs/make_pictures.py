"""Make the README's picture: `python docs/make_pictures.py`. Needs the extra `train`.

The wall is made from noise and the cracks are painted by the training's own painter, so that nobody's home is shown.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from sightline.crack import detect_cracks  # noqa: E402
from sightline.crack.annotate import annotate  # noqa: E402
from sightline.media.pictures import encode_jpeg  # noqa: E402
from training.synth import paint_crack  # noqa: E402

SIZE = (900, 1200)


def plaster(rng: np.random.Generator) -> NDArray[np.uint8]:
    """A painted wall in raking light with a light switch and a skirting board, RGB uint8 (900, 1200, 3)."""
    height, width = SIZE
    relief = np.zeros(SIZE, np.float32)
    for cells, depth in ((6, 5.0), (40, 2.5), (160, 2.0), (450, 3.0)):
        noise = rng.normal(0, depth, (cells * height // width + 2, cells + 2)).astype(np.float32)
        relief += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    light = np.linspace(1.06, 0.86, width)[None, :, None] * np.linspace(1.0, 0.93, height)[:, None, None]
    wall = (np.array([214, 206, 192]) + relief[..., None]) * light
    wall[-70:] = np.array([236, 234, 228]) * light[-70:]
    wall[-74:-70] *= 0.72
    wall[470:560, 1050:1130] = np.array([243, 242, 238])
    wall[560:563, 1050:1132] *= 0.8
    wall[478:552, 1060:1120] = np.array([249, 248, 245])
    return np.clip(wall, 0, 255).astype(np.uint8)


def main() -> None:
    """Paint, detect, annotate, write."""
    rng = np.random.default_rng(10)
    image = plaster(rng)
    label = np.zeros(SIZE, np.uint8)
    for left, top, right, bottom in ((60, 60, 700, 760), (560, 120, 1010, 640)):
        part = slice(top, bottom), slice(left, right)
        patch, mask = image[part].copy(), label[part].copy()
        paint_crack(rng, patch, mask)
        image[part], label[part] = patch, mask
    report = detect_cracks(image)
    (HERE / "images/result.jpg").write_bytes(encode_jpeg(annotate(image, report), quality=85))


if __name__ == "__main__":
    main()
