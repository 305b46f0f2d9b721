from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.gaze.movements.filters import local_quadratic, smooth, smoothing_for, without_spikes


@pytest.mark.parametrize("samples", [5, 7, 21])
def test_the_same_as_savitzky_golay_on_even_times(samples: int) -> None:
    signal = pytest.importorskip("scipy.signal")
    values = np.random.default_rng(0).normal(0, 1, 200)
    time = 5 + np.arange(200) / 500
    assert local_quadratic(time, values, samples) == pytest.approx(signal.savgol_filter(values, samples, 2), abs=1e-9)


@settings(max_examples=25)
@given(a=st.floats(-5, 5), b=st.floats(-5, 5), c=st.floats(-5, 5), seed=st.integers(0, 100))
def test_a_parabola_stays_one_at_uneven_times(a: float, b: float, c: float, seed: int) -> None:
    time = np.cumsum(np.random.default_rng(seed).uniform(0.5, 1.5, 40) / 240)
    values = a + b * time + c * time**2
    assert local_quadratic(time, values, 7) == pytest.approx(values, abs=1e-6)


@pytest.mark.parametrize(("rate_hz", "samples"), [(15, 1), (30, 1), (60, 1), (120, 1), (240, 5), (1000, 21)])
def test_what_is_said_is_what_is_done(rate_hz: float, samples: int) -> None:
    smoothing = smoothing_for(np.arange(300) / rate_hz)
    assert smoothing.samples == samples
    assert f"{rate_hz} frames/s" in smoothing.words
    assert ("no smoothing" in smoothing.words) == (samples == 1)


def test_a_spike_goes_and_a_step_stays() -> None:
    values = np.random.default_rng(1).normal(0, 0.1, 60) + np.where(np.arange(60) < 30, 0.0, 5.0)
    spiked = values.copy()
    spiked[10] += 7
    cleaned = without_spikes(spiked)
    assert abs(cleaned[10]) < 0.5
    assert np.delete(cleaned, 10) == pytest.approx(np.delete(values, 10))


def test_gaps_stay_gaps_and_nothing_leaks_over_them() -> None:
    time = np.arange(400) / 1000
    values = np.where(time < 0.2, 0.0, 10.0)
    values[190:210] = np.nan
    smoothed = smooth(time, values)
    assert np.isnan(smoothed).tolist() == np.isnan(values).tolist()
    assert smoothed[:190] == pytest.approx(0.0)
    assert smoothed[210:] == pytest.approx(10.0)


def test_smoothing_lowers_noise_where_there_are_frames_enough() -> None:
    time = np.arange(2000) / 1000
    noise = np.random.default_rng(2).normal(0, 1, 2000)
    assert smooth(time, noise).std() < 0.5


def test_too_few_frames_are_left_alone() -> None:
    assert smooth(np.zeros(1), np.ones(1)).tolist() == [1.0]
    assert smooth(np.zeros(0), np.zeros(0)).tolist() == []
