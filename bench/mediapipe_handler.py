"""The gaze function as its guide builds it, for comparison: OpenCV and MediaPipe's Face Landmarker in video mode.

`bench/lambda.py` runs it with an interpreter that has mediapipe 1.2.2 and awslambdaric. It stores nothing, neither in
S3 nor in DynamoDB, and does without pandas and boto3, all of which the guide's function has: in its favour.
"""

from __future__ import annotations

import base64
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import cv2
import mediapipe as mp
from mediapipe.tasks.python import BaseOptions, vision

MODEL = Path(__file__).parents[1] / "src" / "sightline" / "models" / "face_landmarker.task"
LIDS_AND_CORNERS = 159, 145, 33, 133


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    if event.get("httpMethod") == "GET":
        return {"statusCode": 200, "body": json.dumps({"status": "healthy", "model_loaded": True})}
    with tempfile.NamedTemporaryFile(suffix=".mp4", dir=os.environ["SAVE_DIR"]) as file:
        file.write(base64.b64decode(event["file_data"]))
        file.flush()
        rows = track(file.name, event["parameters"]["max_frames"])
    blink_frames = sum(opening is not None and opening < 0.18 for opening in rows)
    return {"status": "success", "summary": {"frames_processed": len(rows), "blink_frames": blink_frames}}


def track(path: str, max_frames: int) -> list[float | None]:
    """The lid opening of every frame; None where no face is seen."""
    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(MODEL)), running_mode=vision.RunningMode.VIDEO
    )
    rows: list[float | None] = []
    with vision.FaceLandmarker.create_from_options(options) as face:
        video = cv2.VideoCapture(path)
        rate = video.get(cv2.CAP_PROP_FPS) or 30.0
        while len(rows) < max_frames:
            there, picture = video.read()
            if not there:
                break
            image = mp.Image(mp.ImageFormat.SRGB, cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
            found = face.detect_for_video(image, round(1000 * len(rows) / rate))
            rows.append(opening(found.face_landmarks[0]) if found.face_landmarks else None)
    return rows


def opening(points: Any) -> float:
    top, bottom, inner, outer = (points[index] for index in LIDS_AND_CORNERS)
    return float(abs(bottom.y - top.y) / abs(outer.x - inner.x))
