from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.gaze.movements import detect_fixations
from tests.gaze.movements.made_up import gaze


@pytest.mark.parametrize("rate_hz", [15.0, 30.0, 60.0, 250.0])
def test_what_lies_between_saccades(rate_hz: float) -> None:
    made = gaze([(10, 0), (0, -5)], rate_hz=rate_hz, hold_s=1.0, noise_deg=0.05)
    fixations = detect_fixations(*made.series)
    assert [(round(f.x_deg), round(f.y_deg)) for f in fixations] == [(0, 0), (10, 0), (10, -5)]
    for fixation in fixations:
        assert fixation.duration_s == pytest.approx(1.0, abs=3.5 / rate_hz + 0.02)
        assert fixation.dispersion_deg < 0.3


def test_noise_shows_in_the_dispersion() -> None:
    (fixation,) = detect_fixations(*gaze([], hold_s=[20.0], noise_deg=0.5).series)
    assert fixation.dispersion_deg == pytest.approx(0.5 * 2**0.5, rel=0.1)


def test_pursuit_is_no_fixation_and_a_sway_of_the_head_is() -> None:
    time, x, y = gaze([], hold_s=[3.0], noise_deg=0.1).series
    assert detect_fixations(time, x + 10 * time, y) == ()
    assert len(detect_fixations(time, x + time, y)) == 1


@settings(max_examples=25)
@given(start=st.integers(0, 80), length=st.integers(1, 20))
def test_none_reaches_over_a_gap(start: int, length: int) -> None:
    time, x, y = gaze([(6, 0), (-6, 3)], noise_deg=0.1).series
    y[start : start + length] = np.nan
    fixations = detect_fixations(time, x, y)
    for fixation in fixations:
        assert np.isfinite(y[fixation.first_frame : fixation.last_frame + 1]).all()
        assert fixation.duration_s >= 0.1


def test_they_do_not_overlap() -> None:
    fixations = detect_fixations(*gaze([(3, 1), (-6, 2), (1, -4)] * 4, hold_s=0.5, noise_deg=0.2).series)
    for before, after in pairwise(fixations):
        assert before.offset_s < after.onset_s


def test_a_gaze_nobody_saw_has_none() -> None:
    assert detect_fixations(np.arange(9.0), np.full(9, np.nan), np.zeros(9)) == ()
