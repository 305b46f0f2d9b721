"""Brightness between pixels."""

from __future__ import annotations

import numpy as np
import pytest

from sightline.crack.compare.sampling import LEAST_LIGHT, Brightness


def grey(luma: np.ndarray) -> np.ndarray:
    return np.repeat(luma.astype(np.uint8)[..., None], 3, axis=2)


def test_a_ramp_is_read_between_pixels() -> None:
    ramp = Brightness(grey(np.tile(np.arange(40) * 5, (20, 1))))
    read = ramp.at(np.array([[10.5, 8.0], [11.0, 8.0], [11.25, 3.3]]), 1.0)
    assert np.exp(read) - LEAST_LIGHT == pytest.approx([50, 52.5, 53.75], abs=0.01)


def test_outside_is_not_a_number() -> None:
    picture = Brightness(grey(np.full((20, 40), 90)))
    read = picture.at(np.array([[0.0, 0.0], [40.0, 20.0], [40.1, 5.0], [5.0, -0.1], [np.nan, 3.0]]), 1.0)
    assert np.isfinite(read).tolist() == [True, True, False, False, False]


@pytest.mark.parametrize("factor", [2, 3])
def test_details_finer_than_asked_for_are_averaged_at_the_same_place(factor: int) -> None:
    noise = np.random.default_rng(0).integers(0, 2, (60, 60)) * 100
    ramp = np.tile(np.arange(60) * 2, (60, 1))
    points = np.array([[31.0, 29.0], [17.3, 40.2]])
    fine = Brightness(grey(noise + ramp)).at(points, 1.0)
    coarse = Brightness(grey(ramp)).at(points, float(factor))
    assert np.exp(coarse) - LEAST_LIGHT == pytest.approx(2 * points[:, 0] - 1, abs=1.1)
    assert fine.shape == coarse.shape == (2,)


def test_a_change_of_light_only_adds() -> None:
    wall = np.random.default_rng(1).integers(100, 200, (30, 30))
    points = np.random.default_rng(2).uniform(2, 28, (50, 2))
    light, dim = (Brightness(grey(wall * gain)).at(points, 1.0) for gain in (1.0, 0.5))
    assert np.std(light - dim) < 0.01
