"""Two photos of one wall lie on each other; two of different walls do not."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.compare.agreement import LEAST_CERTAINTY
from sightline.crack.compare.homography import Matrix, apply
from sightline.crack.compare.registration import NotRegisteredError, Registration, register
from tests.crack.compare.surfaces import SIZE, photo, plaster, pose, tiles

FRONT = pose()
PLACES = np.stack(np.meshgrid(np.linspace(40, 600, 8), np.linspace(40, 440, 6)), -1).reshape(-1, 2)

VIEWS = {
    "closer": pose(scale=1.7, shift=(60, -40)),
    "further": pose(scale=0.75),
    "askew": pose(scale=0.9, tilt=(25, -20)),
    "rolled": pose(scale=0.9, turn_deg=25),
    "upside down": pose(scale=0.95, turn_deg=180, tilt=(8, 0)),
    "held sideways": pose(scale=0.9, turn_deg=90, shift=(30, 10)),
}


def off(found: Registration, true: Matrix) -> NDArray[np.float64]:
    """How far the map is off at places that both photos show, after pixels."""
    there = apply(true, PLACES)
    shown = ((there > 0) & (there < SIZE)).all(1)
    away: NDArray[np.float64] = np.hypot(*(found.to_after(PLACES[shown]) - there[shown]).T)
    return away


@pytest.mark.parametrize("name", VIEWS)
def test_a_wall_seen_again_is_laid_on_itself_to_a_fraction_of_a_pixel(name: str) -> None:
    wall, view = plaster(1), VIEWS[name]
    found = register(photo(wall, FRONT, 1), photo(wall, view, 2, light=True))
    assert off(found, view @ np.linalg.inv(FRONT)).max() < 1.0
    assert found.error_px < 1.0
    assert found.error_p95_px >= found.error_px / 2
    assert found.certainty > 0.8
    assert found.matches > 20


def test_the_same_photos_give_the_same_map() -> None:
    wall = plaster(2)
    photos = photo(wall, FRONT, 1), photo(wall, VIEWS["askew"], 2)
    one, other = register(*photos), register(*photos)
    assert one.to_dict() == other.to_dict()


def test_there_and_back_is_where_one_was() -> None:
    wall = plaster(3)
    found = register(photo(wall, FRONT, 1), photo(wall, VIEWS["closer"], 2))
    np.testing.assert_allclose(found.to_before(found.to_after(PLACES)), PLACES, atol=0.01)


def test_overlap_scale_and_outline_are_those_of_the_views() -> None:
    wall = plaster(4)
    found = register(photo(wall, FRONT, 1), photo(wall, pose(scale=2.0), 2))
    assert found.overlap == pytest.approx(0.25, abs=0.01)
    low, high = found.overlap_outline.min(0), found.overlap_outline.max(0)
    np.testing.assert_allclose([*low, *high], [160, 120, 480, 360], atol=2)
    np.testing.assert_allclose(found.scale_at(np.array([[320.0, 240.0]])), 2, rtol=0.01)


def test_a_small_part_of_a_wall_is_found_in_a_photo_of_all_of_it() -> None:
    wall, view, corner = plaster(1), pose(scale=0.9, turn_deg=5), np.eye(3)
    corner[:2, 2] = 200, 150
    found = register(photo(wall, FRONT, 1)[150:300, 200:400], photo(wall, view, 2, light=True))
    places = np.array([[20.0, 20], [180, 20], [100, 75], [20, 130], [180, 130]])
    truth = apply(view @ np.linalg.inv(FRONT) @ corner, places)
    assert np.hypot(*(found.to_after(places) - truth).T).max() < 1.0


def test_a_corner_of_a_wall_seen_steeply_from_near_is_laid_on_the_whole() -> None:
    wall, view = plaster(1), pose(scale=2.2, tilt=(50, 0), shift=(-190, 150))
    found = register(photo(wall, FRONT, 1), photo(wall, view, 2))
    assert found.overlap < 0.3
    assert off(found, view @ np.linalg.inv(FRONT)).max() < 1.5


def test_a_wall_that_is_plain_for_the_most_part_is_laid_on_itself() -> None:
    wall, view = plaster(3), pose(scale=0.9, tilt=(10, 5))
    wall[:, 400:] = wall.mean((0, 1))
    found = register(photo(wall, FRONT, 1), photo(wall, view, 2))
    assert LEAST_CERTAINTY < found.certainty < 0.75
    assert off(found, view @ np.linalg.inv(FRONT)).max() < 1.0


def test_away_from_where_it_was_checked_a_map_is_less_sure() -> None:
    wall = plaster(4)
    found = register(photo(wall, FRONT, 1), photo(wall, pose(scale=2.0), 2))
    inside, outside = found.error_at(np.array([[320.0, 240.0], [10.0, 10.0]]))
    assert 0 <= inside < 0.5
    assert outside > inside + 0.5


@pytest.mark.parametrize("seed", range(4))
def test_another_wall_of_the_same_kind_is_refused(seed: int) -> None:
    with pytest.raises(NotRegisteredError) as refused:
        register(photo(plaster(10 + seed), FRONT, 1), photo(plaster(20 + seed), VIEWS["further"], 2))
    assert refused.value.reason == "other_wall"
    assert refused.value.message == str(refused.value)


def test_another_part_of_the_same_wall_is_refused() -> None:
    wall = plaster(5)
    left, right = pose(scale=2.0, shift=(-250, 0)), pose(scale=2.0, shift=(250, 0))
    with pytest.raises(NotRegisteredError):
        register(photo(wall, left, 1), photo(wall, right, 2))


@pytest.mark.parametrize("wall", [np.full((700, 900, 3), 128, np.uint8), np.zeros((700, 900, 3), np.uint8)])
def test_a_photo_without_detail_is_refused(wall: NDArray[np.uint8]) -> None:
    with pytest.raises(NotRegisteredError) as refused:
        register(wall, photo(plaster(6), FRONT, 1))
    assert refused.value.reason == "too_little_detail"


@pytest.mark.parametrize("size", [(1, 1), (30, 900), (64, 48)])
def test_a_tiny_photo_is_refused(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (size[1], size[0], 3), np.uint8)
    with pytest.raises(NotRegisteredError):
        register(picture, picture)


def test_tiles_that_nothing_tells_apart_are_refused() -> None:
    wall = tiles(1, differ=0.0)
    with pytest.raises(NotRegisteredError):
        register(photo(wall, FRONT, 1), photo(wall, pose(scale=0.9, shift=(40, 20)), 2))


def test_a_few_tiles_like_all_others_are_not_found_among_them() -> None:
    wall = tiles(1, differ=0.0)
    with pytest.raises(NotRegisteredError):
        register(photo(wall, FRONT, 1)[100:380, 150:480], photo(wall, pose(scale=0.9, turn_deg=4), 2))


def test_tiles_that_differ_a_little_are_laid_on_themselves() -> None:
    wall, view = tiles(1, differ=6.0), pose(scale=0.9, shift=(70, 20))
    found = register(photo(wall, FRONT, 1), photo(wall, view, 2))
    assert off(found, view @ np.linalg.inv(FRONT)).max() < 1.0


def test_other_walls_of_the_same_tiles_are_refused() -> None:
    with pytest.raises(NotRegisteredError):
        register(photo(tiles(1, differ=6.0), FRONT, 1), photo(tiles(2, differ=6.0), pose(scale=0.95), 2))


def test_a_known_map_needs_no_photos() -> None:
    matrix = np.array([[2.0, 0, 10], [0, 2.0, 20], [0, 0, 1]])
    known = Registration.from_matrix(matrix, (100, 80), (400, 400))
    np.testing.assert_allclose(known.to_after(np.array([[5.0, 5.0]])), [[20, 30]])
    np.testing.assert_allclose(known.homography, matrix)
    assert known.overlap == pytest.approx(1.0)
    assert known.error_px == known.error_p95_px == 0
    assert (known.error_at(PLACES) == 0).all()


def test_its_document_is_json() -> None:
    known = Registration.from_matrix(np.eye(3), (100, 80), (100, 80))
    document = json.loads(json.dumps(known.to_dict()))
    assert document["overlap"] == 1.0
    assert {"homography", "error_px", "error_p95_px", "matches", "certainty", "overlap_outline"} <= set(document)


@pytest.mark.parametrize("horizon_px", [2000.0, 700.0, 500.0])
def test_a_photo_may_show_the_horizon_of_the_wall(horizon_px: float) -> None:
    matrix = np.linalg.inv(np.array([[1.0, 0, 0], [0, 1, 0], [-1 / horizon_px, 0, 1]]))
    assert Registration.from_matrix(matrix, (800, 600), (800, 600)).overlap == pytest.approx(1, abs=0.01)
