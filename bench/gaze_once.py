"""Track a video in this process with Sightline, JSON out: `python bench/gaze_once.py WORKERS VIDEO [MAX_FRAMES]`.

First decoding, the face and its 478 landmarks, as MediaPipe beside it does: the imports and the loading of the nets are
left out there, too. Then the whole analysis, from the file to the report.
"""

from __future__ import annotations

import json
import sys
import time

from timing import peak_rss_mb, seconds_since_start

from sightline.gaze import analyze_video
from sightline.gaze.face.tracker import FaceTracker
from sightline.gaze.tracking import track
from sightline.media.video import open_video


def main(workers: int, path: str, max_frames: int | None = None) -> None:
    with open_video(path) as video:
        track(video, lambda _, face: face is not None, max_frames=1)
        first_answer_s = seconds_since_start()
    trackers = [FaceTracker() for _ in range(workers)]
    started = time.perf_counter()
    with open_video(path) as video:
        seen = track(
            video,
            lambda _, face: face is not None,
            workers=workers,
            max_frames=max_frames,
            new_tracker=trackers.pop,
        )
    spent_s = time.perf_counter() - started
    answer = {"frames": len(seen), "faces": sum(seen), "seconds": spent_s, "first_answer_s": first_answer_s}
    started = time.perf_counter()
    analyze_video(path, max_frames=max_frames or len(seen), workers=workers)
    analysis_s = time.perf_counter() - started
    print(json.dumps(answer | {"analysis_s": analysis_s, "peak_mb": peak_rss_mb()}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else None)
