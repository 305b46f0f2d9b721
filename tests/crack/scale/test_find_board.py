from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.scale.board import BOARDS, LARGE, SMALL, Board
from sightline.crack.scale.find_board import find_board
from sightline.crack.scale.plane import PlaneScale
from sightline.media.pictures import decode_picture
from tests.crack.scale.scenes import SIZE, Floats, board_paint, camera, inverse, photo

DATA = Path(os.environ.get("SIGHTLINE_DATA", Path(__file__).parents[4] / "shared" / "data")) / "crack" / "train"


def errors(scale: PlaneScale, to_photo: Floats, size: tuple[int, int] = SIZE) -> tuple[Floats, Floats]:
    """By how much steps of a pixel are wrong all over the photo, relative, and what the scale says of it."""
    x, y = (np.linspace(0.1, 0.9, 5) * side for side in size)
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    true = PlaneScale("marker", inverse(to_photo), np.zeros((9, 1)), 0.0, scale.outline, True)
    off, sigma = [], []
    for way in ((1.0, 0.0), (0.0, 1.0)):
        ways = np.broadcast_to(np.array(way), places.shape)
        off.append(scale.mm_per_px_at(places, ways) / true.mm_per_px_at(places, ways) - 1)
        sigma.append(scale.relative_uncertainty_at(places, ways))
    return np.concatenate(off), np.concatenate(sigma)


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
@pytest.mark.parametrize(("tilt", "pan", "roll"), [(0, 0, 0), (-20, 35, 90), (45, 0, -160)])
def test_sizes_are_right_from_any_angle(board: Board, tilt: float, pan: float, roll: float) -> None:
    distance = 500 if board is LARGE else 250
    to_photo = camera(distance, tilt_deg=tilt, pan_deg=pan, roll_deg=roll)

    scale = find_board(photo(to_photo, board_paint(board)))

    assert scale is not None
    assert scale.kind == "marker"
    off, sigma = errors(scale, to_photo)
    assert np.abs(off).max() < 0.02
    assert (np.abs(off) < 3 * sigma).all()
    width, height = board.size_mm
    corners = np.array([[-width, -height], [width, -height], [width, height], [-width, height]]) / 2
    np.testing.assert_allclose(scale.points_mm(scale.outline), corners, atol=1e-6)
    seen = np.column_stack([corners, np.ones(4)]) @ to_photo.T
    np.testing.assert_allclose(scale.outline, seen[:, :2] / seen[:, 2:], atol=0.5)


@pytest.mark.parametrize(
    "light",
    [{"blur_px": 1.6}, {"noise": 8.0}, {"blur_px": 0.0, "noise": 0.0}, {"wall": 0.9}, {"wall": 0.1}],
    ids=str,
)
def test_blur_noise_and_the_wall_do_little(light: dict[str, float]) -> None:
    to_photo = camera(500, tilt_deg=25, pan_deg=10)

    scale = find_board(photo(to_photo, board_paint(LARGE), **light))  # type: ignore[arg-type]

    assert scale is not None
    off, sigma = errors(scale, to_photo)
    assert np.abs(off).max() < 0.02
    assert (np.abs(off) < 3 * sigma).all()


def shadow(*, edge_px: float, depth: float) -> Floats:
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    away: NDArray[np.float64] = (x - 335) * 0.8 + (y - 240) * 0.6
    return 1 - depth / (1 + np.exp(-np.clip(away / edge_px, -50, 50)))


@pytest.mark.parametrize(("edge", "depth"), [(0.7, 0.6), (15.0, 0.7)])
def test_a_shadow_over_the_board_is_no_harm(edge: float, depth: float) -> None:
    to_photo = camera(500, tilt_deg=20)

    scale = find_board(photo(to_photo, board_paint(LARGE), shade=shadow(edge_px=edge, depth=depth)))

    assert scale is not None
    assert np.abs(errors(scale, to_photo)[0]).max() < 0.02


def test_part_of_the_board_may_be_hidden_or_outside() -> None:
    to_photo = camera(500, tilt_deg=20, at_mm=(60, 0))
    paint = board_paint(LARGE)

    def hidden(places: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        light, there = paint(places)
        return np.where(np.hypot(places[..., 0] - 20, places[..., 1] - 30) < 60, 0.25, light), there

    scale = find_board(photo(camera(300, tilt_deg=15, at_mm=(90, 60)), hidden))
    assert scale is not None
    assert scale.mm_per_px == pytest.approx(0.5, rel=0.2)
    whole = find_board(photo(to_photo, hidden))
    assert whole is not None
    assert np.abs(errors(whole, to_photo)[0]).max() < 0.02


def test_one_code_alone_is_not_believed() -> None:
    paint = board_paint(SMALL)

    def alone(places: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        light, there = paint(places)
        return np.where((places < [-18, 0]).all(axis=-1), light, 0.8), there

    assert find_board(photo(camera(250), alone)) is None


def test_an_ink_that_spreads_does_not_change_the_scale() -> None:
    to_photo = camera(400)
    paint = board_paint(LARGE)

    def spread(places: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        around = [paint(places + np.array(step)) for step in ((0, 0), (0.3, 0), (-0.3, 0), (0, 0.3), (0, -0.3))]
        darkest: Floats = np.stack([light for light, _ in around]).min(axis=0)
        return darkest, around[0][1]

    scale = find_board(photo(to_photo, spread))

    assert scale is not None
    assert np.abs(errors(scale, to_photo)[0]).max() < 0.004  # 0.3 mm on both sides of a code are 1.5 % of it


def test_a_wall_without_a_board_has_none() -> None:
    assert find_board(photo(camera(400), None)) is None


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 2000, 3), (40, 40, 3)])
def test_small_and_odd_pictures_have_none(shape: tuple[int, int, int]) -> None:
    assert find_board(np.full(shape, 90, np.uint8)) is None


@pytest.mark.skipif(not DATA.is_dir(), reason="the photos of walls are not here: set SIGHTLINE_DATA to their folder")
def test_no_board_is_found_in_photos_of_walls_and_rooms() -> None:
    photos = [path for folder in ("walls", "clean_rooms") for path in sorted((DATA / folder).rglob("*.jpg"))[::40]]

    assert photos
    assert [path.name for path in photos if find_board(decode_picture(path)) is not None] == []
