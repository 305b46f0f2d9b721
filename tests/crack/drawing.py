"""Cracks drawn with known truth: anti-aliased strokes of exact width and length, for the geometry's tests."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray


def stroke(shape: tuple[int, int], points: ArrayLike, width_px: float) -> NDArray[np.float32]:
    """Draw a polyline with round joins and butt ends; a pixel holds the part of it that the stroke covers.

    Args:
        shape: (h, w) of the picture.
        points: (n, 2) corners as x, y; whole numbers are pixel centres. The stroke is as long as the polyline.
        width_px: full width of the stroke.
    """
    corners = np.asarray(points, float)
    covered = np.zeros(shape, np.float32)
    reach = width_px / 2 + 2
    for start, end in pairwise(corners):
        low = np.maximum(np.floor(np.minimum(start, end) - reach).astype(int), 0)
        high = np.maximum(np.ceil(np.maximum(start, end) + reach).astype(int) + 1, low)
        window = covered[low[1] : high[1], low[0] : high[0]]
        y, x = np.mgrid[low[1] : low[1] + window.shape[0], low[0] : low[0] + window.shape[1]]
        length = float(np.hypot(*(end - start)))
        along_x, along_y = (end - start) / length
        u = (x - start[0]) * along_x + (y - start[1]) * along_y
        v = (y - start[1]) * along_x - (x - start[0]) * along_y
        over = np.maximum(-u, 0) + np.maximum(u - length, 0)
        np.maximum(window, np.clip(width_px / 2 + 0.5 - np.hypot(over, v), 0, 1), out=window, casting="same_kind")
    for end, inner in ((corners[0], corners[1]), (corners[-1], corners[-2])):
        _cut(covered, end, (inner - end) / np.hypot(*(inner - end)), width_px)
    return covered


def _cut(covered: NDArray[np.float32], end: NDArray[np.float64], inward: NDArray[np.float64], width_px: float) -> None:
    """Cut the round cap at an end off, so that the stroke ends square."""
    y, x = np.mgrid[: covered.shape[0], : covered.shape[1]]
    u = (x - end[0]) * inward[0] + (y - end[1]) * inward[1]
    near = np.hypot(x - end[0], y - end[1]) < width_px / 2 + 2
    np.minimum(covered, np.where(near, np.clip(u + 0.5, 0, 1), 1), out=covered, casting="same_kind")


def straight(
    length_px: float, width_px: float, angle_deg: float, offset: tuple[float, float] = (0.0, 0.0)
) -> NDArray[np.float32]:
    """Draw one straight stroke in the middle of a picture that just holds it; the angle is counter-clockwise."""
    turn = np.deg2rad(angle_deg)
    half = np.array([np.cos(turn), -np.sin(turn)]) * length_px / 2
    return fitted(np.array([-half, half]) + offset, width_px)


def arc(length_px: float, width_px: float, radius_px: float, start_deg: float = 0.0) -> NDArray[np.float32]:
    """Draw a circular arc; at most a full turn."""
    angle = np.deg2rad(start_deg) + np.linspace(0, length_px / radius_px, max(8, int(length_px / 3)))
    return fitted(radius_px * np.stack([np.cos(angle), -np.sin(angle)], axis=1), width_px)


def fitted(points: NDArray[np.float64], width_px: float) -> NDArray[np.float32]:
    """Draw a polyline wherever it lies, in a picture that just holds it (its sub-pixel phase is kept)."""
    margin = int(np.ceil(width_px / 2)) + 3
    low = np.floor(points.min(axis=0)) - margin
    width, height = np.ceil(points.max(axis=0) - low).astype(int) + margin + 1
    return stroke((int(height), int(width)), points - low, width_px)
