"""Geometry and light, as phones see walls. Pictures are uint8 RGB, labels as in `labels.py`."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.labels import Label

Image = NDArray[np.uint8]


def view(
    rng: np.random.Generator, image: Image, label: Label, size: int, zoom: tuple[float, float]
) -> tuple[Image, Label]:
    """A random square view: scale in `zoom`, rotation, slant and mirror, out to (size, size).

    Outside the picture it is mirrored, so that no black corners are learned. Shrinking is done by area first: a plain
    warp would alias thin cracks away. A label pixel survives shrinking if crack covered any third of it.
    """
    height, width = image.shape[:2]
    scale = float(np.exp(rng.uniform(*np.log(zoom))))
    scale = max(scale, 0.5 * size / min(height, width))
    if scale < 0.95:
        target = max(1, round(width * scale)), max(1, round(height * scale))
        positive = cv2.resize((label == 255).astype(np.float32), target, interpolation=cv2.INTER_AREA)
        unknown = cv2.resize((label == 128).astype(np.float32), target, interpolation=cv2.INTER_AREA)
        image = cv2.resize(image, target, interpolation=cv2.INTER_AREA)
        label = np.where(positive >= 0.35, 255, np.where(positive + unknown > 0.15, 128, 0)).astype(np.uint8)
        height, width = image.shape[:2]
        scale = 1.0
    angle = rng.uniform(-180, 180) if rng.random() < 0.15 else rng.normal(0, 8) + 90 * rng.integers(0, 4)
    span = size / scale
    centre = [rng.uniform(min(span / 2, side / 2), max(side - span / 2, side / 2)) for side in (width, height)]
    warp = np.vstack([cv2.getRotationMatrix2D(centre, angle, scale), [0, 0, 1]])
    warp[:2, 2] += size / 2 - np.array(centre)
    warp[2, :2] = rng.normal(0, 0.00012, 2)
    if rng.random() < 0.5:
        warp = np.array([[-1, 0, size - 1], [0, 1, 0], [0, 0, 1]], float) @ warp
    border = cv2.BORDER_REFLECT_101
    image = cv2.warpPerspective(image, warp, (size, size), flags=cv2.INTER_LINEAR, borderMode=border)
    label = cv2.warpPerspective(label, warp, (size, size), flags=cv2.INTER_NEAREST, borderMode=border)
    return image, label


def light(rng: np.random.Generator, image: Image) -> Image:
    """Exposure, contrast, white balance, falling light, grey, blur, noise and JPEG, each sometimes."""
    picture = image.astype(np.float32)
    if rng.random() < 0.7:
        picture = (picture - 127) * rng.uniform(0.7, 1.3) + 127 + rng.uniform(-40, 40)
    if rng.random() < 0.4:
        picture = (255 * np.clip(picture / 255, 0, 1) ** rng.uniform(0.6, 1.6)).astype(np.float32)
    if rng.random() < 0.5:
        picture *= rng.normal(1, 0.07, 3).astype(np.float32)
    if rng.random() < 0.3:
        axis = int(rng.integers(2))
        ramp = np.linspace(rng.uniform(0.6, 1.2), rng.uniform(0.6, 1.2), picture.shape[axis], dtype=np.float32)
        picture *= np.expand_dims(ramp, (1 - axis, 2)).astype(np.float32)
    if rng.random() < 0.15:
        picture[...] = picture.mean(2, keepdims=True)
    if rng.random() < 0.25:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.6))
    if rng.random() < 0.1:
        length = int(rng.integers(3, 8))
        kernel = (
            np.eye(length, dtype=np.float32) / length
            if rng.random() < 0.5
            else np.full((1, length), 1 / length, np.float32)
        )
        picture = cv2.filter2D(picture, -1, kernel)
    if rng.random() < 0.3:
        picture += rng.normal(0, rng.uniform(1, 9), picture.shape).astype(np.float32)
    result = np.clip(picture, 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        _, encoded = cv2.imencode(".jpg", result, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 95))])
        result = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
    return result
