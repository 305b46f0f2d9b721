"""Certainty grows with how many pieces agree, and with how few do not."""

from __future__ import annotations

import pytest

from sightline.crack.compare.agreement import LEAST_CERTAINTY, Agreement


def test_many_pieces_that_all_agree_are_certain() -> None:
    assert Agreement(asked=120, agreeing=120).certainty == 1.0


@pytest.mark.parametrize(("asked", "agreeing"), [(0, 0), (3, 3), (150, 0), (139, 5), (15, 1)])
def test_chance_is_not_believed(asked: int, agreeing: int) -> None:
    assert Agreement(asked, agreeing).certainty < LEAST_CERTAINTY / 2


def test_a_wall_half_in_noise_is_believed() -> None:
    assert LEAST_CERTAINTY < Agreement(asked=95, agreeing=35).certainty < 0.8
