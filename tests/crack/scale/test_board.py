from __future__ import annotations

import numpy as np
import pytest

from sightline.crack.scale.board import BOARDS, Board
from sightline.crack.scale.codes import CELLS


def test_boards_share_no_code() -> None:
    numbers = [number for board in BOARDS for number in board.ids]

    assert sorted(numbers) == list(range(18))


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_corners_lie_clockwise_around_the_middle(board: Board) -> None:
    corners = board.corners_mm
    steps = np.roll(corners, -1, axis=1) - corners

    assert corners.shape == (board.rows * board.columns, 4, 2)
    np.testing.assert_allclose(corners.reshape(-1, 2).mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(np.ptp(corners.reshape(-1, 2), axis=0), board.size_mm)
    np.testing.assert_allclose(steps, board.code_mm * np.array([[[1, 0], [0, 1], [-1, 0], [0, -1]]] * len(corners)))


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_there_is_white_enough_around_each_code(board: Board) -> None:
    assert board.gap_mm >= 2 * board.code_mm / CELLS
