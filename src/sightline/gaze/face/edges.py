"""What a crop shows beyond the picture's edge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def lies_within(matrix: NDArray[np.float64], side_px: int, width_px: int, height_px: int) -> bool:
    """Whether a crop of `side_px` x `side_px`, which `matrix` leads from, shows nothing beyond the picture's edge."""
    lines = zip(matrix.tolist(), (width_px, height_px), strict=True)
    return all(_spans(line, side_px, size) for line, size in lines)


def _spans(line: list[float], side_px: int, size_px: int) -> bool:
    along, across, shift = line
    ends = side_px * along, side_px * across
    return shift + sum(min(end, 0) for end in ends) >= 0.5 and shift + sum(max(end, 0) for end in ends) <= size_px - 0.5


def extend_edges(
    crop: NDArray[np.uint8], matrix: NDArray[np.float64], width_px: int, height_px: int
) -> NDArray[np.uint8]:
    """Continue the picture's edge pixels outwards, where a crop leaves the picture.

    The landmark net was trained so. Black instead, as `VideoFrame.crop` leaves it, moves the landmarks of a face that
    fills the picture by 2 % of the distance between the eyes.

    Args:
        crop: (h, w, 3), black outside the picture.
        matrix: (2, 3) from the crop to the picture.
        width_px: The picture's.
        height_px: The picture's.

    Returns:
        A copy.
    """
    height, width = crop.shape[:2]
    line = matrix.astype(np.float32)
    x, y = (np.add.outer(b * _middles(height) + shift, a * _middles(width)).ravel() for a, b, shift in line)
    outside = np.flatnonzero((x < 0.5) | (x > width_px - 0.5) | (y < 0.5) | (y > height_px - 0.5))
    # From here on the nearest pixel of the crop surely shows the picture alone, without a share of black.
    low = (1 + np.abs(line[:, :2]).sum(axis=1)) / 2
    high = np.array([width_px, height_px], np.float32) - low
    edge_x, edge_y = np.clip(x[outside], low[0], high[0]), np.clip(y[outside], low[1], high[1])
    column, row = (
        np.clip(a * edge_x + b * edge_y + shift, 0, limit - 1).astype(np.int32)
        for (a, b, shift), limit in zip(_inverse(matrix), (width, height), strict=True)
    )
    extended = crop.reshape(-1, 3).copy()
    extended[outside] = np.take(extended, row * width + column, axis=0)
    return extended.reshape(crop.shape)


def _middles(count: int) -> NDArray[np.float32]:
    return np.arange(count, dtype=np.float32) + np.float32(0.5)


def _inverse(matrix: NDArray[np.float64]) -> NDArray[np.float32]:
    back = np.linalg.inv(matrix[:, :2])
    return np.concatenate([back, -back @ matrix[:, 2:]], axis=1).astype(np.float32)
