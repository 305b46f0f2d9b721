from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.gaze.movements.main_sequence import (
    expected_duration_s,
    expected_peak_velocity_deg_s,
)


@pytest.mark.parametrize(
    ("amplitude_deg", "vertical", "published"),
    [(5, False, 213), (15, False, 352), (30, False, 455), (5, True, 208), (10, True, 303), (20, True, 391)],
)
def test_within_a_tenth_of_the_published_means(amplitude_deg: float, vertical: bool, published: float) -> None:
    assert expected_peak_velocity_deg_s(amplitude_deg, vertical=vertical) == pytest.approx(published, rel=0.1)


@settings(max_examples=25)
@given(small=st.floats(0.1, 40), more=st.floats(0.1, 20), vertical=st.booleans())
def test_larger_saccades_are_faster_and_longer(small: float, more: float, vertical: bool) -> None:
    large = small + more
    assert expected_peak_velocity_deg_s(large, vertical=vertical) > expected_peak_velocity_deg_s(
        small, vertical=vertical
    )
    assert expected_duration_s(large) > expected_duration_s(small)


@settings(max_examples=25)
@given(amplitude=st.floats(-40, 40), vertical=st.booleans())
def test_no_sign_counts(amplitude: float, vertical: bool) -> None:
    mean = expected_peak_velocity_deg_s(amplitude, vertical=vertical)
    assert mean == expected_peak_velocity_deg_s(-amplitude, vertical=vertical) >= 0
