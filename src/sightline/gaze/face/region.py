"""The turned rectangle of the picture that the landmark net looks at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

RIGHT_OUTER_CORNER: Final = 33
LEFT_OUTER_CORNER: Final = 263
"""Landmarks of the outer eye corners, of the person's right and left eye; the region stands upright on their line."""

MARGIN: Final = 1.5
"""Side of the region over the face's: what the landmark net was trained with (MediaPipe's Face Landmarker graph)."""

_USUAL_TILT_DEG: Final = 12.0
_CHANGE_DEG: Final = 4.0
"""People who hold their head as they please tilt it by up to 12 degrees (the labelled clips); the change is gradual."""


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle in pixels of the upright picture, turned clockwise (as seen) by `rotation_rad` about its centre."""

    centre_x_px: float
    centre_y_px: float
    width_px: float
    height_px: float
    rotation_rad: float

    def to_picture(self, side_px: int) -> NDArray[np.float64]:
        """The affine map (2, 3) from a crop of `side_px` x `side_px` pixels to the picture."""
        cosine, sine = math.cos(self.rotation_rad), math.sin(self.rotation_rad)
        right, down = self.width_px / side_px, self.height_px / side_px
        half = side_px / 2
        a, b, c, d = cosine * right, -sine * down, sine * right, cosine * down
        return np.array([[a, b, self.centre_x_px - half * (a + b)], [c, d, self.centre_y_px - half * (c + d)]])


def around_detection(box_px: NDArray[np.floating], eyes_px: NDArray[np.floating]) -> Region:
    """The region for a face that the detector found.

    Args:
        box_px: (4,) left, top, right, bottom.
        eyes_px: (2, 2) the centres of the person's right and left eye.
    """
    left, top, right, bottom = (float(value) for value in box_px)
    return Region(
        centre_x_px=(left + right) / 2,
        centre_y_px=(top + bottom) / 2,
        width_px=MARGIN * (right - left),
        height_px=MARGIN * (bottom - top),
        rotation_rad=_angle(eyes_px[0], eyes_px[1]),
    )


def around_landmarks(landmarks_px: NDArray[np.floating]) -> Region:
    """The region for the next frame: a square about the landmarks (n, 2 or 3) of this one.

    MediaPipe measures the square along the picture's axes, so that a tilted head lies elsewhere in it and the net
    answers otherwise: at a roll of 20 degrees the eyes' vertical range read 5 to 10 % more. So it is done up to the
    usual tilts only; beyond, the square is measured along the eyes' own axes.
    """
    rotation = _angle(landmarks_px[RIGHT_OUTER_CORNER], landmarks_px[LEFT_OUTER_CORNER])
    beyond = (abs(math.degrees(rotation)) - _USUAL_TILT_DEG) / _CHANGE_DEG
    axes = rotation * min(max(beyond, 0.0), 1.0)
    cosine, sine = math.cos(axes), math.sin(axes)
    turned = landmarks_px[:, :2] @ np.array([[cosine, -sine], [sine, cosine]])
    low, high = turned.min(axis=0), turned.max(axis=0)
    side = MARGIN * float((high - low).max())
    x, y = (low + high) / 2
    return Region(float(cosine * x - sine * y), float(sine * x + cosine * y), side, side, rotation)


def _angle(start: NDArray[np.floating], end: NDArray[np.floating]) -> float:
    return math.atan2(float(end[1] - start[1]), float(end[0] - start[0]))
