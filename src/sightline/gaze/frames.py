"""From frames to columns: what is measured on each frame, and how a clip's rows become its columns.

A frame is measured by itself (`measure_frame`), because frames are tracked in parallel. What needs the whole clip comes
in `stack`: how far this person's eyes stand open, where they rest, and how large the irises are against the face.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sightline.gaze import angles
from sightline.gaze.canonical import BASIS
from sightline.gaze.certainty import IRIS_CM, certainty
from sightline.gaze.columns import EyeColumns, Frames
from sightline.gaze.eye_region import light_and_sharpness
from sightline.gaze.eyes import EYE_POINTS, IRIS_CENTRE, EyeMeasures, measure_eyes
from sightline.gaze.gates import gate_codes
from sightline.gaze.iris import refine_irises
from sightline.gaze.pose import HeadFit, fit_head, focal_length_px, mean_depth_px

if TYPE_CHECKING:
    from sightline.gaze.face.tracker import Face
    from sightline.media.frames import VideoFrame

__all__ = ["EyeColumns", "FrameMeasure", "Frames", "measure_frame", "stack"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class FrameMeasure:
    """What is kept of one frame: the landmarks that are needed later and what only the picture can tell.

    Attributes:
        points: float32 (55, 3), the landmarks `_KEPT` in px; None without a face.
        irises_px: float (2, 2), centres of the left and right iris as the picture shows them; NaN where it does not.
        depth_px: see `pose.mean_depth_px`.
        presence: 0..1, how sure the landmark net is of the face.
        score: 0..1, how sure the detector was when it last looked.
    """

    frame_index: int
    time_s: float
    points: NDArray[np.float32] | None = None
    irises_px: Floats | None = None
    depth_px: float = np.nan
    presence: float = np.nan
    score: float = np.nan
    face_count: int = 0
    brightness: float = np.nan
    sharpness: float = np.nan


LOOK_EVERY: Final = 3
"""Light and sharpness are read from every third frame and interpolated between: cutting out the pixels costs a
twentieth of following the face, and neither a shaking hand nor a lamp changes much within a tenth of a second."""

_KEPT: Final = np.concatenate([EYE_POINTS.ravel(), BASIS])

OPEN_PERCENTILE: Final = 80
"""An eye's open state is this percentile of its aperture over the clip: blinks take less than a fifth of the time, and
a look down that lasts half of it still leaves the open state."""

OPEN_SHARE: Final = 0.7
"""Irises count for their size and the eyes' rest only while the aperture is over this share of the open state: below,
the lid covers so much of the iris that its size and centre are guessed."""

LEAST_OPEN: Final = 0.18
"""... and never while the aperture is under this: the guide's limit of a closed eye."""


def measure_frame(frame: VideoFrame, face: Face | None) -> FrameMeasure:
    """Measure one frame; cheap, for it runs on every frame of a video."""
    if face is None:
        return FrameMeasure(frame.index, frame.time_s)
    looked_at = frame.index % LOOK_EVERY == 0
    brightness, sharpness = light_and_sharpness(frame, face.landmarks) if looked_at else (np.nan, np.nan)
    return FrameMeasure(
        frame_index=frame.index,
        time_s=frame.time_s,
        points=face.landmarks[_KEPT],
        irises_px=refine_irises(frame, face.landmarks).centre_px,
        depth_px=float(mean_depth_px(face.landmarks)),
        presence=face.confidence,
        score=face.score,
        face_count=face.face_count,
        brightness=brightness,
        sharpness=sharpness,
    )


