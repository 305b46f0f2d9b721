"""One picture of a face: where the irises are and how far the eyes are open."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.face.blendshapes import BLENDSHAPES
from sightline.gaze.face.nets import ModelInfo, model_info
from sightline.gaze.face.tracker import FaceTracker
from sightline.gaze.frames import EyeColumns, Frames, measure_frame, stack
from sightline.gaze.plain import json_ready
from sightline.gaze.screening import DISCLAIMER
from sightline.media.frames import VideoFrame
from sightline.media.pictures import decode_picture
from sightline.settings import get_settings


@dataclass(frozen=True, slots=True, eq=False)
class PictureReport:
    """What was seen in one picture.

    Attributes:
        width_px, height_px: the upright picture's.
        frames: its measures, one row.
        landmarks: float32 (478, 3), x and y in pixels, z in the same scale; None without a face.
        blink_prob: 0..1, mean of both eyes, what the blendshape net says; None without a face.
        model: which landmark model spoke.
    """

    width_px: int
    height_px: int
    frames: Frames
    landmarks: NDArray[np.float32] | None
    blink_prob: float | None
    model: ModelInfo

    @property
    def detected(self) -> bool:
        return self.landmarks is not None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: the fields that existing clients read and more. Without a face, `reason` says so.

        One picture does not know how far the person's eyes open at most: `v_offset` is over the opening it shows.
        """
        about = {
            "width_px": self.width_px,
            "height_px": self.height_px,
            "model": json_ready(self.model),
            "disclaimer": DISCLAIMER,
        }
        if self.landmarks is None:
            return {"detected": False, "reason": "no face was found in the picture"} | about
        frames, gate = self.frames, str(self.frames.gate[0])
        document = {
            "detected": True,
            "left": _eye(frames.left),
            "right": _eye(frames.right),
            "eye_open": frames.aperture[0],
            "v_offset": frames.v_offset[0],
            "blink_prob": self.blink_prob,
            "head_pose": {
                "yaw_deg": frames.yaw_deg[0],
                "pitch_deg": frames.pitch_deg[0],
                "roll_deg": frames.roll_deg[0],
            },
            "face_confidence": frames.face_confidence[0],
            "face_count": frames.face_count[0],
            "usable": not gate,
            "gate": gate or None,
            "landmarks": np.round(self.landmarks.astype(np.float64), 2),
        }
        ready: dict[str, Any] = json_ready(document)
        return ready | about


def analyze_image(source: Path | str | bytes) -> PictureReport:
    """Look at the eyes in a picture.

    Args:
        source: a picture file's path, or its bytes (EXIF orientation is applied).

    Raises:
        BadInputError: the picture cannot be read.
        TooLargeError: it is over a limit of the settings.
        NotReadyError: the landmark model cannot be loaded.
    """
    settings = get_settings()
    rgb = decode_picture(source, max_bytes=settings.max_upload_bytes, max_pixels=settings.max_pixels)
    frame = VideoFrame.from_rgb(rgb)
    tracker = FaceTracker()
    face = tracker.update(frame)
    height, width = rgb.shape[:2]
    return PictureReport(
        width_px=width,
        height_px=height,
        frames=stack([measure_frame(frame, face)], (width, height)),
        landmarks=face.landmarks if face else None,
        blink_prob=_blink_prob(tracker.blendshapes(face)) if face else None,
        model=model_info(),
    )


def _blink_prob(scores: NDArray[np.float32]) -> float:
    return float(np.mean([scores[BLENDSHAPES.index(name)] for name in ("eyeBlinkLeft", "eyeBlinkRight")]))


def _eye(eye: EyeColumns) -> dict[str, float]:
    return {
        "iris_cx": float(eye.iris_x_px[0]),
        "iris_cy": float(eye.iris_y_px[0]),
        "eye_open": float(eye.aperture[0]),
        "v_offset": float(eye.v_offset[0]),
        "h_offset": float(eye.h_offset[0]),
        "iris_diameter_px": float(eye.iris_diameter_px[0]),
        "width_px": float(eye.width_px[0]),
        "opening_px": float(eye.opening_px[0]),
    }
