"""Landmarks of a head whose turn, gaze and lids are known: the canonical face before a camera, no data of anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import radians, tan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.canonical import BASIS, POINTS_CM
from sightline.gaze.eyes import CANTHI, IRIS, LOWER_LID, UPPER_LID
from sightline.gaze.frames import FrameMeasure, measure_frame
from sightline.gaze.pose import VERTICAL_FIELD_DEG
from sightline.media.frames import VideoFrame

Floats = NDArray[np.float64]

SIZE = (640, 480)
IRIS_RADIUS_CM = 0.585
EYE_RADIUS_CM = 1.09
CANTHI_BEFORE_CENTRE_CM = 0.6
LIDS_BEFORE_CANTHI_CM = 0.1
EYE_ABOVE_CANTHI_CM = 0.15


def rotation(yaw_deg: float, pitch_deg: float, roll_deg: float) -> Floats:
    """Roll first, then pitch, then yaw; x right, y up, z towards the camera."""
    yaw, pitch, roll = np.radians([yaw_deg, pitch_deg, roll_deg])
    about_y = [[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]]
    about_x = [[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]]
    about_z = [[np.cos(roll), np.sin(roll), 0], [-np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
    return np.array(about_y) @ np.array(about_x) @ np.array(about_z)


@dataclass(frozen=True)
class Head:
    """A head before the camera; angles in degrees as everywhere, the rest in centimetres."""

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    gaze_h_deg: float = 0.0
    gaze_v_deg: float = 0.0
    opening_cm: float = 0.8
    at_cm: tuple[float, float, float] = (0.0, 0.0, 25.0)
    iris_radius_cm: float = IRIS_RADIUS_CM

    def landmarks(self, size: tuple[int, int] = SIZE) -> NDArray[np.float32]:
        """(478, 3) px as the landmark net gives them; points that nothing is measured on lie in one heap."""
        places = np.zeros((478, 3))
        places[BASIS] = POINTS_CM
        for eye in (0, 1):
            self._put_eye(places, eye)
        away = self.at_cm * np.array([1, 1, -1])
        placed = places @ rotation(self.yaw_deg, self.pitch_deg, self.roll_deg).T + away
        focal_px = size[1] / 2 / tan(radians(VERTICAL_FIELD_DEG / 2))
        depth = -placed[:, 2]
        x = size[0] / 2 + focal_px * placed[:, 0] / depth
        y = size[1] / 2 - focal_px * placed[:, 1] / depth
        z = focal_px * (depth / self.at_cm[2] - 1)
        heap = np.setdiff1d(np.arange(468), np.concatenate([BASIS, UPPER_LID.ravel(), LOWER_LID.ravel()]))
        z[heap] = 0.0
        z[heap] = -z[:468].sum() / len(heap)  # depth is given from the face's mean
        return np.stack([x, y, z], axis=1).astype(np.float32)

    def _put_eye(self, places: Floats, eye: int) -> None:
        middle = places[CANTHI[eye]].mean(axis=0) + np.array([0, EYE_ABOVE_CANTHI_CM, 0])
        for lid, height in ((UPPER_LID, self.opening_cm / 2), (LOWER_LID, -self.opening_cm / 2)):
            places[lid[eye]] = middle + np.array(
                [[-0.5, height, LIDS_BEFORE_CANTHI_CM], [0.5, height, LIDS_BEFORE_CANTHI_CM]]
            )
        h, v = np.radians([self.gaze_h_deg, self.gaze_v_deg])
        ahead = np.array([np.sin(h) * np.cos(v), np.sin(v), np.cos(h) * np.cos(v)])
        iris = middle - np.array([0, 0, CANTHI_BEFORE_CENTRE_CM]) + EYE_RADIUS_CM * ahead
        rim = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]])
        places[IRIS[eye]] = iris + self.iris_radius_cm * rim


@dataclass(frozen=True)
class SeenFace:
    """What a tracker says of a frame."""

    landmarks: NDArray[np.float32]
    confidence: float = 1.0
    score: float = 0.9
    face_count: int = 1


def picture(size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """Bright and full of detail: nothing speaks against it."""
    width, height = size
    return np.random.default_rng(0).integers(60, 220, (height, width, 3), dtype=np.uint8)


def rows_of(
    heads: Sequence[Head | None], *, fps: float = 30.0, size: tuple[int, int] = SIZE, **said: Any
) -> list[FrameMeasure]:
    """The rows of a clip, a head or None for each frame; `said` goes to `SeenFace`."""
    pixels = picture(size)
    rows = []
    for index, head in enumerate(heads):
        frame = VideoFrame.from_rgb(pixels, index, index / fps)
        face = None if head is None else SeenFace(head.landmarks(size), **said)
        row = measure_frame(frame, face)  # type: ignore[arg-type]
        if face is not None:  # no irises are drawn
            row = replace(row, irises_px=face.landmarks[IRIS[:, 0], :2].astype(np.float64))
        rows.append(row)
    return rows
