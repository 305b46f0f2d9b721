"""A scale from two points whose distance the user states, for photos without a reference in them.

Two points say nothing about the angle that the wall was photographed at. So the scale takes it as seen straight on,
and its uncertainty is what a tilt that people do not notice would change: that makes it honest near the points, and
wide far away from them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sightline.crack.scale.plane import PlaneScale, Points
from sightline.errors import BadInputError

LEAST_APART_PX = 20.0
"""Closer together, a pixel's error in pointing at them is already 7 % of the scale."""

LEAST_MM, MOST_MM = 1.0, 100_000.0
"""Distances between the two points that a photo of a wall can show."""

_POINTING_PX = 1.0
"""1 sigma of a point that a person sets in a photo, along the line between the two."""

_MEASURED_MM = 0.5
"""1 sigma of a distance read from a tape measure, whose divisions are 1 mm."""

_TILT_DEG = 10.0
"""1 sigma, about each axis of the photo, of a camera that a person means to hold straight towards a wall."""

_FOCAL_LENGTH = 0.75
"""Of a phone's main camera, in longer sides of the photo (26 to 28 mm as on a 36 mm wide film)."""


@dataclass(frozen=True, slots=True)
class TwoPoints:
    """Two places in the photo, x and y in pixels, and how far apart they are on the wall."""

    first: tuple[float, float]
    second: tuple[float, float]
    distance_mm: float


def scale_from_points(given: TwoPoints, photo_size: tuple[int, int]) -> PlaneScale:
    """The scale that the distance of two points gives.

    Args:
        given: the points in pixels of the upright photo.
        photo_size: its width and height.

    Raises:
        BadInputError: a point lies outside the photo, they lie too close together, or the distance is out of range.
    """
    points = np.array([given.first, given.second], np.float64)
    for name, (x, y) in zip(("first", "second"), points.tolist(), strict=True):
        if not (0 <= x <= photo_size[0] and 0 <= y <= photo_size[1]):  # NaN is refused too
            size = f"{photo_size[0]} x {photo_size[1]} px"
            raise BadInputError(f"the {name} point of the scale, {x:g}, {y:g}, lies outside the photo of {size}")
    if not LEAST_MM <= given.distance_mm <= MOST_MM:
        limits = f"{LEAST_MM:g} to {MOST_MM:g} mm"
        raise BadInputError(f"distance_mm of the scale's points must be {limits}, not {given.distance_mm:g}")
    apart = float(np.hypot(*(points[1] - points[0])))
    if apart < LEAST_APART_PX:
        raise BadInputError(f"the scale's points must lie at least {LEAST_APART_PX:g} px apart, not {apart:.1f}")
    scale = given.distance_mm / apart
    return PlaneScale(
        kind="points",
        to_mm=np.diag([scale, scale, 1.0]),
        spread=_tilts(points, scale, max(photo_size) * _FOCAL_LENGTH),
        size_uncertainty=float(np.hypot(_MEASURED_MM / given.distance_mm, np.sqrt(2) * _POINTING_PX / apart)),
        outline=points,
        perspective_corrected=False,
        photo_size=photo_size,
    )


def _tilts(points: Points, scale: float, focal_px: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """(9, 4): how the homography changes with a tilt about each axis, where the distance of the points stays.

    A tilt by t shortens what lies along it by 1 - cos t, and the scale grows along it by about tan(t) a focal length
    (twice that along the tilt and once across). Both are told as they are at one standard deviation.
    """
    tilt = np.deg2rad(_TILT_DEG)
    middle, along = points.mean(axis=0), (points[1] - points[0]) / np.hypot(*(points[1] - points[0]))
    columns = []
    for axis in (0, 1):
        stretch = np.zeros((3, 3))
        stretch[axis, axis] = 1 - np.cos(tilt)
        kept = 1 / (1 + stretch[axis, axis] * along[axis] ** 2)  # the points' own distance is known
        columns.append(np.diag([scale, scale, 1.0]) @ ((np.eye(3) + stretch) * [[kept], [kept], [1]] - np.eye(3)))
        slope = np.zeros((3, 3))
        slope[2, axis] = -np.tan(tilt) / focal_px
        there, back = np.eye(3), np.eye(3)
        there[:2, 2], back[:2, 2] = -middle, middle
        columns.append(np.diag([scale, scale, 1.0]) @ back @ slope @ there)
    return np.stack([column.ravel() for column in columns], axis=1)