def stack(
    rows: Sequence[FrameMeasure], size: tuple[int, int], *, straight: Sequence[tuple[float, float]] = ()
) -> Frames:
    """Columns of a clip.

    Args:
        rows: one for each frame, in order of time.
        size: width and height of the upright picture in px.
        straight: spans of time, from and to in seconds, in which the person was asked to look straight ahead. Without
            any, the eyes are taken to rest at their median position over the clip.
    """
    time_s, depth_px, presence, score, brightness, sharpness = _columns(rows)
    points = np.array([_NOTHING if row.points is None else row.points for row in rows], np.float32)
    points = points.reshape(-1, len(_KEPT), 3)
    eyes, iris_seen = _eyes(points[:, : EYE_POINTS.size, :2], rows)
    head = _head(points[:, EYE_POINTS.size :], depth_px, size)
    aperture = eyes.opening_px / eyes.width_px
    open_aperture = angles.percentile(aperture, OPEN_PERCENTILE)
    eyes_open = np.all(aperture > np.maximum(OPEN_SHARE * open_aperture, LEAST_OPEN), axis=1)
    iris_cm = _iris_cm(eyes.iris_diameter_px, head.px_per_cm, eyes_open)
    confidence = certainty(presence, score, iris_cm)
    brightness, sharpness = (_between(column, np.isfinite(depth_px)) for column in (brightness, sharpness))
    gate = gate_codes(
        certainty=confidence,
        iris_px=iris_cm * head.px_per_cm,
        yaw_deg=head.yaw_deg,
        pitch_deg=head.pitch_deg,
        brightness=brightness,
        sharpness=sharpness,
    )
    mm_per_px = angles.IRIS_MM / (iris_cm * head.px_per_cm)
    at_rest = eyes_open & _asked_straight(time_s, np.asarray(gate == ""), straight)
    sunk_mm = (angles.median(head.eyes_up_cm, at_rest) - head.eyes_up_cm) * angles.IRIS_MM / iris_cm
    seen_mm_per_px = np.where(iris_seen, mm_per_px[:, None], np.nan)
    gaze = _gaze_deg(eyes, _facing(eyes, head, size), seen_mm_per_px, sunk_mm, at_rest)
    from_rest = tuple(axis - angles.median(axis, at_rest) for axis in gaze)
    left, right = _eye_columns(eyes, aperture, open_aperture, from_rest)
    return Frames(
        frame_index=np.array([row.frame_index for row in rows], np.int64),
        time_s=time_s,
        left=left,
        right=right,
        aperture=(left.aperture + right.aperture) / 2,
        v_offset=(left.v_offset + right.v_offset) / 2,
        h_offset=(left.h_offset + right.h_offset) / 2,
        gaze_h_deg=angles.of_both(left.gaze_h_deg, right.gaze_h_deg),
        gaze_v_deg=angles.of_both(left.gaze_v_deg, right.gaze_v_deg),
        yaw_deg=head.yaw_deg,
        pitch_deg=head.pitch_deg,
        roll_deg=head.roll_deg,
        deg_per_px=angles.deg_per_px(mm_per_px),
        face_confidence=confidence,
        face_count=np.array([row.face_count for row in rows], np.int64),
        brightness=brightness,
        sharpness=sharpness,
        gate=gate,
        blink_mask=np.zeros(len(rows), np.bool_),
    )


_FITTED_AT_ONCE: Final = 1000
"""Frames: all 12,000 of a long video at once would take 50 MB more."""

_NOTHING: Final = np.full((len(_KEPT), 3), np.nan, np.float32)
_UNSEEN: Final = np.full((2, 2), np.nan)


def _columns(rows: Sequence[FrameMeasure]) -> Floats:
    """(6, n): time, depth, presence, score, brightness, sharpness."""
    values = [(row.time_s, row.depth_px, row.presence, row.score, row.brightness, row.sharpness) for row in rows]
    return np.array(values, np.float64).reshape(-1, 6).T


def _eyes(points: NDArray[np.float32], rows: Sequence[FrameMeasure]) -> tuple[EyeMeasures, NDArray[np.bool_]]:
    """Measures with the irises where the picture shows them, and (n, 2) whether it does; else the net's stand."""
    points = points.reshape(-1, *EYE_POINTS.shape, 2)
    irises = np.array([_UNSEEN if row.irises_px is None else row.irises_px for row in rows]).reshape(-1, 2, 2)
    seen = np.isfinite(irises).all(axis=2)
    points[:, :, IRIS_CENTRE][seen] = irises[seen]
    return measure_eyes(points), seen


