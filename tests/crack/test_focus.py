"""A closer look goes where something is suspected, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.focus import BLOCK_PX, MARGIN_PX, Window, look_closer, windows

CELL = 16
SHAPE = (512, 768)


def cells(*places: tuple[int, int]) -> NDArray[np.bool_]:
    """Suspect cells of a picture of `SHAPE`, given as y, x in pixels."""
    suspects = np.zeros((SHAPE[0] // CELL, SHAPE[1] // CELL), np.bool_)
    for y, x in places:
        suspects[y // CELL, x // CELL] = True
    return suspects


def sides(place: Window) -> tuple[int, int]:
    return place[0].stop - place[0].start, place[1].stop - place[1].start


def test_without_a_suspect_there_is_nowhere_to_look() -> None:
    assert windows(cells(), CELL, longest=512) == []


def test_a_suspect_is_seen_with_a_margin() -> None:
    (place,) = windows(cells((200, 300)), CELL, longest=512)
    assert place == (slice(192 - MARGIN_PX, 256 + MARGIN_PX), slice(256 - MARGIN_PX, 320 + MARGIN_PX))


def test_a_window_ends_where_the_picture_ends() -> None:
    first, last = windows(cells((0, 0), (SHAPE[0] - 1, SHAPE[1] - 1)), CELL, longest=512)
    assert first == (slice(0, BLOCK_PX + MARGIN_PX), slice(0, BLOCK_PX + MARGIN_PX))
    assert (last[0].stop, last[1].stop) == SHAPE


def test_neighbours_share_a_window_and_distant_places_do_not() -> None:
    assert len(windows(cells((200, 300), (200, 364), (264, 300)), CELL, longest=512)) == 1
    assert len(windows(cells((40, 40), (40, 700), (480, 300)), CELL, longest=512)) == 3


@pytest.mark.parametrize("longest", [128, 256, 512])
def test_every_suspect_is_covered_by_windows_the_net_can_take(longest: int) -> None:
    rng = np.random.default_rng(3)
    for share in (0.01, 0.1, 1.0):
        suspects = rng.random((SHAPE[0] // CELL, SHAPE[1] // CELL)) < share
        covered = np.zeros(SHAPE, np.bool_)
        for place in windows(suspects, CELL, longest=longest):
            assert max(sides(place)) <= longest
            assert all(side % 32 == 0 for side in sides(place))
            covered[place] = True
        assert covered[np.kron(suspects, np.ones((CELL, CELL), np.bool_))].all()


def brightness(tile: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    fine = tile[..., 0].astype(np.float32) / np.float32(255)
    return fine, fine.reshape(fine.shape[0] // CELL, CELL, -1, CELL).mean((1, 3))


def test_the_maps_are_the_nets_inside_and_the_first_looks_outside() -> None:
    image = np.random.default_rng(4).integers(0, 256, (*SHAPE, 3), dtype=np.uint8)
    judge = np.full((SHAPE[0] // CELL, SHAPE[1] // CELL), 0.03, np.float32)
    places = [(slice(0, 192), slice(64, 256)), (slice(96, 320), slice(160, 448))]
    fine, coarse = look_closer(image, brightness, places, judge=judge, cell=CELL)
    whole, whole_coarse = brightness(image)
    inside = np.zeros(SHAPE, np.bool_)
    for place in places:
        inside[place] = True
    cell_inside = inside[::CELL, ::CELL]
    assert fine[inside] == pytest.approx(whole[inside], abs=1e-5)
    assert not fine[~inside].any()
    assert coarse[cell_inside] == pytest.approx(whole_coarse[cell_inside], abs=1e-5)
    assert (coarse[~cell_inside] == judge[~cell_inside]).all()


def never(tile: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    raise AssertionError(f"run on {tile.shape}")


def test_without_places_nothing_is_run() -> None:
    judge = np.full((SHAPE[0] // CELL, SHAPE[1] // CELL), 0.01, np.float32)
    fine, coarse = look_closer(np.zeros((*SHAPE, 3), np.uint8), never, [], judge=judge, cell=CELL)
    assert not fine.any()
    assert (coarse == judge).all()
