from __future__ import annotations

import numpy as np
import pytest

from sightline.gaze.blinks.baseline import open_level, openness_of
from tests.gaze.blinks.lids import OPEN, Closure, aperture, frame_times, regular


def test_the_open_level_stays_with_the_open_eye() -> None:
    time_s = frame_times(60, 30)
    blinks = [*regular(20), Closure(30, shut_s=8), *(Closure(float(s), shut_s=0.4) for s in np.arange(42, 58, 1.2))]
    np.testing.assert_allclose(open_level(time_s, aperture(time_s, blinks)), OPEN, rtol=0.03)


def test_the_open_level_follows_slow_change() -> None:
    time_s = frame_times(120, 30)
    wide = 1 + 0.3 * np.sin(2 * np.pi * time_s / 100)
    level = open_level(time_s, wide * aperture(time_s, regular(120)))
    np.testing.assert_allclose(level, OPEN * wide, rtol=0.1)


def test_each_eye_has_its_own_level() -> None:
    time_s = frame_times(10, 30)
    openness = openness_of(time_s, aperture(time_s, []), 0.6 * aperture(time_s, []))
    assert np.median(openness.left) == pytest.approx(np.median(openness.right), abs=1e-9)


def test_frames_without_an_eye_are_left_out() -> None:
    time_s = frame_times(10, 30)
    left, right = aperture(time_s, []), aperture(time_s, [])
    left[10:20] = right[15:30] = np.nan
    openness = openness_of(time_s, left, right)
    np.testing.assert_array_equal(openness.row, [*range(15), *range(20, 300)])
    assert np.isfinite(openness.both).all()


def test_noise_is_that_of_still_lids() -> None:
    time_s = frame_times(60, 30)
    openness = openness_of(time_s, *[aperture(time_s, regular(60), noise=0.006)] * 2)
    assert openness.noise == pytest.approx(0.006 / OPEN, rel=0.2)
