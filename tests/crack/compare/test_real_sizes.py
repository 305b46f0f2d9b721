"""Sizes in mm through the scale of either photo."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sightline.crack.compare.comparison import compare_registered
from sightline.crack.scale.plane import PlaneScale
from tests.crack.compare.painted import LONG, MATRIX, SHORT, photo, registration, report, wall

BEFORE, AFTER = photo(wall([SHORT])), photo(wall([LONG]), MATRIX, seed=2)


def scale(mm_per_px: float, relative: float = 0.02) -> PlaneScale:
    return PlaneScale(
        kind="points",
        to_mm=np.diag([mm_per_px, mm_per_px, 1.0]),
        spread=np.zeros((9, 1)),
        size_uncertainty=relative,
        outline=np.array([[10.0, 10.0], [200.0, 10.0]]),
        perspective_corrected=False,
    )


def test_without_a_scale_there_are_no_mm() -> None:
    (change,) = compare_registered(BEFORE, report([SHORT]), AFTER, report([LONG], MATRIX), registration()).changes
    assert change.length_mm is None
    assert change.width_mm is None
    assert change.to_dict()["length_growth_mm"] is None


def test_the_after_photo_s_scale_is_taken_first() -> None:
    before = replace(report([SHORT]), scale=scale(7.0))
    after = replace(report([LONG], MATRIX), scale=scale(0.5))
    (change,) = compare_registered(BEFORE, before, AFTER, after, registration()).changes
    assert change.length_mm is not None
    assert change.length.growth is not None
    assert change.length.uncertainty is not None
    assert change.length_mm.growth == pytest.approx(0.5 * change.length.growth)
    expected = np.hypot(0.5 * change.length.uncertainty, 0.02 * 0.5 * change.length.growth)
    assert change.length_mm.uncertainty == pytest.approx(expected)


def test_the_before_photo_s_scale_is_carried_over() -> None:
    before = replace(report([SHORT]), scale=scale(0.5))
    (change,) = compare_registered(BEFORE, before, AFTER, report([LONG], MATRIX), registration()).changes
    assert change.length_mm is not None
    assert change.length_mm.after == pytest.approx(0.5 * 331, rel=0.06)  # the polyline's length in before pixels
