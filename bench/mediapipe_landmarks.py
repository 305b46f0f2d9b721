"""MediaPipe's landmarks of a clip: `python bench/mediapipe_landmarks.py video|image CLIP OUT.npy` (frames, 478, 2)."""

from __future__ import annotations

import sys
from pathlib import Path

import av
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

MODEL = Path(__file__).parents[1] / "src" / "sightline" / "models" / "face_landmarker.task"


def landmarker(mode: str) -> vision.FaceLandmarker:
    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(MODEL)), running_mode=vision.RunningMode[mode.upper()]
    )
    return vision.FaceLandmarker.create_from_options(options)


def main(mode: str, clip: str, out: str) -> None:
    rows, last_ms = [], -1
    with landmarker(mode) as face, av.open(clip) as container:
        for frame in container.decode(video=0):
            picture = mp.Image(image_format=mp.ImageFormat.SRGB, data=frame.to_ndarray(format="rgb24"))
            last_ms = max(last_ms + 1, round(1000 * (frame.time or 0)))
            found = face.detect_for_video(picture, last_ms) if mode == "video" else face.detect(picture)
            points = found.face_landmarks[0] if found.face_landmarks else []
            size = frame.width, frame.height
            rows.append(np.multiply([(p.x, p.y) for p in points], size) if points else np.full((478, 2), np.nan))
    np.save(out, np.stack(rows).astype(np.float32))


if __name__ == "__main__":
    main(*sys.argv[1:])
