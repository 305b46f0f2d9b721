"""Cracks that a model saw only faintly count where the other photo tells that they came, grew or went."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.compared import ComparisonReport
from sightline.crack.compare.comparison import compare_registered
from sightline.crack.report import CrackReport
from tests.crack.compare.painted import LONG, MATRIX, OTHER, SHORT, Crack, photo, registration, report, wall


def with_faint(seen: list[Crack], faint: list[Crack], matrix: NDArray[np.float64] | None = None) -> CrackReport:
    return replace(report(seen, matrix), faint=report(faint, matrix, confidence=0.2).instances)


def compared(
    before: list[Crack],
    after: list[Crack],
    *,
    seen_before: CrackReport,
    seen_after: CrackReport,
    roughness: float = 6.0,
) -> ComparisonReport:
    return compare_registered(
        photo(wall(before, roughness=roughness)),
        seen_before,
        photo(wall(after, roughness=roughness), MATRIX, seed=2, gain=0.8),
        seen_after,
        registration(),
    )


def test_a_faint_crack_that_came_is_new_though_no_report_has_it() -> None:
    result = compared(
        [OTHER], [OTHER, LONG], seen_before=report([OTHER]), seen_after=with_faint([OTHER], [LONG], MATRIX)
    )
    (new,) = result.of_kind("new")
    assert (new.before_index, new.after_index) == ((), ())
    assert new.outline_after
    assert new.outline_before
    assert 0.2 < new.confidence < 0.9
    assert len(result.after.instances) == 1


def test_a_faint_crack_that_went_is_healed() -> None:
    result = compared([LONG], [], seen_before=with_faint([], [LONG]), seen_after=report([]))
    assert [(change.kind, change.before_index) for change in result.changes] == [("healed", ())]


def test_a_faint_crack_that_stayed_is_not_spoken_of() -> None:
    result = compared([LONG], [LONG], seen_before=with_faint([], [LONG]), seen_after=with_faint([], [LONG], MATRIX))
    assert result.changes == ()


def test_a_faint_crack_that_grew_is_grown() -> None:
    result = compared([SHORT], [LONG], seen_before=report([]), seen_after=with_faint([], [LONG], MATRIX))
    assert [(change.kind, change.grown_in) for change in result.changes] == [("grown", ("length",))]


def test_a_faint_end_belongs_to_the_crack_that_it_continues() -> None:
    end = Crack([[222, 162], [260, 170], [380, 250]])
    result = compared([SHORT], [LONG], seen_before=report([SHORT]), seen_after=with_faint([SHORT], [end], MATRIX))
    (change,) = result.changes
    assert (change.kind, change.before_index, change.after_index) == ("grown", (0,), (0,))


def test_a_reported_end_belongs_to_the_crack_that_it_continues() -> None:
    end = Crack([[222, 162], [260, 170], [380, 250]])
    result = compared([SHORT], [LONG], seen_before=report([SHORT]), seen_after=report([SHORT, end], MATRIX))
    (change,) = result.changes
    assert (change.kind, change.after_index) == ("grown", (0, 1))


def test_on_a_rough_wall_a_pale_crack_is_told_by_the_difference_of_the_photos() -> None:
    pale = Crack(LONG.points, width=4.0, depth=0.2)
    result = compared([], [pale], seen_before=report([]), seen_after=report([pale], MATRIX), roughness=16)
    assert [change.kind for change in result.changes] == ["new"]
    same = compared([pale], [pale], seen_before=report([]), seen_after=report([pale], MATRIX), roughness=16)
    assert [change.kind for change in same.changes] == ["unchanged"]


def test_a_faint_crack_may_be_sure() -> None:
    sure = replace(report([]), faint=report([LONG], MATRIX, confidence=1.0).instances)
    assert [change.kind for change in compared([], [LONG], seen_before=report([]), seen_after=sure).changes] == ["new"]
