from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.gaze.frames import EyeColumns, Frames
from sightline.gaze.screening import Target
from sightline.gaze.vertical import vertical_gaze

Floats = NDArray[np.float64]
FPS = 30.0


def frames_of(vertical_deg: Floats, horizontal_deg: Floats | None = None, **columns: Any) -> Frames:
    """Frames at 30 a second whose eyes turn so; an opening is worth 50 degrees."""
    count = len(vertical_deg)
    still = np.zeros(count)
    eye = EyeColumns(**{field.name: still for field in fields(EyeColumns)})
    known: dict[str, Any] = {field.name: still for field in fields(Frames)} | {
        "time_s": np.arange(count) / FPS,
        "left": eye,
        "right": eye,
        "gaze_v_deg": vertical_deg,
        "gaze_h_deg": still if horizontal_deg is None else horizontal_deg,
        "v_offset": -vertical_deg / 50,
        "gate": np.full(count, ""),
        "blink_mask": np.zeros(count, bool),
    }
    return Frames(**(known | columns))


def noise(count: int, deg: float = 0.4, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).normal(0, deg, count)


def held(*positions_deg: float, seconds: float = 2.0) -> Floats:
    return np.repeat(positions_deg, round(seconds * FPS)).astype(float)


def test_the_range_is_what_was_held_up_and_down_of_the_usual_position() -> None:
    found = vertical_gaze(frames_of(held(0, 0, 20, 0, -12, 0) + noise(360)))
    assert found.range_up_deg == pytest.approx(20, abs=1)
    assert found.range_down_deg == pytest.approx(12, abs=1)
    assert found.vertical_range_deg == pytest.approx(32, abs=1.5)
    assert found.vertical_moved
    assert found.vertical_origin == "whole_clip"
    assert found.frames == 360


def test_peak_to_peak_is_the_contracts_percentiles_in_openings() -> None:
    found = vertical_gaze(frames_of(np.linspace(-25, 25, 1001)))
    assert found.peak_to_peak == pytest.approx(0.9, abs=0.001)
    assert found.offset_std == pytest.approx(1 / 12**0.5, abs=0.001)


def test_noise_and_a_steady_gaze_are_no_movement() -> None:
    found = vertical_gaze(frames_of(noise(600), noise(600, seed=1)))
    assert not found.vertical_moved
    assert not found.horizontal_moved
    assert found.ratio is None
    assert found.noise_deg == pytest.approx(0.4, rel=0.15)


def test_noise_is_told_while_the_eyes_move() -> None:
    moving = 15 * np.sin(np.arange(600) / 30) + noise(600)
    assert vertical_gaze(frames_of(moving)).noise_deg == pytest.approx(0.4, rel=0.15)


def test_what_lasts_for_a_few_frames_is_not_held() -> None:
    jumpy = noise(300, 0.2)
    jumpy[50:53] = jumpy[150:153] = 40.0
    found = vertical_gaze(frames_of(jumpy))
    assert found.vertical_range_deg is not None
    assert found.vertical_range_deg < 2


def test_frames_that_a_gate_or_a_blink_rules_out_do_not_count() -> None:
    clean = held(0, 15, 0, -15) + noise(240)
    spoilt, gate, blink = clean.copy(), np.full(240, "", "<U16"), np.zeros(240, bool)
    gate[20:28], blink[80:86] = "blurred", True
    spoilt[20:28], spoilt[80:86], spoilt[200:205] = 80.0, -80.0, np.nan
    found = vertical_gaze(frames_of(spoilt, gate=gate, blink_mask=blink))
    assert found.frames == 240 - 8 - 6 - 5
    assert found.vertical_range_deg == pytest.approx(vertical_gaze(frames_of(clean)).vertical_range_deg, rel=0.03)


def test_the_ratio_compares_with_the_sides() -> None:
    found = vertical_gaze(frames_of(held(0, 10, -10, 0, 0, 0), held(0, 0, 0, 0, 25, -25)))
    assert found.horizontal_range_deg == pytest.approx(50, abs=1)
    assert found.ratio == pytest.approx(0.4, abs=0.02)


