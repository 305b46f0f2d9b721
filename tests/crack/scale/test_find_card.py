from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from sightline.crack.scale.find_card import find_card
from sightline.errors import BadInputError
from sightline.media.pictures import decode_picture
from tests.crack.scale.scenes import camera, card_paint, photo
from tests.crack.scale.test_find_board import errors

DATA = Path(os.environ.get("SIGHTLINE_DATA", Path(__file__).parents[4] / "shared" / "data")) / "crack" / "train"


@pytest.mark.parametrize(
    ("colour", "wall", "tilt", "pan", "roll"),
    [
        ((0.03, 0.08, 0.4), 0.5, 0, 0, 5),
        ((0.8, 0.8, 0.78), 0.4, 20, -15, 80),
        ((0.5, 0.35, 0.1), 0.7, 35, 10, -20),
        ((0.02, 0.02, 0.02), 0.6, -10, 35, 170),
    ],
    ids=["blue", "white", "gold", "black"],
)
def test_sizes_are_right_from_any_angle(
    colour: tuple[float, float, float], wall: float, tilt: float, pan: float, roll: float
) -> None:
    to_photo = camera(160, tilt_deg=tilt, pan_deg=pan, roll_deg=roll)

    scale = find_card(photo(to_photo, card_paint(colour), wall=wall))

    assert scale is not None
    assert scale.kind == "card"
    off, sigma = errors(scale, to_photo)
    assert np.median(np.abs(off)) < 0.01
    assert (np.abs(off) < 3 * sigma).all()


def test_sharp_corners_are_no_cards() -> None:
    assert find_card(photo(camera(160, tilt_deg=15), card_paint(corner_mm=0.0))) is None


@pytest.mark.parametrize("stretched", [0.88, 1.12])
def test_other_ratios_of_the_sides_are_no_cards(stretched: float) -> None:
    to_photo = camera(160) @ np.diag([stretched, 1.0, 1.0])

    assert find_card(photo(to_photo, card_paint())) is None


def test_a_card_too_far_away_to_show_its_corners_is_not_measured() -> None:
    assert find_card(photo(camera(400), card_paint())) is None


def test_two_cards_of_other_sizes_are_refused() -> None:
    near, far = camera(210, at_mm=(52, 0)), camera(240, at_mm=(-58, 0))
    pictures = [photo(to_photo, card_paint(), noise=0, wall=0.5) for to_photo in (near, far)]

    with pytest.raises(BadInputError, match="several things") as refused:
        find_card(np.concatenate([pictures[0][:, :320], pictures[1][:, 320:]], axis=1))
    assert refused.value.reason_code == "several_cards"


@pytest.mark.skipif(not DATA.is_dir(), reason="the photos of walls are not here: set SIGHTLINE_DATA to their folder")
def test_no_card_is_found_in_photos_of_walls_and_rooms() -> None:
    photos = [path for folder in ("walls", "clean_rooms") for path in sorted((DATA / folder).rglob("*.jpg"))[::250]]

    assert photos
    assert [path.name for path in photos if find_card(decode_picture(path)) is not None] == []
