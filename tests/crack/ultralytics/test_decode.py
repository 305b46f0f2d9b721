"""Reading the two layouts of raw outputs."""

from __future__ import annotations

import numpy as np
import pytest

from sightline.crack.ultralytics.decode import decode, tell_layout
from sightline.crack.ultralytics.nms import MAX_KEPT
from sightline.errors import NotReadyError


@pytest.mark.parametrize(
    ("shape", "classes", "coefficients", "layout"),
    [
        ((84, 8400), 80, 0, "raw"),
        ((37, 8400), 1, 32, "raw"),
        ((300, 6), 80, 0, "finished"),
        ((300, 38), 1, 32, "finished"),
        ((6, 6), 2, 0, "finished"),  # two classes: 6 rows or 6 channels, but never 6 anchors
    ],
)
def test_the_shape_tells_the_layout(shape: tuple[int, int], classes: int, coefficients: int, layout: str) -> None:
    assert tell_layout(shape, classes, coefficients) == layout


@pytest.mark.parametrize("shape", [(85, 8400), (8400, 85), (300, 7)])
def test_another_shape_is_refused(shape: tuple[int, int]) -> None:
    with pytest.raises(NotReadyError, match="80 classes and 0 mask coefficients"):
        tell_layout(shape, 80, 0)


def test_raw_columns() -> None:
    columns: list[list[float]] = [
        # x, y, w, h, two scores, one coefficient
        [50, 60, 20, 40, 0.9, 0.1, 1],
        [51, 60, 20, 40, 0.8, 0.1, 2],  # overlaps the first
        [51, 60, 20, 40, 0.1, 0.7, 3],  # of another class
        [150, 60, 20, 40, 0.25, 0.2, 4],  # not above the limit
    ]
    prediction = np.array(columns, dtype=np.float32).T
    both = decode(prediction, "raw", 2, (0, 1))
    np.testing.assert_allclose(both.boxes, [[40, 40, 60, 80], [41, 40, 61, 80]])
    np.testing.assert_allclose(both.scores, [0.9, 0.7])
    np.testing.assert_allclose(both.coefficients, [[1], [3]])
    assert decode(prediction, "raw", 2, (1,)).coefficients.tolist() == [[3]]


def test_finished_rows() -> None:
    rows: list[list[float]] = [
        # x1, y1, x2, y2, score, class, one coefficient
        [40, 40, 60, 80, 0.9, 0, 1],
        [41, 40, 61, 80, 0.8, 0, 2],  # overlaps the first: the export has let it through
        [41, 40, 61, 80, 0.7, 1, 3],
        [0, 0, 0, 0, 0, 0, 0],
    ]
    found = decode(np.array(rows, dtype=np.float32), "finished", 2, (0,))
    np.testing.assert_allclose(found.boxes, [row[:4] for row in rows[:2]])
    np.testing.assert_allclose(found.scores, [0.9, 0.8])
    np.testing.assert_allclose(found.coefficients, [[1], [2]])
    many = np.tile(np.array(rows[:1], dtype=np.float32), (1000, 1))
    assert len(decode(many, "finished", 2, (0,)).scores) == MAX_KEPT


@pytest.mark.parametrize("layout", ["raw", "finished"])
def test_nothing_found_is_empty(layout: str) -> None:
    prediction = np.zeros((7, 21) if layout == "raw" else (300, 7), dtype=np.float32)
    found = decode(prediction, "raw" if layout == "raw" else "finished", 2, (0, 1))
    assert (found.boxes.shape, found.scores.shape, found.coefficients.shape) == ((0, 4), (0,), (0, 1))
