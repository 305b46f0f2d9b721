from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.inspection.pictures import change_pictures, pair_pictures, photo_picture
from sightline.crack.inspection.views import NOTHING
from sightline.crack.report import Box
from sightline.documents.tones import TONES
from tests.crack.inspection.samples import HEIGHT, LINES, SHIFT, WIDTH, change, photo, registration, report

RED, ORANGE = TONES["serious"].strong, TONES["warning"].strong
BEFORE, AFTER = photo(found=report(LINES[1:])), photo("check-out")
REGISTRATION = registration()


def near(picture: NDArray[np.uint8] | None, colour: tuple[int, int, int]) -> int:
    assert picture is not None
    return int((np.abs(picture.astype(int) - colour).max(axis=2) < 40).sum())


def is_empty(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray((picture == np.array(NOTHING)).all(axis=2))


def test_a_photo_shows_its_findings() -> None:
    picture = photo_picture(AFTER)
    assert picture.shape == (HEIGHT, WIDTH, 3)
    assert (picture != AFTER.image).any()


def test_both_photos_lie_in_the_frame_of_the_later_one_with_the_same_marks() -> None:
    first, second = pair_pictures(BEFORE, AFTER, REGISTRATION, (change("new"),))
    assert first.shape == second.shape == AFTER.image.shape
    assert near(first, RED) > 200
    assert near(second, RED) > 200
    x, y = int(SHIFT[0]), int(-SHIFT[1])
    assert is_empty(first[:, : x - 1]).mean() > 0.95
    assert is_empty(first[-y + 1 :]).mean() > 0.9
    assert not is_empty(second).any()


def test_a_change_is_cut_out_at_the_same_place_of_both() -> None:
    first, second = change_pictures(BEFORE, AFTER, REGISTRATION, change("new", LINES[0]))
    assert first is not None
    assert second is not None
    assert first.shape == second.shape
    assert near(first, RED) > 100
    assert near(second, RED) > 100
    assert (second < 40).all(axis=2).sum() > 200  # the crack is there, under no line
    assert (first < 40).all(axis=2).sum() == 0


def test_the_part_that_grew_is_red_and_the_rest_is_not() -> None:
    _, picture = change_pictures(BEFORE, AFTER, REGISTRATION, change("grown", LINES[0]))
    assert picture is not None
    half = picture.shape[1] // 2
    assert near(picture[:, half:], RED) > 3 * near(picture[:, :half], RED)
    assert near(picture[:, :half], ORANGE) > 100


@pytest.mark.parametrize(
    "line", [((2.0, 5.0), (40.0, 8.0)), ((300.0, 230.0), (318.0, 238.0)), ((10.0, 2.0), (310.0, 236.0))]
)
def test_a_cutting_stays_within_the_photo(line: tuple[tuple[float, float], tuple[float, float]]) -> None:
    _, picture = change_pictures(BEFORE, AFTER, REGISTRATION, change("new", line))
    assert picture is not None
    assert not is_empty(picture).any()
    assert 0.7 < picture.shape[1] / picture.shape[0] < 1.4


def test_what_only_the_earlier_photo_shows_is_cut_out_there() -> None:
    outside = change("not_comparable", box_after=None, outline_after=(), box_before=Box(0, 210, 60, 30))
    first, _ = change_pictures(BEFORE, AFTER, REGISTRATION, outside)
    assert first is not None
    assert not is_empty(first).any()


def test_a_place_that_neither_photo_shows_has_no_cutting() -> None:
    nowhere = change("not_comparable", box_after=None, box_before=None, outline_after=(), outline_before=())
    assert change_pictures(BEFORE, AFTER, REGISTRATION, nowhere) == (None, None)


def test_a_photo_that_does_not_show_a_place_has_no_cutting() -> None:
    beside = registration((400.0, 0.0))
    first, second = change_pictures(BEFORE, AFTER, beside, change("not_comparable"))
    assert first is None
    assert second is not None
