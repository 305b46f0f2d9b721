from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.gaze.figure_data import figure_data, footer, headline, limits, thinned, verdict_line, within
from sightline.gaze.screening.values import DISCLAIMER
from tests.gaze.drawn_report import drawn_report


def test_gaps_are_named_with_their_reason_and_time() -> None:
    gaps = {gap.reason: gap.spans for gap in figure_data(drawn_report()).gaps}
    assert set(gaps) == {"no face", "head turned away", "no frames"}
    for reason, span in (("no face", (4.7, 5.6)), ("head turned away", (13.2, 13.9)), ("no frames", (10.9, 11.6))):
        (shown,) = gaps[reason]
        assert shown == pytest.approx(span, abs=0.04)


def test_a_reason_that_is_not_known_yet_is_shown_by_its_code() -> None:
    gaps = figure_data(drawn_report(gates=((1.5, 1.8, "hand_before_eye"),))).gaps
    assert "hand before eye" in {gap.reason for gap in gaps}


def test_gaze_is_not_drawn_where_it_cannot_be_read() -> None:
    shown = figure_data(drawn_report())
    around_a_blink = (shown.time_s > 6.9) & (shown.time_s < 7.2)
    assert np.isnan(shown.vertical_deg[around_a_blink]).all()
    assert np.isfinite(shown.left_aperture[around_a_blink]).all()
    (masked,) = shown.masked
    assert any(start < 7.0 < end for start, end in masked.spans)


def test_gaze_that_is_missing_in_a_usable_frame_has_its_reason() -> None:
    report = drawn_report()
    report.frames.gaze_v_deg[(report.frames.time_s > 3.0) & (report.frames.time_s < 3.5)] = np.nan
    (span,) = next(gap.spans for gap in figure_data(report).masked if gap.reason == "iris not seen")
    assert span == pytest.approx((3.0, 3.5), abs=0.05)


def test_events_and_targets_are_taken_over() -> None:
    shown = figure_data(drawn_report())
    assert [partial for _, partial in shown.blinks] == [False, False, True, False]
    assert shown.closures == ((16.2, 17.4),)
    assert len(shown.saccades) == len(shown.targets) == 9
    assert shown.axis_s == (0.0, 18.0)


def test_what_is_written_has_the_main_figures_the_verdict_and_the_disclaimer() -> None:
    report = drawn_report()
    for part in ("18.0 s", "3 blinks (10.0 a minute)", "9 saccades", "peak to peak 0.310", "vertical range 32.0°"):
        assert part in headline(report)
    assert verdict_line(report).startswith("Screening: not suspected. The vertical range is not restricted")
    assert footer(report) == f"{DISCLAIMER} Landmarks: test landmarks 1."


series = st.lists(st.floats(-100, 100) | st.just(float("nan")), min_size=1, max_size=400)


@given(series, st.integers(4, 60))
def test_thinning_keeps_the_extremes_the_order_and_the_bounds(values: list[float], most: int) -> None:
    line = np.array(values)
    time, thin = thinned(np.arange(len(line)) / 30, line, 1 / 30, most)
    assert len(time) <= max(most, 2)
    assert (np.diff(time) > 0).all()
    if np.isfinite(line).any():
        assert (np.nanmin(thin), np.nanmax(thin)) == (np.nanmin(line), np.nanmax(line))


def test_a_gap_in_the_recording_breaks_the_line() -> None:
    time, line = thinned(np.array([0.0, 0.1, 0.2, 5.0, 5.1]), np.ones(5), 0.1, 100)
    assert np.flatnonzero(np.isnan(line)).tolist() == [3]
    assert 0.2 < time[3] < 5.0


def test_a_movement_shorter_than_a_frame_is_drawn_too() -> None:
    assert within(np.arange(10.0), [(3.2, 3.4)]).tolist() == [False] * 3 + [True] * 2 + [False] * 5


def test_axes_show_the_range_and_never_shrink_to_noise() -> None:
    assert limits([np.full(5, np.nan)], 5.0) == (-5.0, 5.0)
    assert limits([np.array([1.0, 1.1])], 5.0) == pytest.approx((-3.95, 6.05), abs=0.01)
    low, high = limits([np.linspace(-30, 30, 1000)], 5.0)
    assert low < -30 < 30 < high
