"""Grey values across lines: what every sub-pixel measurement of a crack starts from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""(n, 2) x, y; the photo spans 0..width and 0..height, so a pixel's centre lies at a half."""

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""ITU-R BT.601, the brightness that JPEG keeps at full resolution: colour is often stored at half of it."""


def profile_offsets(half_width_px: float, step_px: float) -> NDArray[np.float64]:
    """Where the samples of a profile lie along its normal, (k,): symmetric, and 0 is one of them."""
    reach = int(half_width_px / step_px + 1e-9)
    offsets: NDArray[np.float64] = np.arange(-reach, reach + 1) * np.float64(step_px)
    return offsets


def sample_pixels(
    image: NDArray[np.uint8],
    points: Points,
    normals: Points,
    *,
    half_width_px: float,
    tone: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The pixels nearest to profiles with one sample a pixel, and how far from the line each of them really lies.

    Nothing is interpolated, so nothing is blurred but by the lens and the pixel itself.

    Args:
        image: uint8 (H, W) or RGB (H, W, 3).
        points: (n, 2), where the profiles have their middle.
        normals: (n, 2), unit vectors along which they run.
        half_width_px: they reach so far to either side, in pixels.
        tone: (256,), what a pixel's value stands for; of RGB the luma of that is taken.

    Returns:
        Distances along the normals in pixels and values, both (n, k); a value outside the photo is NaN.
    """
    height, width = image.shape[:2]
    offsets = profile_offsets(half_width_px, 1.0)
    x = points[:, :1] + normals[:, :1] * offsets
    y = points[:, 1:] + normals[:, 1:] * offsets
    outside = ~((x >= 0) & (y >= 0) & (x < width) & (y < height))  # also where a point is not a number
    columns, rows = (np.where(outside, 0, at).astype(np.intp) for at in (x, y))
    away = offsets + (columns + 0.5 - x) * normals[:, :1] + (rows + 0.5 - y) * normals[:, 1:]
    values = tone[image[rows, columns]]
    values = values @ LUMA if values.ndim == 3 else values
    values[outside] = np.nan
    return away.astype(np.float32), values
