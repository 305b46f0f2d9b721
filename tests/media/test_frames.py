"""A frame's pixels upright, and crops in any position that look as if they came from the whole picture."""

from __future__ import annotations

from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.media.frames import VideoFrame
from sightline.media.orientation import UPRIGHT, Orientation
from tests.media.samples import scene

WHOLE = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
FORMATS = ("yuv420p", "yuvj420p", "yuv422p", "yuv444p", "yuv410p", "yuv420p10le", "nv12", "gray", "rgb24", "bgra")
ORIENTATIONS = [Orientation(*(bool(code >> bit & 1) for bit in range(3))) for code in range(8)]

angles = st.floats(0, 2 * np.pi)
scales = st.floats(0.2, 3)
offsets = st.floats(-60, 200)


def decoded(pixel_format: str = "yuv420p", size: tuple[int, int] = (160, 96), **colour: Any) -> av.VideoFrame:
    """A frame as a decoder would leave it, with coarse and fine detail."""
    picture = scene(*size)
    picture[10:50, 20:90] = np.random.default_rng(0).integers(0, 255, (40, 70, 3))
    return av.VideoFrame.from_ndarray(picture).reformat(format=pixel_format, **colour)


def frame_of(frame: av.VideoFrame, orientation: Orientation = UPRIGHT) -> VideoFrame:
    return VideoFrame(frame, orientation, index=0, time_s=0.0)


def similarity(angle: float, scale: float, x: float, y: float) -> NDArray[np.float64]:
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    return np.array([[cos, -sin, x], [sin, cos, y]])


def moved(x: float, y: float) -> NDArray[np.float64]:
    return similarity(0.0, 1.0, x, y)


def expected(rgb: NDArray[np.uint8], matrix: NDArray[np.float64], width: int, height: int) -> NDArray[np.float64]:
    """Bilinear samples of a picture that black surrounds, by the textbook."""
    y, x = np.mgrid[0:height, 0:width] + 0.5
    at_x, at_y = (row[0] * x + row[1] * y + row[2] - 0.5 for row in matrix)
    sampled = np.zeros((height, width, 3))
    for step_x in (0, 1):
        for step_y in (0, 1):
            left, top = np.floor(at_x).astype(int) + step_x, np.floor(at_y).astype(int) + step_y
            weight = (1 - np.abs(at_x - left)) * (1 - np.abs(at_y - top))
            inside = (left >= 0) & (top >= 0) & (left < rgb.shape[1]) & (top < rgb.shape[0])
            values = rgb[top.clip(0, rgb.shape[0] - 1), left.clip(0, rgb.shape[1] - 1)]
            sampled += np.where(inside, weight, 0)[..., np.newaxis] * values
    return sampled


@given(angles, scales, offsets, offsets, st.integers(1, 40), st.integers(1, 40), st.sampled_from(ORIENTATIONS))
def test_a_crop_is_the_bilinear_sample_of_the_upright_picture(
    angle: float, scale: float, x: float, y: float, width: int, height: int, orientation: Orientation
) -> None:
    frame = frame_of(decoded(), orientation)
    matrix = similarity(angle, scale, x, y)
    crop = frame.crop(matrix, width, height)

    assert crop.dtype == np.uint8
    assert np.abs(crop - expected(frame.rgb(), matrix, width, height)).max() <= 2


@pytest.mark.parametrize("pixel_format", FORMATS)
@pytest.mark.parametrize("size", [(160, 96), (97, 61)])
def test_a_crop_in_place_has_the_colours_of_the_whole(pixel_format: str, size: tuple[int, int]) -> None:
    frame = frame_of(decoded(pixel_format, size))
    difference = np.abs(frame.crop(WHOLE, *size).astype(int) - frame.rgb())
    part = np.abs(frame.crop(moved(31, 17), 40, 30).astype(int) - frame.rgb()[17:47, 31:71])

    if size == (160, 96) and pixel_format != "yuv410p":
        assert max(difference.max(), part.max()) <= 2
    else:  # there swscale smooths colours in one of the two ways only, and the frame's colours are noise
        assert max(difference.mean(), part.mean()) <= 12


