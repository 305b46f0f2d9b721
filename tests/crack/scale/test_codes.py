from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.scale.codes import CELLS, modules, read_codes

SIDE, ROOM = 60, 20
QUAD = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * SIDE + float(ROOM)


def drawn(number: int) -> NDArray[np.uint8]:
    cells = np.pad(modules(number), 1).repeat(SIDE // CELLS, axis=0).repeat(SIDE // CELLS, axis=1)
    return np.pad(np.where(cells, 220, 30).astype(np.uint8), ROOM, constant_values=220)


@pytest.mark.parametrize("number", range(18))
@pytest.mark.parametrize("turns", range(4))
def test_every_code_is_read_however_it_is_turned(number: int, turns: int) -> None:
    which, numbers, first = read_codes(np.rot90(drawn(number), turns).copy(), QUAD[None])

    assert (which.tolist(), numbers.tolist()) == ([0], [number])
    assert first.tolist() == [(-turns) % 4]  # counter-clockwise: its upper left corner is then the lower left one


def test_between_any_two_codes_five_modules_differ() -> None:
    turned = [[np.rot90(modules(number), turns) for turns in range(4)] for number in range(18)]
    apart = [
        np.count_nonzero(turned[one][0] != other)
        for one in range(18)
        for number in range(18)
        for turns, other in enumerate(turned[number])
        if (number, turns) != (one, 0)
    ]

    assert min(apart) >= 5


def test_one_misread_module_is_mended_and_three_are_not() -> None:
    picture, cell = drawn(4), SIDE // CELLS
    spoilt = [picture.copy(), picture.copy()]
    for page, columns in zip(spoilt, ([1], [1, 2, 3]), strict=True):
        for column in columns:
            part = page[ROOM + cell : ROOM + 2 * cell, ROOM + column * cell : ROOM + (column + 1) * cell]
            part[:] = 250 - part

    assert read_codes(spoilt[0], QUAD[None])[1].tolist() == [4]
    assert read_codes(spoilt[1], QUAD[None])[1].tolist() == []


def test_faint_or_frameless_squares_are_no_codes() -> None:
    faint = (drawn(2) // 16 + 120).astype(np.uint8)
    frameless = np.where(np.pad(np.ones((SIDE, SIDE), np.bool_), ROOM), 220 - drawn(2) + 30, 30).astype(np.uint8)

    for picture in (faint, frameless):
        assert len(read_codes(picture, QUAD[None])[0]) == 0
    assert len(read_codes(faint, np.zeros((0, 4, 2)))[0]) == 0


def test_the_bits_are_opencvs() -> None:
    cv2 = pytest.importorskip("cv2")
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)

    for number in range(18):
        theirs = cv2.aruco.generateImageMarker(dictionary, number, CELLS)[1:-1, 1:-1] > 0
        np.testing.assert_array_equal(modules(number), theirs)
