from __future__ import annotations

import math
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.errors import BadInputError
from sightline.gaze.movements import Saccade, detect_saccades, detection_limits
from tests.gaze.movements.made_up import MadeUp, gaze

RATES_HZ = (15.0, 25.0, 30.0, 60.0, 120.0, 240.0, 1000.0)
FALSE_PER_MINUTE = 0.1
"""So many saccades are reported at most in a minute of white noise with a slow drift."""


def found(made: MadeUp) -> tuple[Saccade, ...]:
    return detect_saccades(*made.series)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_every_saccade_is_found_once_where_it_is(rate_hz: float) -> None:
    made = gaze([(10, 0), (0, 6), (-4, -3), (2, 0), (-8, -3)], rate_hz=rate_hz)
    saccades = found(made)
    assert len(saccades) == len(made.saccades)
    for saccade, (onset, offset) in zip(saccades, made.saccades, strict=True):
        assert abs(saccade.onset_s - onset) < 1.5 / rate_hz + 0.01
        assert abs(saccade.offset_s - offset) < 1.5 / rate_hz + 0.01


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize(
    ("move", "direction"), [((9, 0), 0.0), ((0, 9), 90.0), ((-9, 0), 180.0), ((0, -9), -90.0), ((5, 5), 45.0)]
)
def test_size_and_direction(rate_hz: float, move: tuple[float, float], direction: float) -> None:
    (saccade,) = found(gaze([move], rate_hz=rate_hz))
    assert saccade.amplitude_deg == pytest.approx(math.hypot(*move), rel=0.02)
    assert (saccade.horizontal_deg, saccade.vertical_deg) == pytest.approx(move, abs=0.1)
    assert abs(saccade.direction_deg) == pytest.approx(abs(direction), abs=1)


@pytest.mark.parametrize("rate_hz", [15.0, 30.0, 60.0])
@pytest.mark.parametrize("noise_deg", [0.3, 0.5, 1.0])
def test_the_smallest_saccade_said_to_be_seen_is_seen_in_noise(rate_hz: float, noise_deg: float) -> None:
    limits = detection_limits(*gaze([(10, 0)] * 20, rate_hz=rate_hz, noise_deg=noise_deg).series)
    assert limits is not None
    size = limits.smallest_horizontal_deg
    made = gaze([(size, 0), (-size, 0)] * 15, rate_hz=rate_hz, noise_deg=noise_deg, hold_s=1.0)
    saccades = found(made)
    assert 22 <= len(saccades) <= 30
    assert np.median([abs(saccade.horizontal_deg) for saccade in saccades]) == pytest.approx(size, rel=0.1)


def test_white_noise_with_a_drift_has_hardly_any_saccades() -> None:
    minutes = count = 0.0
    for rate_hz in (15.0, 30.0, 60.0):
        for noise_deg in (0.05, 0.5, 2.0):
            time = np.arange(0, 240, 1 / rate_hz)
            noise = np.random.default_rng(int(rate_hz)).normal(0, noise_deg, (2, len(time)))
            drift = 3 * np.sin(2 * np.pi * time / 15)
            count += len(detect_saccades(time, noise[0] + drift, noise[1]))
            minutes += 4
    assert count / minutes < FALSE_PER_MINUTE


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), noise_deg=st.floats(0.01, 2.0), rate_hz=st.sampled_from([15.0, 24.0, 30.0, 60.0]))
def test_a_short_clip_of_noise_has_at_most_one(seed: int, noise_deg: float, rate_hz: float) -> None:
    made = gaze([], rate_hz=rate_hz, hold_s=[10.0], noise_deg=noise_deg, seed=seed)
    assert len(found(made)) <= 1


def test_pursuit_is_no_saccade_and_hides_none() -> None:
    made = gaze([(3, 0), (0, 3)], rate_hz=60.0, hold_s=1.5)
    pursuit = 12 * made.time_s
    assert len(detect_saccades(made.time_s, made.x_deg + pursuit, made.y_deg)) == 2


def test_a_spike_of_one_frame_is_no_saccade() -> None:
    time, x, y = gaze([], hold_s=[4.0], noise_deg=0.1).series
    x[50] += 8
    assert detect_saccades(time, x, y) == ()


@settings(max_examples=25)
@given(start=st.integers(0, 110), length=st.integers(1, 40))
def test_no_saccade_reaches_into_a_gap(start: int, length: int) -> None:
    time, x, y = gaze([(6, 0), (-6, 3), (0, -5)], hold_s=0.9, noise_deg=0.1).series
    x[start : start + length] = np.nan
    for saccade in detect_saccades(time, x, y):
        assert np.isfinite(x[saccade.first_frame - 1 : saccade.last_frame + 2]).all()