@pytest.mark.parametrize("colour_range", ["MPEG", "JPEG"])
@pytest.mark.parametrize("matrix", ["itu601", "itu709"])
def test_the_frames_colour_range_and_matrix_are_kept_to(colour_range: str, matrix: str) -> None:
    flat = np.full((64, 64, 3), (200, 120, 40), np.uint8)
    frame = av.VideoFrame.from_ndarray(flat).reformat(
        format="yuv444p", dst_colorspace=matrix, dst_color_range=colour_range
    )
    crop = frame_of(frame).crop(WHOLE, 64, 64)

    assert np.abs(crop.astype(int) - (200, 120, 40)).max() <= 2


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_every_way_to_look_agrees_on_what_is_up(orientation: Orientation) -> None:
    frame = frame_of(decoded(), orientation)
    whole = frame.rgb()

    assert whole.shape == (frame.height_px, frame.width_px, 3)
    assert np.array_equal(frame.crop(WHOLE, frame.width_px, frame.height_px), whole)


def test_a_picture_is_a_frame() -> None:
    picture = scene(97, 61)
    frame = VideoFrame.from_rgb(picture, index=3, time_s=0.5)

    assert (frame.index, frame.time_s, frame.width_px, frame.height_px) == (3, 0.5, 97, 61)
    assert np.array_equal(frame.rgb(), picture)
    assert np.array_equal(frame.crop(WHOLE, 97, 61), picture)


def test_outside_it_is_black() -> None:
    frame = VideoFrame.from_rgb(np.full((60, 90, 3), 255, np.uint8))

    assert not frame.crop(moved(500, 0), 32, 32).any()
    crop = frame.crop(moved(-10, -20), 110, 100)
    assert crop[20:80, 10:100].min() == 255
    crop[20:80, 10:100] = 0
    assert not crop.any()


def test_far_away_it_is_black_and_takes_no_memory() -> None:
    frame = VideoFrame.from_rgb(np.full((60, 90, 3), 255, np.uint8))

    assert frame.crop(np.array([[1e6, 0, -5e6], [0, 1e6, -5e6]]), 10, 10).max() <= 255
    assert not frame.crop(np.array([[1.0, 0, 1e8], [0, 1, 1e8]]), 10, 10).any()


def test_pixels_that_are_skipped_are_averaged_if_asked() -> None:
    y, x = np.mgrid[0:600, 0:800]
    board = np.where((x + y) % 2, 255, 0).astype(np.uint8)
    frame = VideoFrame.from_rgb(np.stack([board] * 3, axis=2))
    matrix = similarity(0.2, 5.3, 100, 10)

    plain, averaged = frame.crop(matrix, 64, 64), frame.crop(matrix, 64, 64, antialias=True)
    assert plain.std() > 30
    assert np.abs(averaged - 127.5).max() < 8


@given(angles, st.floats(2, 8), st.sampled_from(ORIENTATIONS))
def test_averaging_moves_nothing(angle: float, scale: float, orientation: Orientation) -> None:
    y, x = np.mgrid[0:400, 0:600]
    smooth = np.stack([x / 600 * 255, y / 400 * 255, (x + y) / 1000 * 255], axis=2).astype(np.uint8)
    frame = VideoFrame(av.VideoFrame.from_ndarray(smooth), orientation, index=0, time_s=0.0)
    matrix = similarity(angle, scale, 0, 0)
    matrix[:, 2] = [frame.width_px / 2, frame.height_px / 2] - matrix[:, :2] @ [10, 10]
    plain, averaged = (frame.crop(matrix, 20, 20, antialias=wanted).astype(int) for wanted in (False, True))

    assert np.abs(plain - averaged).max() <= 3
