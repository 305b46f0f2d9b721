from __future__ import annotations

import numpy as np
import pytest

from sightline.crack.rings import draw_ring, reach

RED = (210, 0, 40)


@pytest.mark.parametrize("line", [1.6, 3.0, 6.0])
def test_a_ring_runs_around_a_crack_and_never_over_it(line: float) -> None:
    picture = np.full((80, 120, 3), 128, np.uint8)
    mask = np.zeros((80, 120), np.bool_)
    mask[38:42, 30:90] = True
    near = draw_ring(picture, mask, RED, line)
    assert (picture[mask] == 128).all()
    assert (picture[~near] == 128).all()
    red = (np.abs(picture.astype(int) - RED).max(axis=2) < 30).any(axis=0)
    assert red[30:90].all()  # broken by nothing
    y, x = np.nonzero((picture != 128).any(axis=2))
    away = np.maximum(np.maximum(30 - x, x - 89), 0) ** 2.0 + np.maximum(np.maximum(38 - y, y - 41), 0) ** 2.0
    assert np.sqrt(away.max()) < reach(line)
