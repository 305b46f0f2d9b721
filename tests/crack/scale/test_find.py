from __future__ import annotations

import numpy as np
import pytest

from sightline.crack.scale import PlaneScale, TwoPoints, find_scale
from sightline.crack.scale.board import SMALL
from sightline.errors import BadInputError
from tests.crack.scale.scenes import board_paint, camera, card_paint, photo

BOARD = photo(camera(300), board_paint(SMALL))
CARD = photo(camera(200), card_paint())


def kind_of(scale: PlaneScale | None) -> str | None:
    return scale.kind if scale else None


def test_what_is_asked_for_is_looked_for() -> None:
    assert kind_of(find_scale(BOARD)) == "marker"
    assert kind_of(find_scale(BOARD, "marker")) == "marker"
    assert kind_of(find_scale(BOARD, "none")) is None
    assert kind_of(find_scale(CARD)) is None
    assert kind_of(find_scale(CARD, "card")) == "card"
    assert kind_of(find_scale(BOARD, TwoPoints((10, 10), (110, 10), 50.0))) == "points"


def test_a_missing_reference_is_an_error_only_where_it_was_asked_for() -> None:
    wall = np.full((120, 160, 3), 150, np.uint8)

    assert find_scale(wall) is None
    with pytest.raises(BadInputError, match="no printed marker"):
        find_scale(wall, "marker")
    with pytest.raises(BadInputError, match="no card of ISO 7810 size"):
        find_scale(wall, "card")
    with pytest.raises(BadInputError, match="must be auto, marker, card or none, not 'coin'"):
        find_scale(wall, "coin")  # type: ignore[arg-type]
    with pytest.raises(BadInputError, match="outside the photo of 160 x 120 px"):
        find_scale(wall, TwoPoints((10, 10), (161, 10), 50.0))
