from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.gaze.frames import EyeColumns, Frames, stack
from tests.gaze.heads import SIZE, Head, rows_of

BLINK = [0.8] * 20 + [0.5, 0.1, 0.0, 0.3, 0.6] + [0.8] * 20
SWEEP = np.linspace(-15, 15, 31)


def clip(heads: Sequence[Head | None], *, size: tuple[int, int] = SIZE, **said: float) -> Frames:
    return stack(rows_of(heads, size=size, **said), size)


def test_the_columns_hold_a_value_for_each_frame() -> None:
    frames = clip([Head(), None, Head(yaw_deg=5)])
    assert len(frames) == 3
    assert frames.frame_index.tolist() == [0, 1, 2]
    assert frames.time_s == pytest.approx([0, 1 / 30, 2 / 30])
    assert frames.detected.tolist() == [True, False, True]
    assert frames.gate.tolist() == ["", "no_face", ""]
    assert frames.yaw_deg[2] == pytest.approx(5, abs=0.05)
    for eye in (frames.left, frames.right):
        for field in fields(EyeColumns):
            assert np.isfinite(getattr(eye, field.name)).tolist() == [True, False, True], field.name


@pytest.mark.parametrize("heads", [[], [None], [None, None]])
def test_a_clip_without_a_face_has_no_values(heads: list[Head | None]) -> None:
    frames = clip(heads)
    assert len(frames) == len(heads)
    assert not frames.detected.any()
    assert (frames.gate == "no_face").all()


def test_left_and_right_are_the_persons_own() -> None:
    frames = clip([Head()])
    assert frames.left.iris_x_px[0] > SIZE[0] / 2 > frames.right.iris_x_px[0]


def test_the_aperture_follows_the_lids() -> None:
    apertures = clip([Head(opening_cm=opening) for opening in BLINK]).aperture
    assert np.corrcoef(apertures, BLINK)[0, 1] > 0.999
    assert apertures[22] == pytest.approx(0, abs=0.01)


def test_the_offset_is_measured_in_open_eyes_not_in_the_momentary_opening() -> None:
    frames = clip([Head(opening_cm=opening, gaze_v_deg=5) for opening in BLINK])
    assert np.ptp(frames.v_offset) < 0.01
    looked_up, looked_down = (clip([Head(gaze_v_deg=v)]).v_offset[0] for v in (10, -18))
    assert looked_up < 0 < looked_down, "positive is below the line through the canthi"


def test_the_distance_of_the_face_drops_out_of_offset_and_gaze() -> None:
    away = np.linspace(20, 40, 16)
    frames = clip([Head(gaze_v_deg=8, gaze_h_deg=-8, at_cm=(0, -2.6, distance)) for distance in away])
    assert np.ptp(frames.v_offset) < 0.02
    assert np.ptp(frames.gaze_v_deg) < 1
    assert np.ptp(frames.gaze_h_deg) < 0.5
    assert frames.deg_per_px * frames.left.iris_diameter_px == pytest.approx(11.7 / 0.19, rel=0.02)


@pytest.mark.parametrize("roll", [0, 20, -35])
def test_gaze_is_right_in_degrees_whatever_the_heads_tilt(roll: float) -> None:
    across = clip([Head(roll_deg=roll, gaze_h_deg=angle) for angle in SWEEP])
    assert across.gaze_h_deg == pytest.approx(SWEEP, abs=1.0)
    assert np.abs(across.gaze_v_deg).max() < 0.5
    up = clip([Head(roll_deg=roll, gaze_v_deg=angle) for angle in SWEEP])
    assert up.gaze_v_deg == pytest.approx(SWEEP, rel=0.17, abs=0.1), (
        "lids and canthi that stay where they are make it a seventh less"
    )
    assert np.abs(up.gaze_h_deg).max() < 0.5


@pytest.mark.parametrize("roll", [0, 25])
def test_a_head_that_turns_is_no_gaze(roll: float) -> None:
    turning = clip([Head(yaw_deg=angle, pitch_deg=angle / 2, roll_deg=roll) for angle in SWEEP])
    assert np.abs(turning.gaze_h_deg).max() < 1.5
    assert np.abs(turning.gaze_v_deg).max() < 2.5


def test_a_head_that_moves_aside_is_no_gaze() -> None:
    moving = clip([Head(at_cm=(angle / 2, angle / 3, 25)) for angle in SWEEP])
    assert np.abs(moving.gaze_h_deg).max() < 1.5
    assert np.abs(moving.gaze_v_deg).max() < 2.5


def test_eyes_that_stay_on_a_place_while_the_head_turns_turn_the_other_way() -> None:
    steady = clip([Head(yaw_deg=angle, gaze_h_deg=-angle) for angle in SWEEP])
    assert steady.gaze_h_deg == pytest.approx(-SWEEP, abs=1.5)
    right, up = steady.direction_deg
    assert np.abs(right).max() < 1.5
    assert np.abs(up).max() < 1


