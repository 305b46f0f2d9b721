"""Head pose: how the canonical face must be turned, sized and placed to lie on the landmarks.

The net's landmarks are a picture in x and y and a relative depth in z. To undo the perspective, the distance must be
known; it follows from the face's size, which follows from a fit. So, as in MediaPipe's face geometry module
(`geometry_pipeline.cc`, Apache-2.0): a fit without perspective gives a first size, points moved back along their rays
at that size a better one, and points moved with the product the pose. Each fit is a weighted orthogonal Procrustes
problem (Schonemann 1966; Gower and Dijksterhuis, Procrustes Problems, 2004).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import radians, tan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.canonical import BASIS, POINTS_CM, WEIGHTS
from sightline.gaze.eyes import CANTHI

Floats = NDArray[np.float64]

VERTICAL_FIELD_DEG: Final = 63.0
"""The camera's assumed field of view along the picture's height, as MediaPipe assumes it. Where it is wrong, a face
away from the middle of the picture reads turned by a few degrees, as much in one frame as in the next."""

_CENTRED_CM: Final = POINTS_CM - WEIGHTS @ POINTS_CM
_WEIGHTED_CM: Final = _CENTRED_CM * WEIGHTS[:, None]
_SPREAD_CM2: Final = float((_WEIGHTED_CM * _CENTRED_CM).sum())
_CANTHI: Final = np.searchsorted(BASIS, CANTHI)


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Turn of the head in degrees: yaw to the right of the picture, pitch up, roll clockwise as seen, all positive."""

    yaw_deg: float
    pitch_deg: float
    roll_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class HeadFit:
    """The canonical face laid on the landmarks of n frames: float64 (n,) each unless said otherwise.

    Attributes:
        yaw_deg, pitch_deg, roll_deg: how it is turned, see `HeadPose`.
        px_per_cm: how large a centimetre is in the picture, square to the line of sight, at the face's distance.
        residual_cm: root of the weighted mean squared distance between the points and the canonical face.
        eyes_up_cm: (n, 2), how far up in the head the middle between an eye's canthi seems to be, the left eye's first.
    """

    yaw_deg: Floats
    pitch_deg: Floats
    roll_deg: Floats
    px_per_cm: Floats
    residual_cm: Floats
    eyes_up_cm: Floats


def pose_of(landmarks: NDArray[np.floating], size: tuple[int, int]) -> HeadPose:
    """Head pose from 468 or 478 landmarks (., 3) in pixels of an upright picture of `size` (width, height)."""
    fit = fit_head(landmarks[None, BASIS], mean_depth_px(landmarks)[None], size)
    return HeadPose(float(fit.yaw_deg[0]), float(fit.pitch_deg[0]), float(fit.roll_deg[0]))


def focal_length_px(size: tuple[int, int]) -> float:
    """Of the camera that is assumed to have made an upright picture of `size` (width, height)."""
    return size[1] / 2 / tan(radians(VERTICAL_FIELD_DEG / 2))


def mean_depth_px(landmarks: NDArray[np.floating]) -> Floats:
    """Mean z (...) of the 468 points of the face's mesh (irises left out), from landmarks (..., 468 or 478, 3)."""
    return np.asarray(landmarks[..., :468, 2].mean(axis=-1), np.float64)


def fit_head(basis: NDArray[np.floating], depth_px: NDArray[np.floating], size: tuple[int, int]) -> HeadFit:
    """Fit the canonical face to the landmarks of n frames.

    Args:
        basis: (n, 33, 3), the landmarks `canonical.BASIS` in px; z on the scale of x and negative towards the camera.
        depth_px: (n,), see `mean_depth_px`: the depth at which the face as a whole is taken to be.
        size: width and height of the upright picture in px.
    """
    width, height = size
    focal_px = focal_length_px(size)
    points = np.array(basis, np.float64)
    points -= (width / 2, height / 2, 0)
    points[..., 2] -= np.asarray(depth_px)[:, None]
    points *= (1, -1, -1)  # y up, z towards the camera
    points /= focal_px  # now x and y lie on a plane one unit away
    _, first = _rotation_and_scale(points)
    _, second = _rotation_and_scale(_unprojected(points, first))
    placed = _unprojected(points, first * second)
    rotation, _ = _rotation_and_scale(placed)
    centre = np.einsum("p,npc->nc", WEIGHTS, placed)
    placed -= centre[:, None]
    away = placed - _CENTRED_CM @ rotation.swapaxes(1, 2)
    return HeadFit(
        # The turn is taken apart as roll about the line of sight first, then pitch, then yaw.
        yaw_deg=np.degrees(np.arctan2(rotation[:, 0, 2], rotation[:, 2, 2])),
        pitch_deg=np.degrees(np.arcsin(rotation[:, 1, 2].clip(-1, 1))),
        roll_deg=np.degrees(np.arctan2(-rotation[:, 1, 0], rotation[:, 1, 1])),
        px_per_cm=focal_px / -centre[:, 2],
        residual_cm=np.sqrt(np.einsum("p,npc->n", WEIGHTS, away * away)),
        eyes_up_cm=np.einsum("nepc,nc->ne", placed[:, _CANTHI] / 2, rotation[:, :, 1]),
    )


def _unprojected(points: Floats, scale: Floats) -> Floats:
    """Points (n, 33, 3) in units of the focal length, moved out along their rays to where the face has its size."""
    depth = (1 - points[..., 2]) / scale[:, None]
    placed = points * depth[..., None]
    placed[..., 2] = -depth
    return placed


def _rotation_and_scale(points: Floats) -> tuple[Floats, Floats]:
    """Rotation (n, 3, 3) and scale (n,) that lay the canonical face on the points, each weighted."""
    left, _, right = np.linalg.svd(points.swapaxes(1, 2) @ _WEIGHTED_CM)
    left[..., 2] *= np.sign(np.linalg.det(left @ right))[:, None]  # a turn, no mirror: give up the least axis
    rotation = left @ right
    turned = _WEIGHTED_CM @ rotation.swapaxes(1, 2)
    return rotation, np.einsum("npc,npc->n", turned, points) / _SPREAD_CM2
