from __future__ import annotations

import pytest

from sightline.gaze.movements import detect_saccades
from sightline.gaze.movements.main_sequence import expected_duration_s
from tests.gaze.movements.made_up import gaze

MINIMUM_JERK = 1.875
"""Peak over mean velocity of the made-up saccades."""


@pytest.mark.parametrize("rate_hz", [15.0, 24.0, 30.0, 60.0, 120.0, 240.0, 1000.0])
@pytest.mark.parametrize("amplitude_deg", [3.0, 10.0, 25.0])
@pytest.mark.parametrize("noise_deg", [0.0, 0.2])
def test_the_true_peak_lies_within_the_bounds(rate_hz: float, amplitude_deg: float, noise_deg: float) -> None:
    true = MINIMUM_JERK * amplitude_deg / expected_duration_s(amplitude_deg)
    holds = [0.9 + 0.007 * k for k in range(21)]
    moves = [(amplitude_deg * (-1) ** k, 0.0) for k in range(20)]
    saccades = detect_saccades(*gaze(moves, rate_hz=rate_hz, hold_s=holds, noise_deg=noise_deg).series)
    inside = [s.peak_velocity_lower_deg_s <= true <= s.peak_velocity_upper_deg_s for s in saccades]
    assert len(inside) >= (15 if rate_hz > 15 or amplitude_deg > 3 else 0)
    assert sum(inside) >= 0.9 * len(inside)


def test_thirty_frames_a_second_do_not_measure_a_healthy_saccade() -> None:
    (saccade,) = detect_saccades(*gaze([(12, 0)], rate_hz=30.0).series)
    assert saccade.peak_velocity_deg_s is None
    assert "not measurable at 30 frames a second" in saccade.velocity_note


def test_thirty_frames_a_second_measure_a_slow_one() -> None:
    (saccade,) = detect_saccades(*gaze([(0, 15)], rate_hz=30.0, duration_s=0.3).series)
    assert saccade.peak_velocity_deg_s == pytest.approx(MINIMUM_JERK * 15 / 0.3, rel=0.1)
    assert saccade.peak_velocity_upper_deg_s < 200
    assert "measured at 30 frames a second" in saccade.velocity_note


def test_an_eye_tracker_measures_even_small_ones() -> None:
    (saccade,) = detect_saccades(*gaze([(4, 0)], rate_hz=1000.0, noise_deg=0.01).series)
    assert saccade.peak_velocity_deg_s == pytest.approx(MINIMUM_JERK * 4 / expected_duration_s(4), rel=0.1)


def test_more_frames_narrow_the_bounds() -> None:
    widths = []
    for rate_hz in (30.0, 60.0, 240.0):
        (saccade,) = detect_saccades(*gaze([(15, 0)], rate_hz=rate_hz).series)
        widths.append(saccade.peak_velocity_upper_deg_s / saccade.peak_velocity_lower_deg_s)
    assert widths == sorted(widths, reverse=True)
