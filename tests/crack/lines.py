"""Photos of dark lines and squares with exact sizes, blurred in light by a lens and gathered in pixels."""

from __future__ import annotations

from functools import cache

import diplib as dip
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIZE = 220
MIDDLE = np.array([SIZE / 2 + 0.3, SIZE / 2 - 0.2])
_SAMPLES = 8
"""Rays along a pixel's side. At 45 degrees to the pixels their own grid would show: draw at other angles."""


def directions(angle_deg: float) -> tuple[Floats, Floats]:
    """Along a line and across it; 0 is upright."""
    turn = np.deg2rad(angle_deg)
    return np.array([np.sin(turn), np.cos(turn)]), np.array([np.cos(turn), -np.sin(turn)])


@cache
def photo(
    width_px: float,
    *,
    angle_deg: float = 10,
    blur_px: float = 0.8,
    noise: float = 2,
    square_px: float = 0,
    ink: float = 0.04,
    in_light: bool = True,
    seed: int = 0,
) -> NDArray[np.uint8]:
    """RGB: a wall that gets darker to one side, with a line through the middle and a dark square left of it.

    Args:
        width_px: of the line; 0 leaves it out.
        angle_deg: of the line and the square.
        blur_px: sigma of the lens's blur.
        noise: sigma in grey levels.
        square_px: the square's side; 0 leaves it out.
        ink: light that comes back from line and square; the wall's is 0.5.
        in_light: blur the light, as a lens does; otherwise the values, as a program does.
        seed: of the noise.
    """
    along, across = directions(angle_deg)
    at = (np.arange(SIZE * _SAMPLES) + 0.5) / _SAMPLES
    x, y = np.meshgrid(at, at)
    u = (x - MIDDLE[0]) * across[0] + (y - MIDDLE[1]) * across[1]
    v = (x - MIDDLE[0]) * along[0] + (y - MIDDLE[1]) * along[1]
    dark = np.abs(u) < width_px / 2
    dark |= (np.abs(u + 55) < square_px / 2) & (np.abs(v) < square_px / 2)
    covered = np.asarray(dip.Gauss(dark.astype(np.float32), blur_px * _SAMPLES))
    covered = covered.reshape(SIZE, _SAMPLES, SIZE, _SAMPLES).mean(axis=(1, 3))
    shade = np.linspace(1.1, 0.9, SIZE)
    if in_light:
        coded = _coded(shade * (0.5 + (ink - 0.5) * covered))
    else:
        wall = _coded(shade * 0.5)
        coded = wall + (_coded(np.array(ink)) - wall) * covered
    rng = np.random.default_rng(seed)
    values = 255 * coded + rng.normal(0, noise, coded.shape)
    return np.repeat(np.clip(np.rint(values), 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def square_edges(square_px: float, angle_deg: float) -> Floats:
    """The sides of the square, (4, 2, 2)."""
    along, across = directions(angle_deg)
    corners = [
        MIDDLE - 55 * across + square_px / 2 * (a * across + b * along) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    return np.stack([corners, np.roll(corners, -1, axis=0)], axis=1)


def line(angle_deg: float, half_length_px: float = 75) -> Floats:
    """Points along the line, a pixel apart."""
    along, _ = directions(angle_deg)
    return MIDDLE + np.arange(-half_length_px, half_length_px + 1)[:, None] * along


def _coded(light: Floats) -> Floats:
    """SRGB values of light, both 0..1."""
    return np.asarray(np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055))
