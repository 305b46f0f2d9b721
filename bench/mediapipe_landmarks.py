"""MediaPipe's landmarks and head pose of a clip: `python bench/mediapipe_landmarks.py video|image CLIP OUT.npz`.

Written are `landmarks` (frames, 478, 3) in pixels, the facial transformation matrices `matrix` (frames, 4, 4), both
NaN where no face was found, and `size` (height, width). mediapipe 1.2.2 and PyAV are needed, Sightline is not.
"""

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
        base_options=BaseOptions(model_asset_path=str(MODEL)),
        running_mode=vision.RunningMode[mode.upper()],
        output_facial_transformation_matrixes=True,
    )
    return vision.FaceLandmarker.create_from_options(options)


def main(mode: str, clip: str, out: str) -> None:
    landmarks, matrices, last_ms = [], [], -1
    with landmarker(mode) as face, av.open(clip) as container:
        for frame in container.decode(video=0):
            picture = mp.Image(image_format=mp.ImageFormat.SRGB, data=frame.to_ndarray(format="rgb24"))
            last_ms = max(last_ms + 1, round(1000 * (frame.time or 0)))
            found = face.detect_for_video(picture, last_ms) if mode == "video" else face.detect(picture)
            width, height = frame.width, frame.height
            seen = bool(found.face_landmarks)
            points = [(p.x, p.y, p.z) for p in found.face_landmarks[0]] if seen else np.full((478, 3), np.nan)
            landmarks.append(np.multiply(points, (width, height, width)))
            matrices.append(found.facial_transformation_matrixes[0] if seen else np.full((4, 4), np.nan))
    columns = np.stack(landmarks).astype(np.float32), np.stack(matrices).astype(np.float32)
    np.savez_compressed(out, landmarks=columns[0], matrix=columns[1], size=(height, width))


if __name__ == "__main__":
    main(*sys.argv[1:])
