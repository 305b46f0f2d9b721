"""Which instances of two reports are one crack."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.crack.compare.lines import CrackLines, crack_lines
from sightline.crack.compare.links import Group, continues, covered, groups
from tests.crack.compare.painted import LONG, OTHER, Crack, report


def lines_of(*cracks: Crack) -> list[CrackLines]:
    return [crack_lines(report([crack]).instances[0]) for crack in cracks]


def grouped(before: list[CrackLines], after: list[CrackLines]) -> list[Group]:
    return sorted(groups(before, [lines.points for lines in before], after, 2.0))


def test_the_same_place_is_the_same_crack() -> None:
    assert grouped(lines_of(LONG, OTHER), lines_of(OTHER, LONG)) == [((0,), (1,)), ((1,), (0,))]


def test_every_instance_is_in_one_group() -> None:
    assert grouped(lines_of(LONG), lines_of(OTHER)) == [((), (0,)), ((0,), ())]
    assert grouped([], []) == []


def test_pieces_that_joined_are_one_group_and_so_are_those_that_split() -> None:
    pieces = lines_of(Crack([[90, 90], [170, 150]]), Crack([[260, 170], [380, 250]]))
    assert grouped(pieces, lines_of(LONG)) == [((0, 1), (0,))]
    assert grouped(lines_of(LONG), pieces) == [((0,), (0, 1))]


def test_cracks_that_cross_are_two() -> None:
    across = Crack([[200, 60], [210, 330]])
    assert grouped(lines_of(LONG), lines_of(across)) == [((), (0,)), ((0,), ())]


def test_a_crack_goes_on_where_another_one_ends() -> None:
    first = Crack([[60, 100], [160, 100]])
    (lines,) = lines_of(first)
    for goes_on, there in (
        (True, [[165, 102], [260, 110]]),  # right at its end
        (True, [[190, 104], [260, 110]]),  # across a gap, in its direction
        (False, [[190, 60], [190, 30]]),  # as near, in another direction
        (False, [[110, 110], [110, 200]]),  # off its side
        (False, [[240, 100], [300, 100]]),  # too far
    ):
        (other,) = lines_of(Crack(there))
        assert continues(lines, other) == continues(other, lines) == goes_on


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), tolerance=st.floats(0.5, 20), count=st.integers(1, 30), others=st.integers(0, 30))
def test_covered_agrees_with_distances(seed: int, tolerance: float, count: int, others: int) -> None:
    rng = np.random.default_rng(seed)
    points, far = rng.uniform(-50, 50, (count, 2)), rng.uniform(-50, 50, (others, 2))
    near = covered(points, far, tolerance)
    if not others:
        assert not near.any()
        return
    apart = np.hypot(*(points[:, None] - far).transpose(2, 0, 1)).min(axis=1)
    assert near[apart < tolerance * 0.999].all()
    assert not near[apart > tolerance * 2 * np.sqrt(2) * 1.001].any()


def test_points_far_away_cost_nothing() -> None:
    far = np.array([[0.0, 0], [4e9, -4e9], [np.inf, 0], [np.nan, 0]])
    assert covered(np.array([[1.0, 1], [90, 90]]), far, 2.0).tolist() == [True, False]
    assert covered(far, np.array([[1.0, 1]]), 2.0).tolist() == [True, False, False, False]
