from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.crack.thinning import thin
from tests.crack.drawing import straight


@given(seed=st.integers(0, 2**32 - 1), density=st.floats(0.2, 0.97))
def test_agrees_with_scikit_image(seed: int, density: float) -> None:
    oracle = pytest.importorskip("skimage.morphology", reason="scikit-image is the oracle here")
    mask = np.pad(np.random.default_rng(seed).random((24, 31)) < density, 1)
    np.testing.assert_array_equal(thin(mask), oracle.thin(mask))


@pytest.mark.parametrize("angle", range(0, 180, 15))
def test_a_line_two_pixels_wide_keeps_its_length(angle: int) -> None:
    mask = np.pad(straight(60, 2.2, angle) >= 0.5, 1)
    y, x = np.nonzero(thin(mask))
    assert np.hypot(np.ptp(x), np.ptp(y)) > 56


def test_a_large_block_costs_by_its_edge() -> None:
    mask = np.zeros((700, 900), np.bool_)
    mask[50:650, 50:850] = True
    assert 0 < np.count_nonzero(thin(mask)) < 2000