def test_a_change_over_a_gap_is_no_saccade() -> None:
    time, x, y = gaze([(6, 0)], hold_s=2.0, noise_deg=0.1).series
    masked = (time > 1.9) & (time < 2.2)
    x[masked] = np.nan
    assert detect_saccades(time, x, y) == ()
    keep = ~masked
    assert detect_saccades(time[keep], x[keep], y[keep]) == ()  # frames that are missing are a gap too


def test_lost_and_late_frames_do_no_harm() -> None:
    made = gaze([(7, 0), (0, -5), (-7, 5)], hold_s=1.0, noise_deg=0.05)
    keep = np.random.default_rng(3).random(len(made.time_s)) > 0.1
    keep[1:] |= ~keep[:-1]  # never two in a row
    saccades = detect_saccades(*(column[keep] for column in made.series))
    assert [round(saccade.amplitude_deg) for saccade in saccades] == [7, 5, 9]


@settings(max_examples=25)
@given(seed=st.integers(0, 1000), turns=st.integers(1, 3), mirror=st.booleans())
def test_turning_and_mirroring_the_gaze_turns_and_mirrors_directions(seed: int, turns: int, mirror: bool) -> None:
    time, x, y = gaze([(8, 2), (-3, -6), (-4, 5)], noise_deg=0.1, seed=seed).series
    plain = detect_saccades(time, x, y)
    for _ in range(turns):
        x, y = -y, x
    x = -x if mirror else x
    turned = detect_saccades(time, x, y)
    assert len(turned) == len(plain) > 0
    for before, after in zip(plain, turned, strict=True):
        wanted = before.direction_deg + 90 * turns
        wanted = 180 - wanted if mirror else wanted
        assert math.cos(math.radians(after.direction_deg - wanted)) == pytest.approx(1)
        assert after.amplitude_deg == pytest.approx(before.amplitude_deg)
        assert after.first_frame == before.first_frame


@settings(max_examples=25)
@given(angle=st.floats(0, 360))
def test_any_angle_of_a_clear_saccade_is_told(angle: float) -> None:
    move = (8 * math.cos(math.radians(angle)), 8 * math.sin(math.radians(angle)))
    (saccade,) = found(gaze([move], noise_deg=0.02))
    assert math.cos(math.radians(saccade.direction_deg - angle)) > 0.999


@settings(max_examples=25)
@given(shift_s=st.integers(-1000, 1000))
def test_shifting_time_shifts_events(shift_s: int) -> None:
    time, x, y = gaze([(8, 2), (-3, -6)], noise_deg=0.1).series
    plain, shifted = detect_saccades(time, x, y), detect_saccades(time + shift_s, x, y)
    assert [saccade.first_frame for saccade in shifted] == [saccade.first_frame for saccade in plain]
    assert [saccade.onset_s for saccade in shifted] == pytest.approx([s.onset_s + shift_s for s in plain])


@settings(max_examples=25)
@given(factor=st.floats(0.7, 3.0))
def test_scaling_scales_amplitudes(factor: float) -> None:
    time, x, y = gaze([(8, 2), (-3, -6)]).series
    plain, scaled = detect_saccades(time, x, y), detect_saccades(time, factor * x, factor * y)
    assert [saccade.amplitude_deg for saccade in scaled] == pytest.approx([factor * s.amplitude_deg for s in plain])


def test_a_gaze_nobody_saw_has_no_saccades() -> None:
    time = np.arange(60) / 30
    assert detect_saccades(time, np.full(60, np.nan), np.zeros(60)) == ()
    assert detect_saccades(time[:3], np.zeros(3), np.zeros(3)) == ()
    assert detect_saccades(time[:0], np.zeros(0), np.zeros(0)) == ()
    assert detect_saccades(time, np.zeros(60), np.zeros(60)) == ()


def test_all_figures_are_finite() -> None:
    for saccade in found(gaze([(10, 0), (0, 6), (-4, -3)], noise_deg=0.2)):
        assert all(math.isfinite(value) for value in astuple(saccade) if isinstance(value, float))


@pytest.mark.parametrize(
    ("time", "message"),
    [([0.0, 0.1, 0.1], "time_s"), ([0.0, 0.2, 0.1], "time_s"), ([0.0, float("nan"), 1.0], "time_s"), ([0.0], "length")],
)
def test_bad_rows_are_refused(time: list[float], message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        detect_saccades(np.array(time), np.zeros(3), np.zeros(3))
