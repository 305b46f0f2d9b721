from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.gaze.movements import detect_saccades, detect_square_wave_jerks
from tests.gaze.movements.made_up import gaze


def jerks_of(moves: list[tuple[float, float]], holds: list[float], noise_deg: float = 0.02, rate_hz: float = 60.0):  # type: ignore[no-untyped-def]
    return detect_square_wave_jerks(
        detect_saccades(*gaze(moves, hold_s=holds, noise_deg=noise_deg, rate_hz=rate_hz).series)
    )


@pytest.mark.parametrize("rate_hz", [30.0, 60.0, 240.0])
@pytest.mark.parametrize("away_s", [0.12, 0.2, 0.3])
def test_jerks_are_counted_and_measured(rate_hz: float, away_s: float) -> None:
    moves = [(2.0, 0.1), (-2.0, -0.1)] * 5
    jerks = jerks_of(moves, [1.0, *[away_s, 1.0] * 5], rate_hz=rate_hz)
    assert len(jerks) == 5
    for jerk in jerks:
        assert jerk.amplitude_deg == pytest.approx(2.0, rel=0.1)
        assert jerk.away_s == pytest.approx(away_s, abs=2 / rate_hz)
        assert jerk.to_right


@pytest.mark.parametrize(
    ("moves", "away_s"),
    [
        ([(2.0, 0.0), (2.0, 0.0)], 0.2),  # goes on
        ([(0.0, 2.0), (0.0, -2.0)], 0.2),  # vertical
        ([(2.0, 0.0), (-2.0, 0.0)], 0.8),  # stays away
        ([(2.0, 0.0), (-0.7, 0.0)], 0.2),  # does not come back
        ([(9.0, 0.0), (-9.0, 0.0)], 0.2),  # too large
    ],
)
def test_other_pairs_are_no_jerks(moves: list[tuple[float, float]], away_s: float) -> None:
    assert jerks_of(moves, [1.0, away_s, 1.0]) == ()


def test_a_staircase_back_and_forth_shares_no_saccade() -> None:
    assert len(jerks_of([(2.0, 0.0), (-2.0, 0.0), (2.0, 0.0)], [1.0, 0.2, 0.2, 1.0])) == 1


def test_no_jerk_over_a_gap() -> None:
    time, x, y = gaze([(2.0, 0.0), (-2.0, 0.0)], hold_s=[1.0, 0.35, 1.0], noise_deg=0.02, rate_hz=120.0).series
    x[(time > 1.17) & (time < 1.23)] = np.nan
    saccades = detect_saccades(time, x, y)
    assert len(saccades) == 2
    assert detect_square_wave_jerks(saccades) == ()


@settings(max_examples=25)
@given(seed=st.integers(0, 1000))
def test_mirroring_turns_them_round(seed: int) -> None:
    time, x, y = gaze([(3.0, 0.0), (-3.0, 0.0)], hold_s=[1.0, 0.2, 1.0], noise_deg=0.1, seed=seed).series
    right = detect_square_wave_jerks(detect_saccades(time, x, y))
    left = detect_square_wave_jerks(detect_saccades(time, -x, y))
    assert [jerk.to_right for jerk in left] == [not jerk.to_right for jerk in right]
    assert [jerk.onset_s for jerk in left] == [jerk.onset_s for jerk in right]
