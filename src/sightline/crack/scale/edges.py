"""Where an edge is, to a fraction of a pixel: across it, in the light that the sensor saw."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_CODED = np.arange(256) / 255
_LIGHT = np.where(_CODED <= 0.04045, _CODED / 12.92, ((_CODED + 0.055) / 1.055) ** 2.4).astype(np.float32)
"""Light of each sRGB value (IEC 61966-2-1). Blur mixes light: in a photo's values, which follow its root, the middle of
a blurred edge looks moved towards the dark."""

_STEP_PX = 0.5
"""Between samples across an edge; the photo is linear in between."""

_SLOPE_PX = 1.5
"""An edge's slope in a sharp photo reaches so far to both sides."""

_ENDS = 0.3
"""This share of the samples at each end of a profile tells how light it is on that side."""


def profiles(image: NDArray[np.uint8], points: Floats, normals: Floats, reach_px: float) -> NDArray[np.float32]:
    """Light along lines across edges.

    Args:
        image: RGB (H, W, 3).
        points: (n, 2) x, y in pixels of a picture that spans 0..W and 0..H.
        normals: (n, 2) unit vectors.
        reach_px: the lines go so far to both sides.

    Returns:
        (n, m) from -reach to +reach along the normals, luminance in 0..1; beyond the picture its border's.
    """
    half = int(np.ceil(reach_px / _STEP_PX))
    places = points[:, None] + normals[:, None] * np.linspace(-reach_px, reach_px, 2 * half + 1)[:, None]
    height, width = image.shape[:2]
    x, y = (places[..., 0] - 0.5).clip(0, width - 1.001), (places[..., 1] - 0.5).clip(0, height - 1.001)
    left, top = x.astype(np.intp), y.astype(np.intp)
    x, y = (x - left).astype(np.float32), (y - top).astype(np.float32)
    flat, corner = image.reshape(-1, 3), top * width + left
    upper = _light(flat[corner]) * (1 - x) + _light(flat[corner + 1]) * x
    corner += width
    lower = _light(flat[corner]) * (1 - x) + _light(flat[corner + 1]) * x
    between: NDArray[np.float32] = upper + (lower - upper) * y
    return between


def _light(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Luminance of sRGB pixels (..., 3)."""
    light: NDArray[np.float32] = _LIGHT[pixels] @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    return light


def step_at(across: NDArray[np.float32], reach_px: float) -> tuple[Floats, Floats]:
    """Where profiles step from one level to another, and by how much.

    The place is that of a sharp step with the same levels and the same area under it (after Tabatabai and Mitchell,
    Edge location to subpixel values in digital imagery, IEEE TPAMI 6, 1984): blur, whatever its shape, leaves it.

    Args:
        across: (n, m) from `profiles`, m odd.
        reach_px: of them.

    Returns:
        (n,) pixels along the normal from the middle, within the reach; (n,) the second level less the first.
    """
    count = across.shape[1]
    ends = max(1, round(_ENDS * count))
    before, after = across[:, :ends].mean(axis=1), across[:, -ends:].mean(axis=1)
    height = (after - before).astype(np.float64)
    spacing = 2 * reach_px / (count - 1)
    area = (across[:, 1:] + across[:, :-1]).sum(axis=1, dtype=np.float64) / 2 * spacing
    with np.errstate(divide="ignore", invalid="ignore"):
        place = reach_px - (area - before * 2 * reach_px) / height
    return np.clip(np.nan_to_num(place), -reach_px, reach_px), height


def peak_at(across: NDArray[np.float32], reach_px: float) -> tuple[Floats, Floats]:
    """Where profiles are steepest, and how much they change around there: as `step_at`, for edges among others.

    The place is the middle of the slope within _SLOPE_PX of its steepest place.
    """
    count = across.shape[1]
    spacing = 2 * reach_px / (count - 1)
    slope = np.diff(across, axis=1).astype(np.float64)
    slope[:, 1:-1] = slope[:, 1:-1] / 2 + (slope[:, :-2] + slope[:, 2:]) / 4
    steepest = np.abs(slope).argmax(axis=1)
    around = np.arange(-round(_SLOPE_PX / spacing), round(_SLOPE_PX / spacing) + 1)
    columns = (steepest[:, None] + around).clip(0, slope.shape[1] - 1)
    rows = np.arange(len(slope))[:, None]
    near = slope[rows, columns]
    near = np.where(near * slope[rows, steepest[:, None]] > 0, near, 0)
    height = near.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        place = (near * columns).sum(axis=1) / height
    return np.nan_to_num((place + 0.5) * spacing - reach_px), height