def _between(column: Floats, face: NDArray[np.bool_]) -> Floats:
    """The column with the frames in between filled in; NaN without a face."""
    rows, known = np.arange(len(column)), np.isfinite(column)
    if not known.any():
        return column
    return np.where(face, np.interp(rows, rows[known], column[known]), np.nan)


def _head(basis: NDArray[np.float32], depth_px: Floats, size: tuple[int, int]) -> HeadFit:
    """The fit of every frame, NaN without a face."""
    columns = {field.name: np.full(len(depth_px), np.nan) for field in fields(HeadFit)}
    columns["eyes_up_cm"] = np.full((len(depth_px), 2), np.nan)
    seen = np.flatnonzero(np.isfinite(depth_px))
    for part in np.array_split(seen, len(seen) // _FITTED_AT_ONCE + 1):
        found = fit_head(basis[part], depth_px[part], size)
        for name, column in columns.items():
            column[part] = getattr(found, name)
    return HeadFit(**columns)


def _iris_cm(iris_px: Floats, px_per_cm: Floats, eyes_open: NDArray[np.bool_]) -> float:
    """Diameter of this person's irises on the canonical face; that of everybody if their eyes are never open."""
    sizes = iris_px[eyes_open].mean(axis=1) / px_per_cm[eyes_open]
    return float(np.median(sizes)) if len(sizes) else IRIS_CM


def _asked_straight(
    time_s: Floats, usable: NDArray[np.bool_], straight: Sequence[tuple[float, float]]
) -> NDArray[np.bool_]:
    """Bool (n,): usable frames, and in the spans where straight was asked for if there are any such."""
    asked = np.zeros(len(time_s), np.bool_)
    for start_s, end_s in straight:
        asked |= (time_s >= start_s) & (time_s < end_s)
    return usable & asked if (usable & asked).any() else usable


def _facing(eyes: EyeMeasures, head: HeadFit, size: tuple[int, int]) -> tuple[Floats, Floats]:
    """See `angles.facing_deg`."""
    focal_px = focal_length_px(size)
    right_deg = np.degrees(np.arctan((eyes.iris_x_px.mean(axis=1) - size[0] / 2) / focal_px))
    up_deg = np.degrees(np.arctan((size[1] / 2 - eyes.iris_y_px.mean(axis=1)) / focal_px))
    return angles.facing_deg(head.yaw_deg, head.pitch_deg, head.roll_deg, right_deg, up_deg)


def _gaze_deg(
    eyes: EyeMeasures,
    facing_deg: tuple[Floats, Floats],
    mm_per_px: Floats,
    sunk_mm: Floats,
    at_rest: NDArray[np.bool_],
) -> tuple[Floats, Floats]:
    """Turn of the eyes in the head to the right and up, (n, 2) each, from where the iris lies between the canthi."""
    right, up = facing_deg
    return (
        angles.eye_in_head_deg(eyes.offset_x_px * mm_per_px, right),
        angles.eye_in_head_up_deg(
            eyes.offset_y_px * mm_per_px,
            eyes.upper_lid_px * mm_per_px,
            eyes.lower_lid_px * mm_per_px,
            sunk_mm,
            up,
            at_rest,
        ),
    )


def _eye_columns(
    eyes: EyeMeasures, aperture: Floats, open_aperture: Floats, gaze_deg: tuple[Floats, ...]
) -> tuple[EyeColumns, EyeColumns]:
    """Left and right eye, with what needs the whole clip put to the frames' measures."""
    known = {field.name for field in fields(EyeColumns)}
    columns = {field.name: getattr(eyes, field.name) for field in fields(EyeMeasures) if field.name in known} | {
        "aperture": aperture,
        "h_offset": eyes.offset_x_px / eyes.width_px,
        "v_offset": eyes.offset_y_px / eyes.width_px / open_aperture,
        "gaze_h_deg": gaze_deg[0],
        "gaze_v_deg": gaze_deg[1],
    }
    left, right = (EyeColumns(**{name: column[:, eye] for name, column in columns.items()}) for eye in (0, 1))
    return left, right
