"""Scaling, mirroring and tilting the picture changes no measure that it should not, through the real tracker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from sightline.gaze.face.tracker import FaceTracker
from sightline.gaze.frames import Frames, measure_frame, stack
from sightline.media.frames import VideoFrame
from tests.gaze.animated import SyntheticFace, played, still

Pixels = NDArray[np.uint8]

LOOKS = [
    (0.0, 0.0),
    (0.0, 0.0),
    (0.0, 12.0),
    (0.0, 0.0),
    (0.0, -12.0),
    (0.0, 0.0),
    (15.0, 0.0),
    (-15.0, 0.0),
    (0.0, 0.0),
]
"""Mostly ahead, so that the median is where the eyes rest; up, down, to the right and the left of the picture."""

GAZE_DEG = 5.5
"""How far two tellings of one gaze may differ: the net sees every size and tilt a little differently, and 1 degree is
half a pixel here."""

APERTURE = 0.15
"""Relative, likewise: a tilt by 20 degrees alone makes up to 0.12."""


@cache
def tracker() -> FaceTracker:
    return FaceTracker()


@cache
def pictures(roll_deg: float = 0.0) -> tuple[Pixels, ...]:
    face = SyntheticFace(played(LOOKS, roll_deg=still(roll_deg), noise=1.0))
    return tuple(picture for _, picture in face.frames())


def measured(seen: Iterable[Pixels]) -> Frames:
    tracker().reset()
    frames = [VideoFrame.from_rgb(picture, index, index / 30) for index, picture in enumerate(seen)]
    rows = [measure_frame(frame, tracker().update(frame)) for frame in frames]
    return stack(rows, (frames[0].width_px, frames[0].height_px))


@cache
def plain() -> Frames:
    return measured(pictures())


def changed(change: Callable[[Image.Image], Image.Image]) -> Frames:
    return measured(np.asarray(change(Image.fromarray(picture))) for picture in pictures())


def assert_same_eyes(found: Frames, roll_deg: float = 0.0) -> None:
    wanted = plain()
    assert (found.gate == "").all()
    assert found.aperture == pytest.approx(wanted.aperture, rel=APERTURE)
    assert found.v_offset == pytest.approx(wanted.v_offset, abs=0.1)
    assert found.h_offset == pytest.approx(wanted.h_offset, abs=0.04)
    assert found.gaze_v_deg == pytest.approx(wanted.gaze_v_deg, abs=GAZE_DEG)
    assert found.gaze_h_deg == pytest.approx(wanted.gaze_h_deg, abs=GAZE_DEG)
    # Yaw and pitch tell where the nose points before the camera: a tilt turns a nose that points down to a side.
    cosine, sine = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
    assert found.yaw_deg == pytest.approx(wanted.yaw_deg * cosine + wanted.pitch_deg * sine, abs=2)
    assert found.pitch_deg == pytest.approx(wanted.pitch_deg * cosine - wanted.yaw_deg * sine, abs=3.5)


def test_the_plain_face_looks_where_it_is_drawn_to_look() -> None:
    across, up = np.array(LOOKS).T
    assert plain().gaze_h_deg == pytest.approx(across, abs=GAZE_DEG)
    assert plain().gaze_v_deg == pytest.approx(up, abs=GAZE_DEG)


@settings(max_examples=5)
@given(st.floats(0.5, 2.0))
@example(0.5)
def test_a_larger_or_smaller_picture_shows_the_same_eyes(factor: float) -> None:
    size = round(640 * factor), round(480 * factor)
    found = changed(lambda picture: picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=None))
    assert_same_eyes(found)
    assert found.roll_deg == pytest.approx(plain().roll_deg, abs=1.5)
    assert found.left.width_px == pytest.approx(plain().left.width_px * factor, rel=0.05)
    assert found.left.iris_diameter_px == pytest.approx(plain().left.iris_diameter_px * factor, rel=0.06)
    assert found.deg_per_px == pytest.approx(plain().deg_per_px / factor, rel=0.06)


def test_a_mirrored_picture_swaps_eyes_and_sides_only() -> None:
    found, wanted = changed(lambda picture: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)), plain()
    assert found.aperture == pytest.approx(wanted.aperture, rel=APERTURE)
    assert found.left.aperture == pytest.approx(wanted.right.aperture, rel=APERTURE)
    assert found.right.aperture == pytest.approx(wanted.left.aperture, rel=APERTURE)
    assert found.left.iris_x_px == pytest.approx(640 - wanted.right.iris_x_px, abs=1.5)
    assert found.left.iris_y_px == pytest.approx(wanted.right.iris_y_px, abs=1.5)
    assert found.gaze_h_deg == pytest.approx(-wanted.gaze_h_deg, abs=GAZE_DEG)
    assert found.gaze_v_deg == pytest.approx(wanted.gaze_v_deg, abs=GAZE_DEG)
    assert found.yaw_deg == pytest.approx(-wanted.yaw_deg, abs=3.5)
    assert found.pitch_deg == pytest.approx(wanted.pitch_deg, abs=3.5)
    assert found.roll_deg == pytest.approx(-wanted.roll_deg, abs=1.5)


@settings(max_examples=5)
@given(st.floats(-25, 25))
@example(20.0)
@example(-20.0)
def test_a_tilted_head_has_the_same_gaze(roll_deg: float) -> None:
    found = measured(pictures(roll_deg))
    assert_same_eyes(found, roll_deg)
    assert found.roll_deg == pytest.approx(plain().roll_deg + roll_deg, abs=2)


@pytest.mark.parametrize("turns", [1, 3])
def test_a_face_that_lies_on_its_side_is_seen_so(turns: int) -> None:
    found = measured(np.ascontiguousarray(np.rot90(picture, turns)) for picture in pictures())
    rolled = (found.roll_deg - plain().roll_deg + 90 * turns + 180) % 360 - 180
    assert found.detected.any()
    assert np.abs(rolled[found.detected]).max() < 3
