"""Where a crack is, or would be, in either photo."""

from __future__ import annotations

import numpy as np

from sightline.crack.compare.shapes import box, outlines
from sightline.crack.report import Box
from tests.crack.compare.painted import LONG, SIZE, report

(CRACK,) = report([LONG]).instances


def test_its_own_outline_is_taken_where_there_is_one() -> None:
    found = outlines([CRACK], [], lambda points: points, SIZE)
    assert np.array_equal(found[0], CRACK.outline[0])


def test_else_the_other_photo_s_is_carried_over() -> None:
    (found,) = outlines([], [CRACK], lambda points: points + np.array([5, 7]), SIZE)
    assert np.allclose(found, CRACK.outline[0] + np.array([5, 7]))


def test_what_lies_beyond_the_photo_is_cut_off_or_left_out() -> None:
    (cut,) = outlines([], [CRACK], lambda points: points - np.array([200, 0]), SIZE)
    assert cut[:, 0].min() == 0
    assert outlines([], [CRACK], lambda points: points - np.array([500, 0]), SIZE) == ()


def test_the_box_holds_all_polygons_within_the_photo() -> None:
    polygons = (np.array([[1.2, 2.0], [7.9, 3.0]]), np.array([[3.0, 9.5], [4.0, 400.0]]))
    assert box(polygons, SIZE) == Box(1, 2, 7, 358)
    assert box((), SIZE) is None
