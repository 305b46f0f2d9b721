"""Why a crack could not be judged."""

from __future__ import annotations

import numpy as np
import pytest

from sightline.crack.compare.lookups import look_up
from sightline.crack.compare.reasons import reason
from sightline.crack.compare.sighting import Lookup
from tests.crack.compare.painted import LONG, MATRIX, Crack, photo, registration, report, wall

FINE = Crack(LONG.points, width=1.5, depth=0.15)
AFTER = photo(wall([FINE], roughness=3.0), MATRIX, noise=0.5)


def looked_up(before: np.ndarray, matrix: np.ndarray = MATRIX) -> Lookup:
    found = look_up(before, report([]), AFTER, report([FINE], MATRIX), registration(matrix))
    return found.after[0]


@pytest.mark.parametrize(
    ("before", "code", "words"),
    [
        (photo(wall(roughness=3.0), gain=0.08, noise=2), "too_dark", "too dark"),
        (np.full((360, 480, 3), 254, np.uint8) - np.uint8(photo(wall(), noise=3) % 3), "too_bright", "too bright"),
        (photo(wall(roughness=3.0), noise=30), "too_noisy", "Grain"),
    ],
)
def test_the_reason_names_the_photo_and_what_it_lacks(before: np.ndarray, code: str, words: str) -> None:
    found, sentence = reason([looked_up(before)], found_in="after")
    assert found == code
    assert words in sentence
    assert "before photo" in sentence


def test_beyond_the_photo() -> None:
    away = np.array([[1.0, 0, 600], [0, 1, 0], [0, 0, 1]])
    found, sentence = reason([looked_up(photo(wall()), away)], found_in="after")
    assert found == "outside_overlap"
    assert "does not show" in sentence
