"""What stands against a comparison."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sightline.crack.compare.pair_quality import pair_notes
from sightline.crack.compare.softness import Softness
from tests.crack.compare.painted import registration

EVEN = Softness(0.0, 1.0, 0.06)


def codes(matrix: np.ndarray, softness: Softness = EVEN) -> list[str]:
    return [note.code for note in pair_notes(registration(matrix), softness)]


def test_two_good_photos_have_no_remark() -> None:
    assert codes(np.eye(3)) == []
    assert codes(np.eye(3), Softness(None, 1.0, 0.18)) == []


@pytest.mark.parametrize(("scale", "code"), [(0.4, "after_coarser"), (2.6, "before_coarser")])
def test_a_coarser_photo_is_named(scale: float, code: str) -> None:
    assert code in codes(np.diag([scale, scale, 1.0]))


def test_a_close_view_of_a_part_is_no_small_overlap() -> None:
    near = np.array([[2.6, 0, -300], [0, 2.6, -250], [0, 0, 1]])
    assert "small_overlap" not in codes(near)
    assert "small_overlap" in codes(np.array([[1.0, 0, 400], [0, 1, 0], [0, 0, 1]]))


@pytest.mark.parametrize(("variance", "code"), [(9.0, "after_softer"), (-9.0, "before_softer")])
def test_a_softer_photo_is_named(variance: float, code: str) -> None:
    assert codes(np.eye(3), replace(EVEN, variance=variance)) == [code]


def test_a_remark_holds_its_figure_and_its_limit() -> None:
    (note,) = pair_notes(registration(np.eye(3)), replace(EVEN, variance=9.0))
    assert (note.value, note.limit) == (3.0, 2.0)
