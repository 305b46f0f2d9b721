"""How much softer and how much more contrasty one photo is than the other."""

from __future__ import annotations

import numpy as np
import pytest

from sightline.crack.compare.sampling import Brightness
from sightline.crack.compare.softness import Softness, relative_softness
from tests.crack.compare.painted import photo, registration, wall

SHIFT = np.array([[1.0, 0, 7], [0, 1, -5], [0, 0, 1]])
"""Whole pixels: interpolation would be a blur of its own."""

LUMA = wall(roughness=10.0)


def softness(before: np.ndarray, after: np.ndarray) -> Softness:
    return relative_softness(Brightness(before), Brightness(after), registration(SHIFT), step_px=1.0)


@pytest.mark.parametrize("blur", [1.0, 1.5])
def test_a_blur_is_measured_either_way(blur: float) -> None:
    sharp, soft = photo(LUMA), photo(LUMA, SHIFT, blur=blur)
    found = softness(sharp, soft)
    assert found.variance == pytest.approx(blur**2, rel=0.35)
    back = softness(photo(LUMA, blur=blur), photo(LUMA, SHIFT))
    assert back.variance == pytest.approx(-(blur**2), rel=0.35)


def test_the_same_camera_is_as_soft() -> None:
    found = softness(photo(LUMA), photo(LUMA, SHIFT, gain=0.7, seed=5))
    assert found.variance == pytest.approx(0, abs=0.2)
    assert found.contrast == pytest.approx(1, abs=0.08)


def test_a_tone_curve_is_a_contrast() -> None:
    found = softness(photo(LUMA), photo(LUMA, SHIFT, gamma=1.3))
    assert found.contrast == pytest.approx(1.3, rel=0.08)
    assert found.contrast_error < 0.12


def test_a_wall_without_texture_tells_nothing() -> None:
    bare = np.full_like(LUMA, 150)
    found = softness(photo(bare, noise=3), photo(bare, SHIFT, noise=3, seed=2))
    assert found.variance is None
    assert found.contrast == 1
    assert found.contrast_error > 0.15


def test_photos_that_share_nothing_tell_nothing() -> None:
    far = np.array([[1.0, 0, 900], [0, 1, 0], [0, 0, 1]])
    one = Brightness(photo(LUMA))
    assert relative_softness(one, one, registration(far), step_px=1.0).variance is None
