"""Track a video in this process with MediaPipe's Face Landmarker, JSON out: `python bench/mediapipe_once.py VIDEO`.

As its guide does it: video mode, one face, frames from OpenCV. Run by an interpreter that has mediapipe 1.2.2.
"""

from __future__ import annotations

import json
import sys
import time

import cv2
import mediapipe as mp
from mediapipe_landmarks import landmarker
from timing import peak_rss_mb, seconds_since_start


def main(path: str) -> None:
    frames = faces = 0
    with landmarker("video") as face:
        video = cv2.VideoCapture(path)
        rate = video.get(cv2.CAP_PROP_FPS) or 30.0
        first_answer_s, started = 0.0, time.perf_counter()
        while True:
            there, picture = video.read()
            if not there:
                break
            rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
            found = face.detect_for_video(mp.Image(mp.ImageFormat.SRGB, rgb), round(1000 * frames / rate))
            frames, faces = frames + 1, faces + bool(found.face_landmarks)
            first_answer_s = first_answer_s or seconds_since_start()
        spent_s = time.perf_counter() - started
    answer = {"frames": frames, "faces": faces, "seconds": spent_s, "peak_mb": peak_rss_mb()}
    print(json.dumps(answer | {"first_answer_s": first_answer_s}))


if __name__ == "__main__":
    main(sys.argv[1])
