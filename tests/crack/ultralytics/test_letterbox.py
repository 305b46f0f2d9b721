"""Where a photo lies on a network's input, and how it gets there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.crack.ultralytics.letterbox import GREY, Letterbox, resize_bilinear

SIDES = st.integers(1, 5000)


@pytest.mark.parametrize(
    ("photo", "stride", "content", "canvas", "origin"),
    [
        ((480, 640), None, (480, 640), (640, 640), (80, 0)),
        ((480, 640), 32, (480, 640), (480, 640), (0, 0)),
        ((1080, 1920), 32, (360, 640), (384, 640), (12, 0)),
        ((500, 333), None, (640, 426), (640, 640), (0, 107)),
        ((500, 333), 32, (640, 426), (640, 448), (0, 11)),
        ((97, 251), 32, (247, 640), (256, 640), (4, 0)),  # 9 grey rows: 4 above, 5 below
        ((3000, 1), None, (640, 1), (640, 640), (0, 319)),
    ],
)
def test_ultralytics_geometry(
    photo: tuple[int, int],
    stride: int | None,
    content: tuple[int, int],
    canvas: tuple[int, int],
    origin: tuple[int, int],
) -> None:
    letterbox = Letterbox.fit(photo, (640, 640), stride=stride)
    assert (letterbox.content, letterbox.canvas, letterbox.origin) == (content, canvas, origin)


@given(SIDES, SIDES, st.sampled_from([None, 32, 64]))
def test_the_contents_corners_are_the_photos(height: int, width: int, stride: int | None) -> None:
    letterbox = Letterbox.fit((height, width), (640, 512), stride=stride)
    top, left = letterbox.origin
    bottom, right = top + letterbox.content[0], left + letterbox.content[1]
    assert bottom <= letterbox.canvas[0] <= 640
    assert right <= letterbox.canvas[1] <= 512
    if stride:
        assert not any(side % stride for side in letterbox.canvas)
    corners = np.array([[left, top, right, bottom], [-100, -100, 9999, 9999]], dtype=np.float32)
    np.testing.assert_allclose(letterbox.to_photo(corners), [[0, 0, width, height]] * 2, rtol=1e-6)


def test_no_boxes_stay_no_boxes() -> None:
    letterbox = Letterbox.fit((480, 640), (640, 640), stride=None)
    assert letterbox.to_photo(np.zeros((0, 4), dtype=np.float32)).shape == (0, 4)


def test_the_photo_is_placed_on_grey() -> None:
    canvas = Letterbox.fit((30, 64), (64, 64), stride=None).place(np.full((30, 64, 3), 200, dtype=np.uint8))
    assert canvas.shape == (64, 64, 3)
    assert np.all(canvas[17:47] == 200)
    assert np.all(canvas[:17] == GREY)
    assert np.all(canvas[47:] == GREY)


@given(SIDES, SIDES, st.integers(1, 64), st.integers(0, 255))
def test_one_colour_stays_that_colour(height: int, width: int, side: int, value: int) -> None:
    image = np.full((height % 200 + 1, width % 200 + 1, 3), value, dtype=np.uint8)
    scaled = resize_bilinear(image, (side, side + 3))
    assert scaled.shape == (side, side + 3, 3)
    assert np.all(np.abs(scaled.astype(int) - value) <= 1)


def test_each_pixel_is_mixed_from_its_neighbours() -> None:
    row = np.array([[[0], [100], [200], [40]]], dtype=np.uint8)
    assert resize_bilinear(row, (1, 8))[0, :, 0].tolist() == [0, 25, 75, 125, 175, 160, 80, 40]
    assert resize_bilinear(row, (1, 2))[0, :, 0].tolist() == [50, 120]


@pytest.mark.parametrize("size", [(3000, 4000), (480, 640), (641, 479), (97, 251), (320, 320), (60, 80)])
def test_the_same_bits_as_opencv(size: tuple[int, int]) -> None:
    cv2 = pytest.importorskip("cv2", reason="the oracle is OpenCV, which only the extras train and yolo bring")
    image = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    height, width = Letterbox.fit(size, (320, 320), stride=None).content
    theirs = cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR)
    np.testing.assert_array_equal(resize_bilinear(image, (height, width)), theirs)
