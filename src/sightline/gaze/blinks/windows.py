"""Medians and maxima over windows of time, for series whose steps are not all alike."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def window_median(time_s: Floats, values: Floats, half_s: float) -> Floats:
    """The median of what lies within `half_s` on either side of each sample; both (n,), times rising."""
    first = np.searchsorted(time_s, time_s - half_s)
    last = np.searchsorted(time_s, time_s + half_s, side="right")
    reach = int((last - first).max(initial=1))
    columns = first[:, None] + np.arange(reach)
    inside = columns < last[:, None]
    around = np.where(inside, values[np.minimum(columns, len(values) - 1)], np.inf)
    around.sort(axis=1)  # what lies outside the window sorts to the end
    count = last - first
    rows = np.arange(len(values))
    middle: Floats = (around[rows, (count - 1) // 2] + around[rows, count // 2]) / 2
    return middle


def maximum_before(time_s: Floats, values: Floats, span_s: float) -> Floats:
    """The greatest value from `span_s` before each sample up to itself; both (n,), times rising.

    A queue of falling values, of which the first is the window's greatest: linear in n whatever the span.
    """
    greatest = np.empty(len(values))
    falling: deque[int] = deque()
    for now, value in enumerate(values):
        while falling and values[falling[-1]] <= value:
            falling.pop()
        falling.append(now)
        while time_s[falling[0]] < time_s[now] - span_s:
            falling.popleft()
        greatest[now] = values[falling[0]]
    return greatest


def maximum_after(time_s: Floats, values: Floats, span_s: float) -> Floats:
    """The greatest value from each sample until `span_s` later; both (n,), times rising."""
    return maximum_before(-time_s[::-1], values[::-1], span_s)[::-1]
