"""From pixels at the iris to degrees of gaze.

The ruler is the iris itself, which is 11.7 mm across in almost everybody (horizontal visible iris diameter 11.7 +- 0.5
mm: Rufer, Schroder and Erb, Cornea 24, 2005). As one frame's iris is read to a few per cent only, its size against the
face is taken over the whole clip, and the face's size in a frame then gives that frame's scale.

The eye is a ball that turns about its centre. Where its iris stands between the canthi depends on its turn in the head
and, because the iris lies in front of the canthi, on the head's turn before the camera. Both are undone here.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.iris import iris_down_mm

Floats = NDArray[np.float64]

IRIS_MM: Final = 11.7

RADIUS_MM: Final = 10.9
"""From the centre about which the eye turns to the plane of the limbus, whose outline is what is seen of the iris: the
centre lies 13.5 mm behind the cornea's apex (Fry and Hill, Am J Optom 39, 1962), the limbus 2.6 mm (a cornea of 7.8 mm
radius over a limbus of 5.85). A degree is 0.19 mm. Half the eye's length of 24 mm, which is often taken, reads a tenth
too little."""

CANTHI_MM: Final = 6.0
"""How far in front of that centre the canthi lie, on the mean. Anatomy leaves some millimetres open (the canonical face
says 9, exophthalmometers 4). With this much, people who talk to somebody or read from a screen keep looking there while
they turn the head: per degree of yaw their eyes turn by -0.6 to -1.1 degrees, -0.9 on the mean of four clips."""

LIDS_MM: Final = 1.0
"""How far in front of the canthi the lids' margins lie for the landmark net. The canonical face says 3, which would
have the same people's eyes turn by -1.5 degrees per degree of pitch; with this much it is -1.0 on the mean."""


def facing_deg(
    yaw_deg: Floats, pitch_deg: Floats, roll_deg: Floats, right_deg: Floats, up_deg: Floats
) -> tuple[Floats, Floats]:
    """How far the head is turned from facing the camera, as seen along the eyes' own axes: to the right and up, (n,).

    Args:
        yaw_deg: (n,) turn of the head against the camera's axis.
        pitch_deg: likewise.
        roll_deg: likewise.
        right_deg: (n,) where the eyes are seen, from the camera's axis. A head that looks straight ahead there faces
            past the camera by as much.
        up_deg: likewise.
    """
    right, up, roll = yaw_deg + right_deg, pitch_deg + up_deg, np.radians(roll_deg)
    return right * np.cos(roll) - up * np.sin(roll), right * np.sin(roll) + up * np.cos(roll)


def eye_in_head_deg(offset_mm: Floats, facing_deg: Floats) -> Floats:
    """Turn of the eye in the head, (n, 2), from where it would lie midway between the canthi of a head held straight.

    Args:
        offset_mm: (n, 2) of both eyes, the iris from the canthi's midpoint along one of the eye's axes.
        facing_deg: (n,) turn of the head along that axis, see `facing_deg`.
    """
    head = np.radians(facing_deg)[:, None]
    sine = (offset_mm + CANTHI_MM * np.sin(head)) / RADIUS_MM
    return np.asarray(np.degrees(np.arcsin(sine.clip(-1, 1)) - head))


def eye_in_head_up_deg(
    iris_mm: Floats,
    upper_lid_mm: Floats,
    lower_lid_mm: Floats,
    sunk_mm: Floats,
    facing_deg: Floats,
    at_rest: NDArray[np.bool_],
) -> Floats:
    """Turn of the eye upwards in the head from where it rests, (n, 2), told from iris, lids and canthi together.

    Args:
        iris_mm: (n, 2) of both eyes, height of the iris below the line through the canthi.
        upper_lid_mm: (n, 2) height of the upper lid's margin below it.
        lower_lid_mm: (n, 2) likewise.
        sunk_mm: (n, 2) how far the canthi have sunk in the head.
        facing_deg: (n,) how far up the head is turned, see `facing_deg`.
        at_rest: (n,) the frames in whose median the eyes rest.
    """
    lifted = LIDS_MM * np.sin(np.radians(facing_deg))[:, None]
    iris = -RADIUS_MM * np.sin(np.radians(eye_in_head_deg(-iris_mm, facing_deg)))
    down = iris_down_mm(iris, upper_lid_mm + lifted, lower_lid_mm + lifted, sunk_mm)
    return np.asarray(np.degrees(np.arcsin(((median(down, at_rest) - down) / RADIUS_MM).clip(-1, 1))))


def deg_per_px(mm_per_px: Floats) -> Floats:
    """How far an eye that looks straight ahead turns while its iris moves by a pixel, (n,)."""
    return np.asarray(np.degrees(mm_per_px / RADIUS_MM))


def before_camera_deg(
    gaze_h_deg: Floats, gaze_v_deg: Floats, yaw_deg: Floats, pitch_deg: Floats, roll_deg: Floats
) -> tuple[Floats, Floats]:
    """Where the eyes look in the camera's frame, to the right of the picture and up: eye in head and head together."""
    h, v, yaw, pitch, roll = (np.radians(angle) for angle in (gaze_h_deg, gaze_v_deg, yaw_deg, pitch_deg, roll_deg))
    right, up, ahead = np.sin(h) * np.cos(v), np.sin(v), np.cos(h) * np.cos(v)
    right, up = right * np.cos(roll) + up * np.sin(roll), up * np.cos(roll) - right * np.sin(roll)
    up, ahead = up * np.cos(pitch) + ahead * np.sin(pitch), ahead * np.cos(pitch) - up * np.sin(pitch)
    right, ahead = right * np.cos(yaw) + ahead * np.sin(yaw), ahead * np.cos(yaw) - right * np.sin(yaw)
    return np.degrees(np.arctan2(right, ahead)), np.degrees(np.arcsin(up.clip(-1, 1)))


def median(values: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Median over the frames (n, ...) that count, or over all where none does; NaN where none is seen."""
    return percentile(values[counted] if counted.any() else values, 50)


def of_both(left: Floats, right: Floats) -> Floats:
    """Mean of both eyes, or what one eye says where the other is not seen."""
    return np.where(np.isnan(left), right, np.where(np.isnan(right), left, (left + right) / 2))


def percentile(values: Floats, percent: float) -> Floats:
    """Percentile over the frames (n, ...) that are seen; NaN where none is."""
    seen = values[np.isfinite(values).all(axis=tuple(range(1, values.ndim)))]
    return np.percentile(seen, percent, axis=0) if len(seen) else np.full(values.shape[1:], np.nan)
