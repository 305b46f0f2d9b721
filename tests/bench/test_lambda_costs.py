"""From measured figures to a month's bill."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lambda_bill import Use
from lambda_costs import ACTIVE_SHARE, COLD_SHARE, CRACK, GAZE, month_use, unit_use

FIGURES: dict[str, Any] = {
    "warm_s": [0.4, 0.5, 0.6],
    "cold_s": {"photo": [1.5], "clip": [1.5], "health": [9.0]},
    "log_bytes": 1000.0,
    "metrics": 10,
}


def test_a_photo_is_its_warm_time_and_its_part_of_the_cold_starts() -> None:
    alone = replace(CRACK, beside=Use())
    use = unit_use(alone, 1024, FIGURES)
    assert use.gb_s == pytest.approx(0.5 + COLD_SHARE)
    assert use == Use(gb_s=use.gb_s, invocations=1, log_gb=1e-6)


def test_a_minute_of_video_is_six_clips() -> None:
    alone = replace(GAZE, beside=Use())
    assert unit_use(alone, 1024, FIGURES).gb_s == pytest.approx(6 * 0.5 + COLD_SHARE)


def test_what_stands_by_is_paid_without_a_request() -> None:
    nothing = month_use(CRACK, 1769, FIGURES, 0)
    assert nothing == Use(metrics=ACTIVE_SHARE * (10 + CRACK.metrics), alarms=CRACK.alarms)


def test_a_function_that_failed_has_no_compute() -> None:
    failed = {"warm_s": [], "cold_s": {}, "log_bytes": 0.0, "metrics": 0}
    assert unit_use(replace(CRACK, beside=Use()), 1024, failed).gb_s == 0
