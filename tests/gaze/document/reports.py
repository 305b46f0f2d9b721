"""Screenings of every kind, for what is made of them."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from sightline.gaze.document.recording import Recording
from sightline.gaze.screening.values import Screening
from tests.gaze.screening.clips import PROTOCOL, Blink, Jerk, Meta, Note, Saccade, Vertical, clip, following, screened

WIDE = {"up": 26.0, "down": 25.0, "left": 32.0, "right": 30.0}
NARROW = {"up": 2.0, "down": 2.0, "left": 30.0, "right": 30.0}
SLOW_AND_FAST = tuple(Saccade(2.2 + 2 * i, 0, 12, peak, 400.0) for i in range(4) for peak in (150.0, None))
FAST = tuple(Saccade(2.2 + 2 * i, 0, 12, 400.0, 400.0) for i in range(4))
NOTES = (
    Note("The eyes are small in the picture: one pixel is 4.2 degrees of gaze. Hold the camera closer."),
    Note("At 15.0 of 30.0 frames a second saccades fall between two frames: 25 are needed."),
    Note("No face was found in a part of the frames."),
)


def screenings() -> dict[str, Screening]:
    """One for each way in which a recording can turn out."""
    steady = clip(np.zeros(540), np.zeros(540))
    blinks = tuple(Blink(i * 4.0 + 1, i * 4.0 + 1.2) for i in range(4))
    late = [entry | {"start_s": entry["start_s"] + 5, "end_s": entry["end_s"] + 5} for entry in PROTOCOL]
    upwards = [entry for entry in PROTOCOL if entry["target"] != "center"]
    head = following(NARROW)
    return {
        "not suspected": screened(following(WIDE), blinks=blinks, saccades=FAST, square_wave_jerks=(Jerk(3.0),)),
        "suspected": screened(following(NARROW), vertical=Vertical(0.03)),
        "too large for the rule": screened(following(NARROW), vertical=Vertical(0.3)),
        "in between": screened(following(WIDE | {"up": 10.0}), saccades=SLOW_AND_FAST),
        "no protocol": screened(steady, []),
        "nothing seen": screened(clip(np.zeros(540), np.zeros(540), gate=np.full(540, "no_face", "<U16"))),
        "no peak": screened(following(WIDE), vertical=Vertical(None)),
        "beyond the video": screened(following(WIDE), late, quality=NOTES),
        "mirrored": screened(following(WIDE, mirrored=True), blinks=(Blink(1, 4, "long_closure"),)),
        "few frames": screened(following(WIDE, rate_hz=9.0)),
        "no centre": screened(following(NARROW), upwards, vertical=Vertical(0.03)),
        "sides not followed": screened(following({"up": 1.0, "down": 1.0}), vertical=Vertical(0.03)),
        "noisy": screened(clip(np.zeros(540), np.zeros(540), noise_deg=3.0), meta=Meta(10.0)),
        "head": screened(head, vertical=Vertical(0.03), blinks=blinks[:1]),
    }


def report_of(screening: Screening) -> dict[str, Any]:
    """What `GazeReport.to_dict` holds, around a screening."""
    return {
        "summary": {
            "frames_processed": 540,
            "blink_rate_per_min": 13.3,
            "vertical_range_deg": 51.0,
            "horizontal_range_deg": None,
            "saccade_count": 9,
            "usable_share": 0.98,
            "fps": 30.0,
            "duration_sec_est": 18.0,
            "video_meta": {"width_px": 1280, "height_px": 720},
        },
        "screening": screening.to_dict(),
        "warnings": ["3 frames carry the time stamp of the frame before; they were spread up to the next one"],
        "filters": ["gaze: no smoothing, there are too few frames"],
        "model": {"name": "face_landmarker", "version": "1", "sha256": "ab" * 32},
    }


def recording(screening: Screening, **changes: Any) -> Recording:
    arguments: dict[str, Any] = {
        "report": report_of(screening),
        "name": "session <b> & 검사.mp4",
        "sha256": "cd" * 32,
        "size_bytes": 12_345_678,
        "created_at": datetime(2026, 5, 1, 9, 30, tzinfo=UTC),
        "service_version": "0.1.0",
        "analysis_id": "8f14e45f-ceea-467f-a1d6-1e4f2f5d7c11",
        "received_at": datetime(2026, 5, 1, 9, 0, tzinfo=UTC),
        "figure_png": _png(),
        "key_fingerprint": "0123 4567 89ab",
    }
    return Recording(**arguments | changes)


def _png() -> bytes:
    file = BytesIO()
    Image.new("RGB", (320, 120), "white").save(file, "PNG")
    return file.getvalue()
