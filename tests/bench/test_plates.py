"""The plates that widths are measured on: a line's width in pixels, and what the table says of the errors."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

import plate_scenes
from plate_scenes import Setting, make_scene
from plates import Measured, row_of, settings

from sightline.crack.scale.find_card import find_card
from sightline.crack.scale.homography import project

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
    assert settings(1, first=1) == settings(2)[len(settings(1)) :]
    assert {setting.thing for setting in settings(1)} == {"marker", "card", "points"}
    assert np.isin([250, 3000], [setting.distance_mm for setting in settings(1)]).all()


def test_a_small_card_is_found_aslant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Corners that are a pixel wrong in the search's copy look like no camera's, so small is the card there."""
    monkeypatch.setattr(plate_scenes, "_lines", lambda *_: ())
    scene = make_scene(Setting("card", 1000, 45, 0.6, 1.5, 95, 23))
    scale = find_card(scene.photo)
    assert scale is not None
    ends = scene.to_photo[:2, 2] / scene.to_photo[2, 2] + np.array([[0, 0], [50, 0]])
    to_mm = np.linalg.inv(scene.to_photo).astype(np.float64)
    assert np.hypot(*np.diff(scale.points_mm(ends), axis=0).T) == pytest.approx(
        np.hypot(*np.diff(project(to_mm, ends), axis=0).T), rel=0.01
    )
