"""The plates that widths are measured on: a line's width in pixels, and what the table says of the errors."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from plate_scenes import Setting
from plates import Measured, row_of, settings

SETTING = Setting("marker", 1000, 20, 0.8, 2.0, 90, 1)


def line(width: float, found: float | None, uncertainty: float | None = 0.01) -> Measured:
    return Measured(SETTING, width, width * 3, found, uncertainty)


def test_the_limit_is_the_larger_of_the_two() -> None:
    assert line(0.5, 0.55).error == pytest.approx(1.0)
    assert line(4.0, 3.9).error == pytest.approx(-0.5)
    assert line(4.0, None).error is None


def test_what_is_not_measured_is_not_met() -> None:
    row = row_of("all", [line(0.5, 0.51), line(0.5, 0.6), line(0.5, None, None), line(1.0, 1.015)])
    assert row == ["all", "4", "1", "0.30", "2.00", "67%", "50.0%"]


def test_every_scene_has_its_own_seed() -> None:
    seeds = [setting.seed for setting in settings(2)]
    assert len(set(seeds)) == len(seeds)
    assert {setting.thing for setting in settings(1)} == {"marker", "card", "points"}
    assert np.isin([250, 3000], [setting.distance_mm for setting in settings(1)]).all()
