"""A free portrait (NASA, public domain; it comes with scikit-image) as frames, and its face found once."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.gaze.face.tracker import Face, FaceTracker
from sightline.media.frames import VideoFrame


@cache
def portrait() -> NDArray[np.uint8]:
    """Eileen Collins, RGB uint8 (512, 512, 3)."""
    data = pytest.importorskip("skimage.data")
    picture: NDArray[np.uint8] = data.astronaut()
    return picture


def frame(picture: NDArray[np.uint8], time_s: float = 0.0) -> VideoFrame:
    return VideoFrame.from_rgb(np.ascontiguousarray(picture), time_s=time_s)


def only_face(picture: NDArray[np.uint8]) -> Face:
    face = FaceTracker().update(frame(picture))
    assert face is not None
    return face


def eye_distance_px(face: Face) -> float:
    return float(np.linalg.norm(face.landmarks[33, :2] - face.landmarks[263, :2]))


def apart(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Mean distance of the points (n, 2 or more) of two faces, px."""
    return float(np.linalg.norm(one[:, :2] - other[:, :2], axis=1).mean())
