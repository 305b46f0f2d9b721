"""Crops as floats: the same as a crop of the picture whose edge goes on, whatever the frame is stored in."""

from __future__ import annotations

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.media.frames import VideoFrame
from sightline.media.orientation import UPRIGHT, Orientation
from tests.media.test_frames import ORIENTATIONS, angles, expected, offsets, similarity

BORDER = 400
sizes = st.integers(1, 20).map(lambda half: 2 * half)


def grey(pixel_format: str, size: tuple[int, int] = (160, 96)) -> av.VideoFrame:
    """A frame with detail in its brightness and none in its colour."""
    noise = np.random.default_rng(0).integers(20, 235, (size[1] // 4, size[0] // 4), np.uint8)
    picture = np.repeat(np.kron(noise, np.ones((4, 4), np.uint8))[..., np.newaxis], 3, axis=2)
    return av.VideoFrame.from_ndarray(picture).reformat(format=pixel_format)


def floats(frame: VideoFrame, matrix: NDArray[np.float64], width: int, height: int) -> NDArray[np.float32]:
    out = np.full((height, width, 3), np.nan, np.float32)
    frame.crop_floats(matrix, out)
    return out * 255


def with_edge(rgb: NDArray[np.uint8], matrix: NDArray[np.float64], width: int, height: int) -> NDArray[np.float64]:
    padded = np.pad(rgb, ((BORDER, BORDER), (BORDER, BORDER), (0, 0)), mode="edge")
    return expected(padded, matrix + np.array([0.0, 0.0, BORDER]), width, height)


@given(angles, st.floats(0.2, 1.9), offsets, offsets, sizes, sizes, st.sampled_from(ORIENTATIONS))
def test_a_crop_as_floats_continues_the_edge(
    angle: float, scale: float, x: float, y: float, width: int, height: int, orientation: Orientation
) -> None:
    matrix = similarity(angle, scale, x, y)
    for pixel_format in ("yuv420p", "yuvj420p", "yuv444p"):
        frame = VideoFrame(grey(pixel_format), orientation, index=0, time_s=0.0)
        wanted = with_edge(frame.rgb(), matrix, width, height)
        assert np.abs(floats(frame, matrix, width, height) - wanted).max() <= 3
        assert np.abs(frame.crop_light(matrix, width, height) - wanted[..., 0]).max() <= 3


@pytest.mark.parametrize("colour_range", ["MPEG", "JPEG"])
@pytest.mark.parametrize("space", ["itu601", "itu709"])
@pytest.mark.parametrize("rgb", [(200, 120, 40), (10, 200, 240), (255, 255, 255), (0, 0, 0)])
def test_colours_are_those_of_the_picture(colour_range: str, space: str, rgb: tuple[int, int, int]) -> None:
    flat = np.full((64, 64, 3), rgb, np.uint8)
    frame = av.VideoFrame.from_ndarray(flat).reformat(
        format="yuv420p", dst_colorspace=space, dst_color_range=colour_range
    )
    crop = floats(VideoFrame(frame, UPRIGHT, index=0, time_s=0.0), similarity(0.1, 0.7, 9, 9), 32, 32)
    assert np.abs(crop - rgb).max() <= 3


def test_light_is_averaged_where_pixels_are_skipped() -> None:
    stripes = np.zeros((120, 120, 3), np.uint8)
    stripes[:, ::2] = 240
    frame = VideoFrame(av.VideoFrame.from_ndarray(stripes).reformat(format="yuv420p"), UPRIGHT, index=0, time_s=0.0)
    assert np.abs(frame.crop_light(similarity(0.0, 4.0, 0.0, 0.0), 30, 30) - 120).max() <= 4


@pytest.mark.parametrize("far", [1e3, 1e7, -1e12])
def test_a_crop_far_outside_shows_the_edge(far: float) -> None:
    frame = VideoFrame(grey("yuv420p"), UPRIGHT, index=0, time_s=0.0)
    assert np.isfinite(floats(frame, similarity(0.0, 1.0, far, far), 8, 8)).all()
    tiny = VideoFrame.from_rgb(np.full((1, 1, 3), 77, np.uint8))
    assert np.abs(floats(tiny, similarity(0.3, 0.5, far, far), 8, 8) - 77).max() <= 1
