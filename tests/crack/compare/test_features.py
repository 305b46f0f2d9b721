"""Features of a turned and enlarged picture are those of the picture, turned and enlarged."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from sightline.crack.compare.consensus import candidates
from sightline.crack.compare.descriptors import features
from sightline.crack.compare.homography import apply
from sightline.crack.compare.matching import match
from sightline.crack.compare.views import view_of
from tests.crack.compare.surfaces import plaster


@pytest.fixture(scope="module")
def wall() -> NDArray[np.uint8]:
    return plaster(3)[:480, :640]


def test_a_quarter_turn_changes_nothing_but_places(wall: NDArray[np.uint8]) -> None:
    found = match(features(view_of(wall, 640).grey), features(view_of(np.rot90(wall, -1).copy(), 640).grey))
    turned = np.column_stack([480 - found.before[:, 1], found.before[:, 0]])
    right = np.hypot(*(turned - found.after).T) < 2
    assert right.mean() > 0.7
    assert np.median(np.cos(found.turn[right] - np.pi / 2)) > 0.99
    assert np.median(found.scale[right]) == pytest.approx(1, abs=0.01)


def test_an_enlarged_wall_is_known_again(wall: NDArray[np.uint8]) -> None:
    large = np.asarray(Image.fromarray(wall).resize((1024, 768), Image.Resampling.BICUBIC))
    found = match(features(view_of(wall, 1024).grey), features(view_of(large, 1024).grey))
    right = np.hypot(*(found.before * 1.6 - found.after).T) < 3
    assert right.sum() > 100
    assert np.median(found.scale[right]) == pytest.approx(1.6, rel=0.25)  # sizes are searched in steps of sqrt 2
    (best, *_) = candidates(found, most=3)
    places = np.array([[100.0, 100], [500, 100], [300, 400]])
    np.testing.assert_allclose(apply(best.matrix, places), places * 1.6, atol=2)


def test_no_two_maps_are_of_the_same_matches(wall: NDArray[np.uint8]) -> None:
    seen = features(view_of(wall, 640).grey)
    (only,) = candidates(match(seen, seen), most=3)
    np.testing.assert_allclose(only.matrix, np.eye(3), atol=1e-6)


def test_features_spread_over_the_wall(wall: NDArray[np.uint8]) -> None:
    found = features(view_of(wall, 640).grey)
    counts, _, _ = np.histogram2d(found.points[:, 0], found.points[:, 1], bins=4, range=[[0, 640], [0, 480]])
    assert counts.min() > 20
    np.testing.assert_allclose(np.linalg.norm(found.descriptors, axis=1), 1, atol=1e-3)


def test_a_blank_picture_has_none() -> None:
    assert len(features(np.full((300, 300), 90, np.float32))) == 0
    assert len(features(np.full((10, 10), 90, np.float32))) == 0


def test_matches_agree_on_nothing_where_there_are_none() -> None:
    none = features(np.full((300, 300), 90, np.float32))
    some = features(view_of(plaster(1), 640).grey)
    assert len(match(some, none)) == len(match(none, some)) == 0
    assert candidates(match(none, some), most=1) == []
