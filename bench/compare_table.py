"""The comparison's figures over many pairs, each with its interval and its goal."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from compare_score import TOLD, Outcome, Told
from goals import NO_GOAL, Goal

Row = tuple[str, str, str, str, str]
"""What, figure, of how many, goal, met."""

_WRONG_PX = 10.0
"""A registration that is off by more carries a crack onto another place."""

_RIGHT_PX = 3.0
"""One that is off by less, as the cracks' own widths are, carries it onto itself."""

_OVERLAP = 0.3
"""Photos that share less of the wall are not expected to be registered."""

_GROWN: tuple[Told, ...] = ("longer", "wider")
_SURE = Goal(least=0.95)
_FOUND = Goal(least=0.90)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    total: int

    @classmethod
    def of(cls, flags: Iterable[bool]) -> Share:
        known = list(flags)
        return cls(sum(known), len(known))

    @property
    def value(self) -> float | None:
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval, 95 %."""
        if not self.total:
            return 0.0, 1.0
        z, n, p = 1.96, self.total, self.hits / self.total
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)

    def row(self, name: str, goal: Goal | None = None) -> Row:
        if self.value is None:
            return (name, "-", "0", *NO_GOAL)
        low, high = self.interval
        figure = f"{self.value:.3f} ({low:.3f} to {high:.3f})"
        return (name, figure, f"{self.hits} of {self.total}", *(goal.cells(self.value) if goal else NO_GOAL))


def rows(outcomes: Sequence[Outcome]) -> list[Row]:
    """All figures but the times."""
    same = [outcome for outcome in outcomes if not outcome.kind.startswith("other")]
    return [
        *_registration_rows(same),
        *_refusal_rows([outcome for outcome in outcomes if outcome.kind.startswith("other")]),
        *_claim_rows(same),
        *_unchanged_rows("unchanged pairs", [outcome for outcome in same if outcome.kind == "unchanged"]),
        *_unchanged_rows("cracks too fine for the first photo: pairs", [o for o in same if o.kind == "unseen"]),
        *_growth_rows(same),
        *_unjudged_rows(same),
    ]


def _registration_rows(same: Sequence[Outcome]) -> list[Row]:
    errors = [outcome.error_px for outcome in same if outcome.error_px is not None]
    found = [o.error_px is not None and o.error_px <= _RIGHT_PX for o in same if o.alignable and o.overlap >= _OVERLAP]
    wrong = [outcome.error_px > _WRONG_PX for outcome in same if outcome.error_px is not None]
    share = Share.of(found).row(f"registered within {_RIGHT_PX:g} px: alignable, overlap >= {_OVERLAP:g}")
    if not errors:
        return [share]
    quantiles = " / ".join(f"{np.quantile(errors, q):.2f}" for q in (0.5, 0.9, 0.95))
    return [
        share,
        Share.of(outcome.alignable for outcome in same).row("pairs that share enough detail to be aligned"),
        ("registration error, px (median / 90 % / 95 %)", quantiles, str(len(errors)), *NO_GOAL),
        Share.of(wrong).row(f"registered, but off by more than {_WRONG_PX:g} px"),
    ]


def _refusal_rows(others: Sequence[Outcome]) -> list[Row]:
    kinds = sorted({outcome.kind for outcome in others})
    named = [Share.of(o.refusal is not None for o in others if o.kind == k).row(f"refused: {k}") for k in kinds]
    return [*named, Share.of(o.refusal is not None for o in others).row("wrong pairs refused", Goal(least=0.99))]


def _claim_rows(same: Sequence[Outcome]) -> list[Row]:
    found = []
    for names in (("new",), _GROWN, *((told,) for told in TOLD[1:])):
        name = "grown" if names == _GROWN else names[0]
        asked = "new" in names or names == _GROWN
        claims = [c.right for outcome in same for c in outcome.claims if c.told in names and c.right is not None]
        truths = [(outcome, hit) for outcome in same for told, hit in outcome.found if told in names]
        alignable = [hit for outcome, hit in truths if outcome.alignable]
        noticed = [hit for outcome in same if outcome.alignable for told, hit in outcome.noticed if told in names]
        found += [
            Share.of(claims).row(f"{name}: precision", _SURE if asked else None),
            Share.of(alignable).row(f"{name}: recall, resolvable", _FOUND if asked else None),
            Share.of(noticed).row(f"{name}: recall, resolvable, by any name that is right"),
            Share.of(hit for _, hit in truths).row(f"{name}: recall, smooth walls without any detail counted in"),
        ]
    return found


def _unchanged_rows(name: str, unchanged: Sequence[Outcome]) -> list[Row]:
    compared = [outcome for outcome in unchanged if outcome.refusal is None]
    quiet = [not any(claim.told == "new" for claim in outcome.claims) for outcome in compared]
    silent = [not outcome.claims for outcome in compared]
    return [
        Share.of(quiet).row(f"{name} without a false new", Goal(least=0.98)),
        Share.of(silent).row(f"{name} without any false change"),
    ]


def _growth_rows(same: Sequence[Outcome]) -> list[Row]:
    found: list[Row] = []
    for told in _GROWN:
        growths = [growth for outcome in same for growth in outcome.growths if growth.told == told]
        if not growths:
            continue
        errors = [growth.error for growth in growths]
        spread = f"{np.median(errors):+.2f} / {np.median(np.abs(errors)):.2f} / {np.quantile(np.abs(errors), 0.9):.2f}"
        within = [abs(growth.error) <= 2 * growth.uncertainty for growth in growths if growth.uncertainty is not None]
        found += [
            (f"{told}: growth error, px (bias / median / 90 %)", spread, str(len(growths)), *NO_GOAL),
            Share.of(within).row(f"{told}: truth within 2 sigma of what was said"),
        ]
    return found


def _unjudged_rows(same: Sequence[Outcome]) -> list[Row]:
    reasons = Counter(reason for outcome in same for reason in outcome.unjudged)
    judged = sum(outcome.judged for outcome in same)
    total = judged + reasons.total()
    named = [Share(count, total).row(f"not comparable: {reason}") for reason, count in reasons.most_common()]
    return [Share(reasons.total(), total).row("changes called not comparable"), *named]