def asked(*targets: str, seconds: float = 2.0) -> list[Target]:
    return [Target(seconds * n, seconds * (n + 1), target) for n, target in enumerate(targets)]  # type: ignore[arg-type]


def test_with_targets_the_range_is_between_the_positions_held_at_them() -> None:
    # 0.5 s late everywhere, and a glance far down that nobody asked for.
    late = np.roll(held(0, 12, 0, -8, 0), round(0.5 * FPS))
    gaze = np.concatenate([late, held(-40, 0)]) + noise(420)
    found = vertical_gaze(frames_of(gaze), asked("center", "up", "center", "down", "center"))
    assert found.vertical_origin == "targets"
    assert found.range_up_deg == pytest.approx(12, abs=0.5)
    assert found.range_down_deg == pytest.approx(8, abs=0.5)
    assert found.horizontal_origin == "whole_clip"


def test_the_farthest_of_several_looks_counts() -> None:
    found = vertical_gaze(frames_of(held(0, 6, 0, 14, 0, -5)), asked("center", "up", "center", "up", "center", "down"))
    assert found.range_up_deg == pytest.approx(14, abs=0.1)


def test_a_side_that_was_not_asked_for_has_no_range() -> None:
    found = vertical_gaze(frames_of(held(0, 12, 0)), asked("center", "up", "center"))
    assert found.range_up_deg == pytest.approx(12, abs=0.1)
    assert found.range_down_deg is None
    assert found.vertical_range_deg is None


@pytest.mark.parametrize("mirrored", [1, -1])
def test_a_mirrored_picture_has_the_same_horizontal_range(mirrored: int) -> None:
    horizontal = mirrored * held(0, 20, 0, -15, 0)
    found = vertical_gaze(frames_of(horizontal * 0, horizontal), asked("center", "left", "center", "right", "center"))
    assert found.horizontal_range_deg == pytest.approx(35, abs=0.5)
    assert found.horizontal_moved


def test_the_heads_own_range_is_told_beside() -> None:
    found = vertical_gaze(frames_of(noise(300), pitch_deg=np.linspace(-10, 10, 300)))
    assert found.head_pitch_range_deg == pytest.approx(19.2, abs=0.2)


@pytest.mark.parametrize("count", [0, 1, 9])
def test_too_few_frames_have_no_range(count: int) -> None:
    found = vertical_gaze(frames_of(np.linspace(0, 20, count)))
    assert found.frames == count
    assert found.vertical_range_deg is found.peak_to_peak is found.ratio is None
    assert not found.vertical_moved


def test_a_clip_without_any_gaze_has_no_range() -> None:
    nothing = np.full(50, np.nan)
    found = vertical_gaze(frames_of(nothing, nothing, v_offset=nothing), asked("up", "down"))
    assert found.frames == 0
    assert found.range_up_deg is found.range_down_deg is found.head_pitch_range_deg is None


def test_lone_frames_among_gaps_still_have_a_range() -> None:
    sparse = np.full(300, np.nan)
    sparse[::20] = np.linspace(-10, 10, 15)
    found = vertical_gaze(frames_of(sparse))
    assert found.vertical_range_deg == pytest.approx(19, abs=1)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.floats(-30, 30), st.floats(0.2, 3))
def test_where_the_eyes_rest_drops_out_and_the_range_scales(seed: int, rest_deg: float, factor: float) -> None:
    gaze = np.cumsum(noise(200, 1.0, seed))
    plain = vertical_gaze(frames_of(gaze))
    moved = vertical_gaze(frames_of(factor * gaze + rest_deg))
    assert plain.vertical_range_deg is not None
    assert moved.vertical_range_deg == pytest.approx(factor * plain.vertical_range_deg, rel=1e-6)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_up_and_down_change_places_in_a_picture_upside_down(seed: int) -> None:
    frames = frames_of(np.cumsum(noise(200, 1.0, seed)))
    turned = replace(frames, gaze_v_deg=-frames.gaze_v_deg)
    assert vertical_gaze(turned).range_up_deg == pytest.approx(vertical_gaze(frames).range_down_deg, abs=1e-9)
