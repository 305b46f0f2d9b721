from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.scale.edges import peak_at, profiles, step_at


def edge_photo(position: float, sigma: float, *, dark: float = 0.05, light: float = 0.7) -> NDArray[np.uint8]:
    """A vertical edge, dark to the left, blurred in light and stored as sRGB."""
    x = (np.arange(60) + 0.5 - position) / (sigma * math.sqrt(2))
    mixed = dark + (light - dark) * (1 + np.array([math.erf(value) for value in x])) / 2
    coded = 255 * (1.055 * mixed ** (1 / 2.4) - 0.055)
    return np.broadcast_to(np.rint(coded).astype(np.uint8)[None, :, None], (20, 60, 3)).copy()


@pytest.mark.parametrize("position", [29.5, 30.0, 30.3, 31.1])
@pytest.mark.parametrize("sigma", [0.5, 1.0, 1.6])
def test_an_edge_is_found_whatever_its_blur(position: float, sigma: float) -> None:
    points, normals = np.full((5, 2), [30.0, 10]), np.full((5, 2), [1.0, 0])
    across = profiles(edge_photo(position, sigma), points, normals, 6.0)

    for locate, within in ((step_at, 0.05), (peak_at, 0.25)):
        place, height = locate(across, 6.0)
        # where the blur reaches the profile's ends the step looks nearer than it is: those who ask look again there
        np.testing.assert_allclose(place, position - 30, atol=within + 0.25 * abs(position - 30))
        assert (height > 0).all()


def test_the_other_way_the_step_is_down() -> None:
    image = edge_photo(30.2, 0.8)
    across = profiles(image, np.array([[30.0, 10]]), np.array([[-1.0, 0]]), 6.0)

    for locate in (step_at, peak_at):
        place, height = locate(across, 6.0)
        assert place[0] == pytest.approx(-0.2, abs=0.15)
        assert height[0] < 0


def test_the_photos_border_goes_on_outside() -> None:
    image = edge_photo(30, 0.8)
    points = np.array([[-50.0, -50], [500, 500]])

    across = profiles(image, points, np.array([[1.0, 0], [0, 1]]), 4.0)

    assert np.ptp(across, axis=1).max() < 1e-6
    assert step_at(across, 4.0)[0].tolist() == [0, 0]
