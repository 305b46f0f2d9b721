"""Beyond the picture its edge goes on."""

from __future__ import annotations

import numpy as np
import pytest

from sightline.gaze.face.edges import extend_edges, lies_within
from sightline.gaze.face.region import Region
from sightline.media.frames import VideoFrame

WIDTH, HEIGHT = 90, 60


def picture() -> np.ndarray:
    """Colours that change slowly, none black."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return np.stack([60 + x, 90 + 2 * y, 200 - x], axis=2).astype(np.uint8)


def extended(region: Region, side: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """A crop whose outside is extended, and the same crop from a picture that has been extended all around."""
    matrix = region.to_picture(side)
    crop = VideoFrame.from_rgb(picture()).crop(matrix, side, side)
    wide = VideoFrame.from_rgb(np.pad(picture(), ((200, 200), (200, 200), (0, 0)), mode="edge"))
    shifted = matrix.copy()
    shifted[:, 2] += 200
    return extend_edges(crop, matrix, WIDTH, HEIGHT), wide.crop(shifted, side, side)


@pytest.mark.parametrize(
    "region",
    [
        Region(45, 30, 140, 140, 0.0),
        Region(0, 0, 60, 60, 0.3),
        Region(85, 50, 80, 80, -1.4),
        Region(45, 30, 300, 300, 3.0),
        Region(45, -10, 50, 50, 0.1),
    ],
    ids=["all around", "corner", "turned on its side", "upside down and small", "mostly outside"],
)
def test_it_is_as_if_the_picture_went_on(region: Region) -> None:
    ours, expected = extended(region)
    difference = np.abs(ours.astype(int) - expected)
    assert difference.mean() < 4
    assert np.percentile(difference, 95) < 15


def test_no_black_is_left() -> None:
    ours, _ = extended(Region(45, 30, 200, 200, 0.4))
    assert ours.min() > 40


@pytest.mark.parametrize(("centre_px", "within"), [(45, True), (17, True), (14, False), (76, False)])
def test_a_crop_lies_within_the_picture_or_not(centre_px: float, within: bool) -> None:
    matrix = Region(centre_px, 30, 30, 30, 0.0).to_picture(32)
    assert lies_within(matrix, 32, WIDTH, HEIGHT) == within
    if within:
        crop = VideoFrame.from_rgb(picture()).crop(matrix, 32, 32)
        assert np.array_equal(extend_edges(crop, matrix, WIDTH, HEIGHT), crop)
