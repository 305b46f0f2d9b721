"""What was measured in every frame of a clip, as columns of arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.gaze import angles

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class EyeColumns:
    """One eye in every frame: float64 (n,) each, NaN where it was not seen. Pixels of the upright picture.

    Attributes:
        iris_x_px, iris_y_px: the iris's centre.
        iris_diameter_px: across the picture of the iris.
        opening_px: from lid to lid, across the line through the canthi.
        width_px: from canthus to canthus.
        aperture: opening over width.
        offset_x_px, offset_y_px: the iris's centre from the midpoint between the canthi, along the eye's own axes:
            x along the line through the canthi towards the right of the picture, y square to it, positive below.
        h_offset: `offset_x_px` over the width.
        v_offset: `offset_y_px` over the opening of this person's open eye.
        gaze_h_deg, gaze_v_deg: turn of the eye in the head from where it rests; right of the picture and up positive.
    """

    iris_x_px: Floats
    iris_y_px: Floats
    iris_diameter_px: Floats
    opening_px: Floats
    width_px: Floats
    aperture: Floats
    offset_x_px: Floats
    offset_y_px: Floats
    h_offset: Floats
    v_offset: Floats
    gaze_h_deg: Floats
    gaze_v_deg: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """A clip as columns of n frames; NaN where there is nothing to measure.

    Attributes:
        frame_index: int64 (n,), the frame's number in the file, counted in order of presentation from 0.
        time_s: float64 (n,), presentation time.
        left, right: the person's own left and right eye.
        aperture, v_offset, h_offset, gaze_h_deg, gaze_v_deg: mean of both eyes.
        yaw_deg, pitch_deg, roll_deg: the head's turn to the right of the picture, up, and clockwise as seen.
        deg_per_px: how far the eye turns while the iris moves by one pixel: no gaze is known finer than a part of it.
        face_confidence: 0..1, how sure it is that this is a human face, see `certainty`.
        face_count: int64 (n,), faces seen when last looked for.
        brightness: mean luma of the region of the eyes, 0..255.
        sharpness: fineness of detail around the eyes, see `eye_region.light_and_sharpness`.
        gate: str (n,), why the frame cannot be used, "" where it can; the codes are those of `gates`.
        blink_mask: bool (n,), True in and around blinks, where the iris's position is not to be trusted.
    """

    frame_index: NDArray[np.int64]
    time_s: Floats
    left: EyeColumns
    right: EyeColumns
    aperture: Floats
    v_offset: Floats
    h_offset: Floats
    gaze_h_deg: Floats
    gaze_v_deg: Floats
    yaw_deg: Floats
    pitch_deg: Floats
    roll_deg: Floats
    deg_per_px: Floats
    face_confidence: Floats
    face_count: NDArray[np.int64]
    brightness: Floats
    sharpness: Floats
    gate: NDArray[np.str_]
    blink_mask: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.time_s)

    @property
    def detected(self) -> NDArray[np.bool_]:
        """Bool (n,): a face was found."""
        return np.isfinite(self.aperture)

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Bool (n,): no gate speaks against the frame; blinks are usable frames."""
        return np.asarray(self.gate == "")

    @property
    def direction_deg(self) -> tuple[Floats, Floats]:
        """Where the eyes look in the camera's frame, (n,) to the right of the picture and (n,) up: eye and head."""
        return angles.before_camera_deg(self.gaze_h_deg, self.gaze_v_deg, self.yaw_deg, self.pitch_deg, self.roll_deg)
