from __future__ import annotations

import diplib as dip
import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.skeleton import FREE, Skeleton, skeletonize
from tests.crack.drawing import stroke


def skeleton_of(*strokes: NDArray[np.float32]) -> Skeleton:
    mask = np.pad(np.maximum.reduce(strokes) >= 0.5, 1)
    return skeletonize(mask, np.asarray(dip.EuclideanDistanceTransform(mask, method="ties")))


def test_a_line_is_one_branch_with_two_free_ends() -> None:
    (branch,) = skeleton_of(stroke((40, 90), [(10, 15), (80, 22)], 4)).branches
    assert (branch.start, branch.end, branch.closed) == (FREE, FREE, False)
    assert np.abs(np.diff(branch.path, axis=0)).max() == 1


def test_a_ring_is_one_closed_branch() -> None:
    y, x = np.mgrid[:60, :60]
    ring = np.clip(3 - np.abs(np.hypot(x - 30, y - 30) - 20), 0, 1).astype(np.float32)
    (branch,) = skeleton_of(ring).branches
    assert branch.closed
    np.testing.assert_array_equal(branch.path[0], branch.path[-1])


def test_branches_meet_at_a_junction() -> None:
    skeleton = skeleton_of(stroke((100, 100), [(10, 50), (90, 50)], 3), stroke((100, 100), [(50, 50), (60, 10)], 3))
    assert len(skeleton.branches) == 3
    assert {branch.start for branch in skeleton.branches} == {0}
    assert {branch.end for branch in skeleton.branches} == {FREE}
    assert skeleton.branch_count == 3


@pytest.mark.parametrize("slope", [0.6, 0.8, 1.0])
@pytest.mark.parametrize("width", [3, 9, 16])
def test_two_lines_that_cross_at_sixty_degrees_or_more_have_four_branches(slope: float, width: float) -> None:
    up, down = [(10, 60 - 50 * slope), (110, 60 + 50 * slope)], [(10, 60 + 50 * slope), (110, 60 - 50 * slope)]
    skeleton = skeleton_of(stroke((120, 120), up, width), stroke((120, 120), down, width))
    assert skeleton.branch_count == 4


def test_spurs_of_a_rough_edge_are_pruned() -> None:
    line = stroke((60, 200), [(10, 30), (190, 30)], 12)
    for x in range(20, 190, 11):
        line[22:25, x : x + 2] = 1  # teeth that stick out by less than half of the width
    assert skeleton_of(line).branch_count == 1


def test_a_branch_that_sticks_out_further_is_kept() -> None:
    line, twig = stroke((60, 200), [(10, 40), (190, 40)], 12), stroke((60, 200), [(100, 40), (100, 15)], 3)
    assert skeleton_of(line, twig).branch_count == 3


def test_a_gap_makes_no_branch() -> None:
    left, right = stroke((40, 120), [(10, 20), (50, 20)], 4), stroke((40, 120), [(58, 20), (110, 20)], 4)
    assert skeleton_of(left, right).branch_count == 1


def test_a_lone_pixel() -> None:
    mask = np.zeros((5, 5), np.bool_)
    mask[2, 2] = True
    (branch,) = skeletonize(mask, mask.astype(np.float32)).branches
    assert branch.path.tolist() == [[2.0, 2.0]]
