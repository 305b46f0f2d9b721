"""Shares, their intervals, and what the table counts."""

from __future__ import annotations

import pytest
from compare_score import Claim, Growth, Outcome, Told
from compare_table import Share, rows
from goals import Goal


def figures(outcomes: list[Outcome]) -> dict[str, tuple[str, str]]:
    return {row[0]: (row[1], row[2]) for row in rows(outcomes)}


def test_wilson_interval() -> None:
    """The worked example of Newcombe 1998, table I: 81 of 263 is 0.2553 to 0.3662."""
    assert Share(81, 263).interval == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert Share(0, 0).value is None
    assert Share(10, 10).interval[1] == pytest.approx(1)


def test_a_share_tells_whether_it_meets_its_goal() -> None:
    assert Share(99, 100).row("x", Goal(least=0.99))[3:] == (">= 0.99", "yes")
    assert "NO" in Share(98, 100).row("x", Goal(least=0.99))[4]
    assert Share(0, 0).row("x", Goal(least=0.99))[1] == "-"


def test_claims_that_are_neither_right_nor_wrong_do_not_count() -> None:
    claims = Claim("new", True), Claim("new", None), Claim("new", False), Claim("longer", True)
    told = figures([Outcome("new", 0, None, 1.0, True, 0.5, claims=claims, found=(("new", True),))])
    assert told["new: precision"][1] == "1 of 2"
    assert told["grown: precision"][1] == "1 of 1"
    assert told["new: recall, resolvable"][1] == "1 of 1"


def test_a_refused_pair_counts_as_missed_unless_nobody_could_align_it() -> None:
    missed: tuple[tuple[Told, bool], ...] = (("new", False),)
    told = figures(
        [
            Outcome("new", 0, "other_wall", 0.9, True, found=missed),
            Outcome("new", 1, "other_wall", 0.9, False, found=missed),
        ]
    )
    assert told["new: recall, resolvable"][1] == "0 of 1"
    assert told["new: recall, smooth walls without any detail counted in"][1] == "0 of 2"
    assert told["registered within 3 px: alignable, overlap >= 0.3"][1] == "0 of 1"


def test_wrong_pairs_and_unchanged_ones() -> None:
    told = figures(
        [
            Outcome("other_wall", 0, "other_wall", 0.0, False),
            Outcome("other_room", 0, None, 0.0, False),
            Outcome("unchanged", 0, None, 1.0, True, 20.0, claims=(Claim("wider", False),)),
            Outcome("unchanged", 1, None, 1.0, True, 0.2, unjudged=("too_dark",), judged=3),
            Outcome("unchanged", 2, "other_wall", 1.0, True),
        ]
    )
    assert told["wrong pairs refused"][1] == "1 of 2"
    assert told["unchanged pairs without a false new"][1] == "2 of 2"
    assert told["unchanged pairs without any false change"][1] == "1 of 2"
    assert told["registered, but off by more than 10 px"][1] == "1 of 2"
    assert told["changes called not comparable"][1] == "1 of 4"
    assert told["not comparable: too_dark"][1] == "1 of 4"


def test_growth_is_compared_with_the_truth() -> None:
    growths = Growth("wider", 2.5, 0.3, 2.0), Growth("wider", 5.0, 0.3, 2.0)
    told = figures([Outcome("wider", 0, None, 1.0, True, 0.2, growths=growths)])
    assert told["wider: truth within 2 sigma of what was said"][1] == "1 of 2"
    assert told["wider: growth error, px (bias / median / 90 %)"][0].startswith("+1.75 / 1.75")
