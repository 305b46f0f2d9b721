"""What light, lens, sensor and file do to a photo, at random: two photos of one wall differ in all of it."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter, uniform_filter1d

Plane = NDArray[np.float32]
Part = tuple[slice, slice]


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """How one photo was taken.

    Attributes:
        gain: light times exposure, (H, W), 1 is as the wall is.
        balance: of red, green and blue.
        gamma: the tone curve.
        blur_px: sigma of focus and lens.
        motion_px: length of a shake along x.
        noise: sigma in grey levels at middle grey.
        quality: of the JPEG.
        shadows: how many were cast.
    """

    gain: Plane
    balance: NDArray[np.float32]
    gamma: float
    blur_px: float
    motion_px: int
    noise: float
    quality: int
    shadows: int

    def lit(self, layer: Plane) -> Plane:
        """The wall's colours (H, W, 3) or its grey (H, W) in this light, sharp and without noise, 0..255."""
        gain = self.gain if layer.ndim == 2 else self.gain[..., None] * self.balance
        toned = 255 * np.clip(layer / 255, 0, 1) ** self.gamma * gain
        return np.asarray(np.clip(toned, 0, 255), np.float32)

    def at_blur(self, blur_px: float) -> Shot:
        """The same, held still and focused so well."""
        return replace(self, blur_px=blur_px, motion_px=1)

    def window(self, part: Part) -> Shot:
        """The same of a part of the photo."""
        return replace(self, gain=self.gain[part])

    def blurred(self, layer: Plane) -> Plane:
        sigmas = (self.blur_px, self.blur_px, 0)[: layer.ndim]
        soft = gaussian_filter(layer, sigmas)
        return np.asarray(uniform_filter1d(soft, self.motion_px, axis=1) if self.motion_px > 1 else soft, np.float32)

    def taken(self, rng: np.random.Generator, scene: Plane) -> NDArray[np.uint8]:
        """The photo of a lit and blurred scene (H, W, 3), uint8: noise of light and sensor, and JPEG."""
        spread = self.noise * np.sqrt(0.3 + 0.7 * scene / 128)
        grain = rng.normal(0, 1, scene.shape).astype(np.float32)
        if rng.random() < 0.5:  # phones smooth their noise, which makes it coarser
            grain = gaussian_filter(grain, (0.7, 0.7, 0)) * 2.2
        raw = Image.fromarray(np.clip(scene + spread * grain, 0, 255).astype(np.uint8))
        file = io.BytesIO()
        raw.save(file, "JPEG", quality=self.quality)
        return np.asarray(Image.open(file))


def draw_shot(rng: np.random.Generator, size: tuple[int, int]) -> Shot:
    """Light and camera for a photo of (width, height) pixels."""
    width, height = size
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = columns / width - 0.5, rows / height - 0.5
    angle = rng.uniform(0, 2 * np.pi)
    gain = rng.uniform(0.7, 1.2) * (1 + rng.uniform(0, 0.5) * (np.cos(angle) * x + np.sin(angle) * y))
    gain *= 1 - rng.uniform(0, 0.4) * (x**2 + y**2)
    shadows = int(rng.choice([0, 1, 2], p=[0.45, 0.35, 0.2]))
    for _ in range(shadows):
        gain = gain * _shadow(rng, columns, rows)
    return Shot(
        gain=np.asarray(gain, np.float32),
        balance=np.clip(rng.normal(1, 0.05, 3), 0.88, 1.12).astype(np.float32),
        gamma=float(np.exp(rng.uniform(np.log(0.8), np.log(1.25)))),
        blur_px=float(np.exp(rng.uniform(np.log(0.35), np.log(1.8)))) * (2 if rng.random() < 0.08 else 1),
        motion_px=int(rng.choice([1, 3, 5], p=[0.85, 0.1, 0.05])),
        noise=float(np.exp(rng.uniform(np.log(0.8), np.log(6)))),
        quality=int(rng.integers(62, 96)),
        shadows=shadows,
    )


def _shadow(rng: np.random.Generator, columns: Plane, rows: Plane) -> Plane:
    """A half plane's, a bar's or a corner's shadow, its edge hard (1 px) to soft (25 px), 25 to 65 % darker."""
    height, width = columns.shape
    softness = float(np.exp(rng.uniform(np.log(0.6), np.log(25))))
    centre = rng.uniform(0.15, 0.85, 2) * (width, height)
    angle = rng.uniform(0, 2 * np.pi)
    along = (columns - centre[0]) * np.cos(angle) + (rows - centre[1]) * np.sin(angle)
    across = (rows - centre[1]) * np.cos(angle) - (columns - centre[0]) * np.sin(angle)
    shape = rng.choice(["half", "bar", "corner"])
    if shape == "half":
        depth = along
    elif shape == "bar":
        depth = rng.uniform(0.02, 0.1) * width - np.abs(along)
    else:
        depth = np.minimum(along, across)
    shade = 1 / (1 + np.exp(-np.clip(depth / softness, -30, 30)))
    return np.asarray(1 - rng.uniform(0.25, 0.65) * shade, np.float32)