def test_the_eyes_rest_where_straight_was_asked_for() -> None:
    heads: Sequence[Head | None] = [Head(gaze_v_deg=0)] * 10 + [Head(gaze_v_deg=-12)] * 30
    rows = rows_of(heads)
    assert stack(rows, SIZE).gaze_v_deg[-1] == pytest.approx(0, abs=0.1), "without a word on it, where they mostly are"
    asked = stack(rows, SIZE, straight=[(0.0, 10 / 30)])
    assert asked.gaze_v_deg[0] == pytest.approx(0, abs=0.01)
    assert asked.gaze_v_deg[-1] < -10
    assert stack(rows, SIZE, straight=[(90.0, 99.0)]).gaze_v_deg[-1] == pytest.approx(0, abs=0.1)


def test_closed_eyes_have_no_say_in_where_the_eyes_rest() -> None:
    heads: Sequence[Head | None] = [Head()] * 12 + [Head(opening_cm=0.05, gaze_v_deg=-20, iris_radius_cm=0.45)] * 20
    frames = clip([*heads, *[Head()] * 12])
    assert frames.gaze_v_deg[0] == pytest.approx(0, abs=0.01)


@settings(max_examples=15)
@given(scale=st.sampled_from([0.5, 1.5, 3.0]), gaze=st.floats(-15, 15), yaw=st.floats(-20, 20), roll=st.floats(-30, 30))
def test_the_size_of_the_picture_changes_only_what_is_in_pixels(
    scale: float, gaze: float, yaw: float, roll: float
) -> None:
    heads: Sequence[Head | None] = [
        Head(yaw_deg=yaw, roll_deg=roll, gaze_h_deg=gaze * k, gaze_v_deg=-gaze * k) for k in (0, 0.5, 1)
    ]
    before, after = clip(heads), clip(heads, size=(int(SIZE[0] * scale), int(SIZE[1] * scale)))
    for name in ("aperture", "v_offset", "h_offset", "gaze_h_deg", "gaze_v_deg", "yaw_deg", "pitch_deg", "roll_deg"):
        assert getattr(after, name) == pytest.approx(getattr(before, name), abs=0.02), name
    assert after.deg_per_px * scale == pytest.approx(before.deg_per_px, rel=1e-3)
    assert after.left.width_px == pytest.approx(before.left.width_px * scale, rel=1e-3)


@settings(max_examples=15)
@given(yaw=st.floats(-20, 20), roll=st.floats(-30, 30), pitch=st.floats(-20, 20), gaze=st.floats(-15, 15))
def test_a_mirrored_picture_turns_sides_round_and_leaves_the_rest(
    yaw: float, roll: float, pitch: float, gaze: float
) -> None:
    heads = [Head(yaw, pitch, roll, gaze_h_deg=gaze * k, gaze_v_deg=gaze * k) for k in (0, 0.5, 1)]
    mirrored = [replace(h, yaw_deg=-yaw, roll_deg=-roll, gaze_h_deg=-h.gaze_h_deg) for h in heads]
    before, after = clip([*heads]), clip([*mirrored])
    for name in ("aperture", "v_offset", "gaze_v_deg", "pitch_deg", "deg_per_px"):
        assert getattr(after, name) == pytest.approx(getattr(before, name), abs=0.02), name
    for name in ("h_offset", "gaze_h_deg", "yaw_deg", "roll_deg"):
        assert getattr(after, name) == pytest.approx(-getattr(before, name), abs=0.02), name


def test_light_and_sharpness_are_known_in_every_frame_with_a_face() -> None:
    frames = clip([Head(), Head(), None, Head(), Head(), Head()])
    assert np.isfinite(frames.brightness).tolist() == [True, True, False, True, True, True]
    assert np.isfinite(frames.sharpness).tolist() == [True, True, False, True, True, True]


def test_irises_are_where_the_picture_shows_them() -> None:
    row = rows_of([Head()])[0]
    assert row.irises_px is not None
    shifted = stack([replace(row, irises_px=row.irises_px + np.array([2.0, 3.0]))], SIZE)
    plain = stack([row], SIZE)
    assert shifted.left.iris_x_px - plain.left.iris_x_px == pytest.approx([2.0], abs=0.01)
    assert shifted.right.offset_y_px - plain.right.offset_y_px == pytest.approx([3.0], abs=0.01)


def test_an_iris_that_the_picture_does_not_show_has_a_place_but_no_gaze() -> None:
    rows = rows_of([Head(), Head(gaze_h_deg=5), Head(gaze_h_deg=9)])
    assert rows[1].irises_px is not None
    unseen = np.full((2, 2), np.nan)
    rows[1] = replace(rows[1], irises_px=np.where([[True], [False]], rows[1].irises_px, np.nan))
    rows[2] = replace(rows[2], irises_px=unseen)
    frames = stack(rows, SIZE)
    assert np.isnan(frames.right.gaze_h_deg).tolist() == [False, True, True]
    assert np.isnan(frames.gaze_h_deg).tolist() == [False, False, True], "one eye is enough"
    assert np.isfinite(frames.right.iris_x_px).all()
    assert np.isfinite(frames.v_offset).all()
