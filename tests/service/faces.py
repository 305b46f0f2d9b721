"""An analysis of videos and pictures without a model, for tests of what stands around it."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sightline.errors import BadInputError
from sightline.service.gaze_request import Wanted
from sightline.service.gaze_results import ARTIFACTS
from tests.conftest import PATIENCE_S

VIDEO = b"\0\0\0\x18ftypmp42" + bytes(1000)
PICTURE = b"\xff\xd8\xff picture"
CSV_HEAD = (
    "frame_idx,time_sec,L_iris_cx,L_iris_cy,L_eye_open,L_v_offset,"
    "R_iris_cx,R_iris_cy,R_eye_open,R_v_offset,eye_open,v_offset"
)
SUMMARY: dict[str, Any] = {
    "frames_processed": 100,
    "psp_suspected": False,
    "psp_rule_reason": "insufficient data: nobody asked for vertical gaze",
    "blink_count": 2,
    "blink_rate_per_min": None,
    "vertical_peak_to_peak": 0.12,
    "vertical_offset_std": 0.04,
    "fps": 30.0,
    "duration_sec_est": 3.3,
    "video_meta": {"width_px": 640, "height_px": 480},
    "vertical_range_deg": None,
    "horizontal_range_deg": None,
    "saccade_count": 0,
    "usable_share": 0.9,
}
REPORT: dict[str, Any] = {
    "summary": SUMMARY,
    "screening": {
        "verdict": "insufficient_data",
        "psp_rule_reason": SUMMARY["psp_rule_reason"],
        "evidence": [],
        "responses": [],
        "limitations": [],
    },
    "warnings": [],
    "filters": [],
    "model": {"name": "none", "version": "1", "sha256": "0" * 64},
}
FIGURE_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)
PICTURE_RESULT: dict[str, Any] = {
    "detected": True,
    "left": {"iris_cx": 10.0},
    "right": {"iris_cx": 20.0},
    "eye_open": 0.3,
    "v_offset": -0.1,
    "blink_prob": 0.05,
    "landmarks": [[1.0, 2.0, 0.5]] * 478,
}


class FakeVideoAnalysis:
    """Takes bytes that begin like an MP4 for a video of 100 frames.

    While `hold` is clear it stays at 40 of them. `errors` are raised by the next calls, one each.
    """

    def __init__(self) -> None:
        self.hold = threading.Event()
        self.hold.set()
        self.calls = 0
        self.wanted: list[Wanted] = []
        self.errors: list[Exception] = []

    def __call__(
        self,
        video: Path,
        folder: Path,
        wanted: Wanted,
        *,
        figures: bool,
        progress: Callable[[int, int], None],
        check: Callable[[], None],
    ) -> None:
        self.calls += 1
        self.wanted.append(wanted)
        data = video.read_bytes()
        if b"ftyp" not in data[:12]:
            raise BadInputError("these bytes are no video that can be read")
        deadline = time.monotonic() + PATIENCE_S
        progress(0, 100)
        while not self.hold.wait(0.01):
            check()
            progress(40, 100)
            assert time.monotonic() < deadline, "nobody let the analysis go"
        progress(100, 100)
        if self.errors:
            raise self.errors.pop(0)
        document = REPORT | {"video_bytes": len(data)}
        files = {"csv": f"{CSV_HEAD}\n0,0.0{',' * 10}\n".encode(), "report": json.dumps(document).encode()}
        if figures:
            files |= {"figure_png": FIGURE_PNG, "figure_html": b"<html></html>"}
        for name, content in files.items():
            Path(folder, ARTIFACTS[name].name).write_bytes(content)


def fake_picture_analysis(picture: bytes) -> dict[str, Any]:
    """Takes what begins like a JPEG for a picture, with a face in it unless it says otherwise."""
    if not picture.startswith(b"\xff\xd8\xff"):
        raise BadInputError("the bytes are no picture that can be read")
    if picture.endswith(b"empty"):
        return {"detected": False, "reason": "no face was found in the picture"}
    return PICTURE_RESULT
