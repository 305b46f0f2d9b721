"""From the labels that the data sets have to the labels that a pixel net can learn widths from.

A label map is uint8 (H, W): `NEGATIVE`, `POSITIVE`, or `UNKNOWN` where the pixel loss looks away. The judge learns from
UNKNOWN too: something is there, its edge is just not known.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

NEGATIVE, POSITIVE, UNKNOWN = 0, 255, 128

Label = NDArray[np.uint8]

MIN_CONTRAST = 0.06
"""Share of the wall's brightness by which a crack must be darker for its edge to be read off; else it is UNKNOWN."""
THIN_PX = 4.5
"""Polygons no wider than this on average are kept as drawn: darkness has no more to say about them."""


def _brightness_ratio(gray: NDArray[np.float32], wall: NDArray[np.bool_], sigma: float) -> NDArray[np.float32]:
    """Brightness over the brightness of the wall around it (normalised convolution over `wall`)."""
    weight = wall.astype(np.float32)
    total = cv2.GaussianBlur(gray * weight, (0, 0), sigma)
    share = cv2.GaussianBlur(weight, (0, 0), sigma)
    around = np.where(share > 1e-3, total / np.maximum(share, 1e-3), float(np.median(gray)))
    return (gray / np.maximum(around, 8.0)).astype(np.float32)


def _otsu(values: NDArray[np.float32]) -> float:
    """Otsu's threshold (1979) of values in 0..2."""
    scaled = np.clip(values * 127.5, 0, 255).astype(np.uint8).reshape(-1, 1)
    threshold, _ = cv2.threshold(scaled, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return float(threshold) / 127.5


def _drop_specks(mask: NDArray[np.bool_], area: int, extent: int = 0) -> NDArray[np.bool_]:
    """Keep components of at least `area` pixels whose bounding box is at least `extent` long."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    keep = np.zeros(count, bool)
    longest = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    keep[1:] = (stats[1:, cv2.CC_STAT_AREA] >= area) & (longest >= extent)
    return keep[labels]


def _is_scattered(mask: NDArray[np.bool_]) -> bool:
    """Whether a mask is a sprinkle of grains, not a few lines: its ten largest parts hold under 70 % of it."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    areas = np.sort(stats[1:, cv2.CC_STAT_AREA])
    return bool(areas[-10:].sum() < 0.7 * areas.sum())


def tighten(image: NDArray[np.uint8], polygon: NDArray[np.bool_]) -> Label:
    """Shrink hand-drawn polygons to the dark line inside.

    Each polygon is judged by itself: darkness relative to the wall around it, split by Otsu; accepted when both sides
    differ by `MIN_CONTRAST` and the dark side runs along most of the polygon. Its bright rest becomes wall again only
    near the line; an unclear polygon is UNKNOWN as a whole.
    """
    label = np.zeros(polygon.shape, np.uint8)
    gray = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (0, 0), 0.7).astype(np.float32)
    wall = cv2.dilate(polygon.astype(np.uint8), np.ones((5, 5), np.uint8)) == 0
    ratio = _brightness_ratio(gray, wall, 20.0)
    count, parts = cv2.connectedComponents(polygon.astype(np.uint8), connectivity=8)
    distance = cv2.distanceTransform(polygon.astype(np.uint8), cv2.DIST_L2, 5)
    for index in range(1, count):
        part = parts == index
        half_width = float(np.percentile(distance[part], 90))
        label[part] = UNKNOWN
        if 2 * half_width <= THIN_PX:
            label[part] = POSITIVE
            continue
        inside = ratio[part]
        threshold = _otsu(inside)
        dark = part & (ratio <= threshold)
        share = float(dark.sum()) / float(part.sum())
        if not 0.03 < share < 0.97:
            continue
        if _is_scattered(dark):
            continue
        contrast = float(ratio[part & ~dark].mean() - ratio[dark].mean())
        dark = _drop_specks(dark, max(12, int(4 * half_width)))
        reach = cv2.distanceTransform((~dark).astype(np.uint8), cv2.DIST_L2, 5) <= 2.5 * half_width
        if contrast < MIN_CONTRAST or float((reach & part).sum()) < 0.7 * float(part.sum()):
            continue
        label[part & (ratio > 0.5 * (threshold + 1.0))] = NEGATIVE
        label[dark] = POSITIVE
    return label


def patch_label(image: NDArray[np.uint8]) -> Label:
    """A label for a concrete patch that is known to show a crack but has no mask: its clearly dark structure.

    Pixels between clearly dark and wall are UNKNOWN, so that a second, fainter crack is not taught to be wall.
    """
    gray = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (0, 0), 0.8).astype(np.float32)
    ratio = gray / max(float(np.median(gray)), 8.0)
    threshold = min(_otsu(ratio), 0.86)
    dark = _drop_specks(ratio < threshold, 60, extent=45)
    label = np.zeros(gray.shape, np.uint8)
    label[ratio < 0.5 * (threshold + 0.95)] = UNKNOWN
    near = cv2.dilate(dark.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    label[near & ~dark] = NEGATIVE
    label[near & ~dark & (ratio < threshold + 0.05)] = UNKNOWN
    label[dark] = POSITIVE
    return label
