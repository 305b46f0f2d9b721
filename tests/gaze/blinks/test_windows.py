from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.gaze.blinks.windows import maximum_after, maximum_before, window_median

SERIES = st.lists(st.tuples(st.floats(0.01, 0.5), st.floats(-5, 5)), min_size=1, max_size=40)


@given(SERIES, st.floats(0, 2))
def test_windows_hold_what_lies_within_their_time(series: list[tuple[float, float]], span_s: float) -> None:
    steps, values = np.array(series).T
    time_s = np.cumsum(steps)
    medians = window_median(time_s, values, span_s)
    before, after = maximum_before(time_s, values, span_s), maximum_after(time_s, values, span_s)
    for i, now in enumerate(time_s):
        around = (time_s >= now - span_s) & (time_s <= now + span_s)
        assert medians[i] == pytest.approx(np.median(values[around]))
        assert before[i] == values[: i + 1][time_s[: i + 1] >= now - span_s].max()
        assert after[i] == values[i:][time_s[i:] <= now + span_s].max()
