"""Masks from prototypes: where their edge lies on the photo, and what they never contain."""

from __future__ import annotations

import numpy as np
import pytest

from sightline.crack.ultralytics.letterbox import Letterbox
from sightline.crack.ultralytics.masks import MaskPainter, box_pixels, filled_box

EVERYTHING = np.array([0, 0, 9999, 9999], dtype=np.float32)


def whole(letterbox: Letterbox) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    height, width = letterbox.photo
    return np.array([0, 0, width, height], dtype=np.float32)


@pytest.mark.parametrize("photo", [(480, 640), (500, 333), (97, 251), (1200, 1600)])
def test_a_slope_crosses_its_edge_at_the_same_place_on_the_photo(photo: tuple[int, int]) -> None:
    letterbox = Letterbox.fit(photo, (320, 320), stride=None)
    # A logit that is the position on the canvas less 150.25 px: sampled anywhere, it is that position.
    slope = (np.arange(80, dtype=np.float32) + 0.5) * 4 - 150.25
    region = MaskPainter(np.broadcast_to(slope, (1, 80, 80)).copy(), letterbox).paint(
        np.ones(1, dtype=np.float32), whole(letterbox)
    )
    assert region is not None
    assert region.coverage.shape == photo
    assert region.coverage.min() >= 0
    assert region.coverage.max() <= 1
    expected = (150.25 - letterbox.origin[1]) * photo[1] / letterbox.content[1] - 0.5
    first = int(np.argmax(region.coverage[photo[0] // 2] > 0.5))
    assert first - 1 <= expected + 0.02 * photo[1] / 320
    assert first >= expected - 0.02 * photo[1] / 320


def test_the_grey_border_does_not_reach_in() -> None:
    letterbox = Letterbox.fit((25, 80), (80, 80), stride=None)  # 27 grey rows above, 28 below
    prototypes = np.full((1, 20, 20), 9, dtype=np.float32)
    prototypes[:, 7:13] = -9  # whatever overlaps the photo; the rest claims to be mask
    assert MaskPainter(prototypes, letterbox).paint(np.ones(1, dtype=np.float32), whole(letterbox)) is not None
    prototypes[:, 6:14] = -9  # the border rows next to the photo as well
    assert MaskPainter(prototypes, letterbox).paint(np.ones(1, dtype=np.float32), whole(letterbox)) is None


def test_a_mask_that_is_nowhere_in_its_box_is_none() -> None:
    letterbox = Letterbox.fit((80, 80), (80, 80), stride=None)
    prototypes = np.full((1, 20, 20), -9, dtype=np.float32)
    prototypes[:, :5, :5] = 9
    painter, one = MaskPainter(prototypes, letterbox), np.ones(1, dtype=np.float32)
    assert painter.paint(one, np.array([0, 0, 30, 30], dtype=np.float32)) is not None
    assert painter.paint(one, np.array([40, 40, 80, 80], dtype=np.float32)) is None


def test_a_box_holds_the_pixels_whose_index_is_in_it() -> None:
    assert box_pixels(np.array([0.2, 1.0, 4.0, 4.1], dtype=np.float32)) == (slice(1, 5), slice(1, 4))
    assert filled_box(np.array([3.1, 3, 3.9, 9], dtype=np.float32)) is None
    assert filled_box(np.array([9, 3, 3, 9], dtype=np.float32)) is None
