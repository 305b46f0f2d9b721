from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from sightline.documents.picture import LONGEST_PX, fitting, jpeg_picture


@pytest.mark.parametrize(("height", "width"), [(3000, 4000), (4000, 10), (20, 30)])
def test_a_picture_is_no_larger_than_a_document_needs(height: int, width: int) -> None:
    made = jpeg_picture("wall", np.full((height, width, 3), 120, np.uint8), "a wall")
    image = Image.open(BytesIO(made.data))
    assert image.size == (made.width_px, made.height_px)
    assert max(image.size) == min(LONGEST_PX, max(height, width))
    assert (made.name, made.media_type, image.format) == ("wall.jpg", "image/jpeg", "JPEG")


def test_a_picture_that_fits_is_left_alone() -> None:
    pixels = np.zeros((10, 20, 3), np.uint8)
    assert fitting(pixels, 20) is pixels
    assert fitting(pixels, 10).shape == (5, 10, 3)


def test_a_red_line_keeps_its_edge() -> None:
    pixels = np.full((40, 40, 3), 200, np.uint8)
    pixels[:, 20:22] = (210, 0, 40)
    image = np.asarray(Image.open(BytesIO(jpeg_picture("line", pixels, "").data)).convert("RGB")).astype(int)
    assert np.abs(image[:, 20:22] - (210, 0, 40)).mean() < 12
    assert np.abs(image[:, :16] - 200).max() < 12
