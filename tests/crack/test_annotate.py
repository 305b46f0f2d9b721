from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.annotate import LONGEST_PX, annotate
from sightline.crack.instances import group
from sightline.crack.legend import ROWS, likelihood
from sightline.crack.report import CrackInstance, CrackReport, ModelInfo, QualityNote
from sightline.crack.style import HALO, INK, SEVERITY_COLOUR, badge, readable_on
from sightline.crack.tags import TagPlaces
from tests.crack.drawing import stroke

GREY = 128


def analysed(width: int, height: int, *lines: list[tuple[float, float]], thick: float = 4) -> CrackReport:
    """A report of cracks drawn in shares of the photo's sides."""
    strokes = [stroke((height, width), np.array(line) * [width, height], thick) for line in lines]
    probability = np.maximum.reduce([*strokes, np.zeros((height, width), np.float32)])
    instances = [
        CrackInstance.from_region(region, 0.9 - 0.01 * number, scale=(1.0, 1.0), photo_size=(width, height))
        for number, region in enumerate(group(probability, 0.5, gap_px=12))
    ]
    return CrackReport(width, height, tuple(instances), (), ModelInfo("test", "1", "0" * 64))


def wall(report: CrackReport) -> NDArray[np.uint8]:
    return np.full((report.height_px, report.width_px, 3), GREY, np.uint8)


def near(picture: NDArray[np.uint8], colour: tuple[int, int, int]) -> NDArray[np.bool_]:
    alike: NDArray[np.bool_] = np.abs(picture.astype(int) - colour).max(axis=2) < 30
    return alike


LINE = [(0.2, 0.3), (0.8, 0.6)]


@pytest.mark.parametrize(("width", "height"), [(320, 240), (640, 480), (480, 640), (2000, 400), (1920, 1080)])
def test_the_photo_stays_in_place_and_the_legend_comes_below(width: int, height: int) -> None:
    report = analysed(width, height, LINE)
    image = wall(report)
    picture = annotate(image, report)
    assert picture.dtype == np.uint8
    assert picture.shape[1] == width
    assert height * 1.1 < picture.shape[0] < height * 2.2
    assert (picture[:height] == GREY).mean() > 0.8
    assert (image == GREY).all()  # not drawn upon


def test_a_crack_is_outlined_and_not_covered() -> None:
    report = analysed(640, 480, LINE)
    (crack,) = report.instances
    picture = annotate(wall(report), report)[:480]
    coloured = near(picture, SEVERITY_COLOUR[crack.severity])
    assert (picture[report.mask] == GREY).all()
    y, x = np.nonzero(coloured)
    points = np.stack([x, y], axis=1) + 0.5
    away = np.hypot(*(points[:, None] - np.concatenate(crack.outline)[None]).transpose(2, 0, 1)).min(axis=1)
    assert np.count_nonzero(away < 40) > crack.length_px  # on both of its sides, broken by nothing
    assert near(picture, HALO).sum() > coloured.sum() / 2


def test_tags_cover_no_crack() -> None:
    lines = [[(0.05 + 0.1 * k, 0.1), (0.08 + 0.1 * k, 0.9)] for k in range(9)]
    report = analysed(640, 480, *lines)
    assert len(report.instances) == 9
    picture = annotate(wall(report), report)[:480]
    assert (picture[report.mask] == GREY).all()


def test_a_large_photo_is_reduced() -> None:
    report = analysed(4000, 3000, LINE, thick=9)
    picture = annotate(wall(report), report)
    assert picture.shape[1] == 2000 <= LONGEST_PX
    assert near(picture[:1500], SEVERITY_COLOUR["medium"]).any()


@pytest.mark.parametrize(("width", "height"), [(1, 1), (30, 20), (200, 10), (10, 200)])
def test_tiny_photos_get_a_margin(width: int, height: int) -> None:
    report = analysed(width, height)
    picture = annotate(wall(report), report)
    assert picture.shape[0] > height
    assert (picture[:height, :width] == GREY).all()


def test_a_crack_in_a_tiny_photo_is_annotated() -> None:
    report = analysed(60, 40, LINE)
    assert annotate(wall(report), report).shape[1] > 60


def test_a_crack_that_fills_the_photo_is_annotated() -> None:
    report = analysed(200, 160, [(-0.2, 0.5), (1.2, 0.5)], thick=400)
    assert annotate(wall(report), report).shape[0] > 160


def test_more_cracks_than_rows_are_counted() -> None:
    lines = [[(0.05 + 0.07 * k, 0.1), (0.05 + 0.07 * k, 0.9)] for k in range(ROWS + 3)]
    few, many = analysed(1200, 800, *lines[:ROWS]), analysed(1200, 800, *lines)
    assert len(many.instances) == ROWS + 3
    heights = [annotate(wall(report), report).shape[0] for report in (few, many)]
    assert 0 < heights[1] - heights[0] < 100  # one line, not three rows


def test_no_crack_is_said_and_a_quality_note_too() -> None:
    clean = analysed(640, 480)
    note = QualityNote("too_dark", "The photo is too dark: " + "fine cracks may not show in it. " * 4, 20, 35)
    noted = CrackReport(640, 480, (), (note,), clean.model)
    plain, warned = annotate(wall(clean), clean), annotate(wall(noted), noted)
    assert (plain[:480] == GREY).all()
    assert near(plain[480:], (0, 135, 75)).sum() > 500
    assert warned.shape[0] > plain.shape[0] + 40  # wrapped into lines


def test_tags_keep_apart_and_within() -> None:
    taken = np.zeros((200, 300), np.bool_)
    taken[95:105] = True
    places = TagPlaces(taken, 20)
    crack = np.array([[10.0, 100.0], [150.0, 100.0], [290.0, 100.0]])
    used = np.zeros((200, 300), int)
    for _ in range(12):
        x, y, *end = places.take((28, 20), crack)
        assert 0 <= x <= 300 - 28
        assert 0 <= y <= 200 - 20
        assert tuple(end) in {(10, 100), (150, 100), (290, 100)}
        used[y : y + 20, x : x + 28] += 1
    assert used.max() == 1
    assert not used[taken].any()


def test_a_tag_finds_a_place_even_where_there_is_none() -> None:
    x, y, *_ = TagPlaces(np.ones((12, 12), np.bool_), 20).take((20, 20), np.array([[6.0, 6.0]]))
    assert (x, y) == (0, 0)


def test_letters_stand_out_from_their_badge() -> None:
    assert [readable_on(SEVERITY_COLOUR[grade]) for grade in ("low", "medium", "high")] == [HALO, INK, HALO]
    assert badge("12", SEVERITY_COLOUR["low"], 20).width > badge("1", SEVERITY_COLOUR["low"], 20).width


@pytest.mark.parametrize(("confidence", "words"), [(0.81, "very likely"), (0.8, "likely"), (0.5, "possible")])
def test_words_follow_the_bounds_that_clients_use(confidence: float, words: str) -> None:
    assert likelihood(confidence) == words
