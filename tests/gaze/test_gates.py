from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from sightline.gaze.frames import FrameMeasure, Frames, stack
from sightline.gaze.gates import QualityNote, quality_notes
from sightline.media.video import VideoMeta
from tests.gaze.heads import SIZE, Head, rows_of


def clip(
    heads: Sequence[Head | None], *, fps: float = 300.0, changed: dict[str, float] | None = None, **said: Any
) -> Frames:
    rows: list[FrameMeasure] = rows_of(heads, fps=fps, **said)
    values: dict[str, Any] = dict(changed or {})
    return stack([replace(row, **values) if row.points is not None else row for row in rows], SIZE)


def notes(frames: Frames, *, file_fps: float = 300.0, wanted: Sequence[str] | None = None) -> list[QualityNote]:
    meta = cast("VideoMeta", SimpleNamespace(fps=file_fps))
    return list(quality_notes(frames, meta) if wanted is None else quality_notes(frames, meta, wanted))


def test_a_good_clip_has_no_gate_and_no_note() -> None:
    frames = clip([Head(), Head(yaw_deg=25), Head(pitch_deg=30), Head(roll_deg=60), Head(opening_cm=0)])
    assert frames.gate.tolist() == [""] * 5
    assert notes(frames) == []
    assert (frames.face_confidence > 0.95).all()


@pytest.mark.parametrize(
    ("head", "changed", "said", "code"),
    [
        (Head(at_cm=(0, 0, 110)), {}, {}, "face_too_small"),
        (Head(yaw_deg=35), {}, {}, "turned_away"),
        (Head(yaw_deg=-35), {}, {}, "turned_away"),
        (Head(pitch_deg=-40), {}, {}, "turned_away"),
        (Head(), {"brightness": 12.0}, {}, "too_dark"),
        (Head(), {"sharpness": 0.3}, {}, "blurred"),
        (Head(), {}, {"confidence": 0.3}, "doubtful_face"),
        (Head(), {}, {"score": 0.55}, "doubtful_face"),
        (Head(iris_radius_cm=0.8), {}, {}, "doubtful_face"),
        (Head(iris_radius_cm=0.4), {}, {}, "doubtful_face"),
    ],
)  # fmt: skip
def test_each_reason_is_told_by_frame_and_for_the_clip(
    head: Head, changed: dict[str, float], said: dict[str, float], code: str
) -> None:
    frames = clip([head] * 6, changed=changed, **said)
    assert frames.gate.tolist() == [code] * 6
    assert not frames.usable.any()
    (note,) = [note for note in notes(frames) if note.code == code]
    assert note.frames == 6
    assert (note.value < note.limit) == (code != "turned_away")
    assert note.message.endswith(".")


def test_the_gravest_reason_comes_first() -> None:
    frames = clip([Head(yaw_deg=40), None], changed={"brightness": 5.0})
    assert frames.gate.tolist() == ["turned_away", "no_face"]
    assert [note.code for note in notes(frames)] == ["no_face", "turned_away"]


def test_a_clip_without_a_face_says_so() -> None:
    (note, *_) = notes(clip([None] * 5))
    assert (note.code, note.value, note.frames) == ("no_face", 1.0, 5)


def test_few_bad_frames_are_gated_but_need_no_note() -> None:
    frames = clip([Head()] * 99 + [Head(yaw_deg=40)])
    assert frames.gate[-1] == "turned_away"
    assert notes(frames) == []


def test_several_faces_are_told_and_gate_nothing() -> None:
    frames = clip([Head()] * 3, face_count=2)
    assert frames.usable.all()
    (note,) = notes(frames)
    assert (note.code, note.value, note.frames) == ("several_faces", 2.0, 3)


def test_small_eyes_make_gaze_coarse() -> None:
    (note,) = notes(clip([Head(at_cm=(0, 0, 50))] * 3))
    assert note.code == "coarse_gaze"
    assert f"{note.value:.1f} degrees" in note.message


@pytest.mark.parametrize(
    ("fps", "limits"), [(10, [15, 25, 200]), (20, [25, 200]), (29.97, [200]), (14.99, [25, 200]), (240, [])]
)
def test_a_frame_rate_is_judged_by_what_is_asked(fps: float, limits: list[float]) -> None:
    assert [note.limit for note in notes(clip([Head()] * 20, fps=fps), file_fps=fps)] == limits


def test_only_what_is_wanted_is_judged() -> None:
    assert notes(clip([Head()] * 20, fps=20), file_fps=20, wanted=["blinks"]) == []


def test_frames_that_were_left_out_are_named() -> None:
    (note,) = notes(clip([Head()] * 20, fps=10), file_fps=30, wanted=["blinks"])
    assert "10.0 of 30.0 frames" in note.message


def test_closed_eyes_are_a_face() -> None:
    """Lids hide most of the iris, and what the net guesses of it is smaller."""
    frames = clip([Head(opening_cm=0.1, iris_radius_cm=0.45)] * 4)
    assert frames.usable.all()


def test_a_doubt_that_lasts_is_not_lifted_by_a_moment() -> None:
    rows = rows_of([Head()] * 9, score=0.55)
    rows[4] = replace(rows[4], score=0.9)
    assert (stack(rows, SIZE).gate == "doubtful_face").all()


def test_notes_are_ready_for_json() -> None:
    (note, *_) = notes(clip([None] * 2))
    assert note.to_dict() == {
        "code": "no_face", "message": "No face was found.", "value": 1.0, "limit": note.limit, "frames": 2,
    }  # fmt: skip


def test_an_empty_clip_is_no_error() -> None:
    frames = clip([])
    assert next(note.code for note in notes(frames)) == "no_face"
    assert np.array_equal(frames.usable, [])
