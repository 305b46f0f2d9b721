from __future__ import annotations

import pytest

from sightline.crack.severity import SEVERITY_RULE, severity


@pytest.mark.parametrize(
    ("length", "width", "grade"),
    [
        (0, 0, "low"),
        (299, 4.9, "low"),
        (300, 1, "medium"),
        (10, 5, "medium"),
        (999, 14.9, "medium"),
        (10, 15, "high"),
        (1000, 1, "high"),
    ],
)
def test_the_rule(length: float, width: float, grade: str) -> None:
    assert severity(length_px=length, max_width_px=width, diagonal_px=1000) == grade


def test_the_rule_in_words_names_every_bound() -> None:
    for bound in ("1.5%", "100%", "0.5%", "30%"):
        assert bound in SEVERITY_RULE
