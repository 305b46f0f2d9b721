"""Photos of one plastered wall at several times, for comparisons that are made in earnest."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from sightline.crack.compare.compared import ComparisonReport, Refusal
from sightline.crack.report import CrackReport
from tests.conftest import encoded

SIZE = 720, 540
_GRAINS = (8, 24, 80)
"""Cells of the plaster along x, coarse to fine."""


@cache
def plaster(seed: int = 1) -> NDArray[np.uint8]:
    """A light wall without a crack, uint8 (H, W, 3), which a net of 64 grey levels and less finds nothing in."""
    random = np.random.default_rng(seed)
    height = np.zeros(SIZE[::-1], np.float32)
    for columns in _GRAINS:
        cells = random.normal(0, 1, (columns * SIZE[1] // SIZE[0], columns)).astype(np.float32)
        height += np.asarray(Image.fromarray(cells).resize(SIZE, Image.Resampling.BICUBIC))
    grey = np.clip(185 + 14 * height, 110, 250)[..., None] * np.array([1, 0.98, 0.93])
    plastered: NDArray[np.uint8] = grey.astype(np.uint8)
    return plastered


def photo(*, cracks: int = 0, seed: int = 1, shift: int = 0) -> bytes:
    """A JPEG of the wall, taken `shift` pixels further right, with so many straight cracks 5 px wide."""
    picture = Image.fromarray(plaster(seed))
    draw = ImageDraw.Draw(picture)
    for number in range(cracks):
        y = SIZE[1] * (number + 1) // 4
        draw.line([(130, y - 20), (420, y + 15), (600, y)], fill=(20, 18, 18), width=5)
    return encoded(np.asarray(picture)[:, shift:])


def wandering(*, cracks: int = 0, shift: int = 0) -> bytes:
    """The same with cracks that wander as true ones do, which the packaged model knows."""
    picture = Image.fromarray(plaster())
    draw = ImageDraw.Draw(picture)
    for number in range(cracks):
        steps = np.random.default_rng(number).normal([8, 0], [3, 3], (60, 2))
        points = np.cumsum(steps, axis=0) + np.array([120, SIZE[1] * (number + 1) / 4])
        draw.line([(x, y) for x, y in points.tolist()], fill=(45, 42, 40), width=3)
    return encoded(np.asarray(picture.filter(ImageFilter.GaussianBlur(0.6)))[:, shift:])


def not_comparable(
    before_image: NDArray[np.uint8],
    before_report: CrackReport,
    after_image: NDArray[np.uint8],
    after_report: CrackReport,
) -> ComparisonReport:
    """In place of `compare_reports` where a test is about anything but the comparison: it takes no time."""
    return ComparisonReport(
        before=before_report,
        after=after_report,
        registration=None,
        refusal=Refusal("other_wall", "The photos do not show the same wall."),
        changes=(),
        quality=(),
        model=after_report.model,
    )
