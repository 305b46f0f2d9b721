"""One pair's answer, judged."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from compare_score import filled, same_place, score
from pair_changes import TrueChange
from pair_truth import Sight
from pair_views import View
from wall_pairs import WallPair

SIZE = 200, 160
CLEAR = Sight(snr=9, contrast=40, width_px=3, length_px=100, inside=1)
HOPELESS = Sight(snr=0.4, contrast=2, width_px=0.3, length_px=30, inside=1)


def square(x: float, y: float, side: float = 20) -> tuple[np.ndarray[Any, Any], ...]:
    return (np.array([[x, y], [x + side, y], [x + side, y + side], [x, y + side]], np.float64),)


def mask(x: int, y: int, side: int = 20) -> np.ndarray[Any, Any]:
    held = np.zeros(SIZE[::-1], np.bool_)
    held[y : y + side, x : x + side] = True
    return held


def pair(kind: Any = "new", *, sight: Sight = CLEAR, resolvable: bool = True) -> WallPair:
    """The same view twice, moved by 10 px, with a change at 50, 40 of the after photo."""
    views = tuple(View(SIZE, np.array([[1.0, 0, dx], [0, 1, 0], [0, 0, 1]]), 0.0, 1.0, 0.0) for dx in (0, 10))
    here, there = mask(40, 40), mask(50, 40)
    change = TrueChange(kind, here, there, here, there, 20, 2, 4, sight, CLEAR, resolvable, True)
    photo = np.zeros((*SIZE[::-1], 3), np.uint8)
    facts: dict[str, float | str] = {"shared_detail": 0.5}
    return WallPair(kind, 0, photo, photo, np.eye(3), (views[0], views[1]), (change,), facts)


def said(kind: str, x: float = 50, **extra: Any) -> Any:
    defaults = {"grown_in": (), "length_growth_px": None, "width_growth_px": None, "reason_code": None}
    return SimpleNamespace(
        kind=kind, outline_before=square(x - 10, 40), outline_after=square(x, 40), **(defaults | extra)
    )


def report(*changes: Any, refusal: Any = None, shift: float = 10.0) -> Any:
    registration = SimpleNamespace(to_after=lambda points: points + np.array([shift, 0.0]), error_px=0.2)
    return SimpleNamespace(changes=changes, refusal=refusal, registration=None if refusal else registration)


def test_a_new_crack_at_its_place_is_right() -> None:
    outcome = score(pair(), report(said("new")))
    assert [claim.right for claim in outcome.claims] == [True]
    assert outcome.found == (("new", True),)
    assert outcome.error_px == pytest.approx(0, abs=1e-9)
    assert outcome.overlap == pytest.approx(0.95, abs=0.05)


def test_a_new_crack_elsewhere_is_wrong_and_the_true_one_missed() -> None:
    outcome = score(pair(), report(said("new", 120), shift=13.0))
    assert [claim.right for claim in outcome.claims] == [False]
    assert outcome.found == (("new", False),)
    assert outcome.error_px == pytest.approx(3)


def test_what_the_before_photo_could_not_have_shown_is_never_new() -> None:
    outcome = score(pair(sight=HOPELESS, resolvable=False), report(said("new")))
    assert [claim.right for claim in outcome.claims] == [False]
    assert outcome.found == ()


def test_between_resolvable_and_hopeless_nothing_is_counted() -> None:
    outcome = score(pair(resolvable=False), report(said("new")))
    assert [claim.right for claim in outcome.claims] == [None]


def test_grown_is_judged_by_what_grew() -> None:
    grown = said("grown", grown_in=("length", "width"), width_growth_px=2.5, width_growth_uncertainty_px=0.4)
    outcome = score(pair("wider"), report(grown))
    assert {claim.told: claim.right for claim in outcome.claims} == {"longer": True, "wider": True}
    assert outcome.found == (("wider", True),)
    (growth,) = outcome.growths
    assert growth.error == pytest.approx(0.5)
    wrong = score(pair("longer"), report(said("grown", grown_in=("width",))))
    assert [claim.right for claim in wrong.claims] == [False]


def test_healed_is_looked_for_in_the_before_photo() -> None:
    outcome = score(pair("healed"), report(said("healed")))
    assert [claim.right for claim in outcome.claims] == [True]


def test_unchanged_and_not_comparable_claim_nothing() -> None:
    changes = said("unchanged"), said("not_comparable", reason_code="too_dark")
    outcome = score(pair(), report(*changes))
    assert outcome.claims == ()
    assert (outcome.unjudged, outcome.judged) == (("too_dark",), 1)


def test_a_refusal_misses_what_was_resolvable() -> None:
    outcome = score(pair(), report(refusal=SimpleNamespace(code="other_wall")))
    assert (outcome.refusal, outcome.found, outcome.error_px) == ("other_wall", (("new", False),), None)


def test_outlines_are_filled_with_their_borders() -> None:
    assert filled(square(10, 20, 5), SIZE)[20:25, 10:15].all()
    assert filled(square(10, 20, 5), SIZE).sum() <= 36
    assert not filled((), SIZE).any()


def test_places_near_each_other_are_the_same() -> None:
    assert same_place(mask(50, 40), mask(86, 40)) is False
    assert same_place(mask(50, 40), mask(60, 40))
    assert not same_place(np.zeros(SIZE[::-1], np.bool_), mask(60, 40))
