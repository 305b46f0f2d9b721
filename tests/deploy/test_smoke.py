"""The smoke tests' own samples, by the real analyses: what a deployed function is held to can be met."""

from __future__ import annotations

from releases.smoke import CLIP, CLIP_FRAMES, WALL

from sightline.crack import detect_cracks
from sightline.gaze import analyze_video

_SMALL_BYTES = 50_000  # they lie in the repository, and travel as base64 in a request


def test_the_wall_has_a_crack() -> None:
    assert WALL.stat().st_size < _SMALL_BYTES
    assert detect_cracks(WALL).has_crack


def test_the_clip_shows_a_face_in_every_frame() -> None:
    assert CLIP.stat().st_size < _SMALL_BYTES
    summary = analyze_video(CLIP).summary
    assert summary["frames_processed"] == summary["frames_with_face"] == CLIP_FRAMES
