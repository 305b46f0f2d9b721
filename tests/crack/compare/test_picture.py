"""The comparison as a picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import ImageDraw

from sightline.crack.compare.change_legend import KIND_COLOUR, title
from sightline.crack.compare.compared import ComparisonReport, Refusal
from sightline.crack.compare.comparison import compare_registered
from sightline.crack.compare.picture import comparison_picture
from sightline.crack.compare.reframe import reframed
from sightline.crack.report import QualityNote
from sightline.crack.style import font
from sightline.documents.language import LANGUAGES, Language
from tests.crack.compare.painted import LONG, MATRIX, MODEL, OTHER, SHORT, SIZE, photo, registration, report, wall

NOTE = QualityNote("after_softer", "The after photo is softer.", 2.0, 1.5)
BEFORE, AFTER = photo(wall([OTHER, SHORT])), photo(wall([OTHER, LONG]), MATRIX, seed=2)


def compared() -> ComparisonReport:
    return compare_registered(BEFORE, report([OTHER, SHORT]), AFTER, report([OTHER, LONG], MATRIX), registration())


def has(picture: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(picture.astype(int) - colour).max(axis=2) < 12).any())


def test_both_photos_stand_side_by_side_with_the_changes_outlined() -> None:
    before, after = BEFORE.copy(), AFTER.copy()
    picture = comparison_picture(before, after, compared())
    assert picture.dtype == np.uint8
    assert picture.shape[1] >= 2 * SIZE[0]
    assert picture.shape[0] > SIZE[1]
    for half in (picture[: SIZE[1], : SIZE[0]], picture[: SIZE[1], -SIZE[0] :]):
        assert has(half, KIND_COLOUR["grown"])
        assert has(half, KIND_COLOUR["unchanged"])
    assert np.array_equal(before, BEFORE)
    assert np.array_equal(after, AFTER)


def test_what_grew_is_marked_as_new_in_the_after_photo() -> None:
    picture = comparison_picture(BEFORE, AFTER, compared())
    assert has(picture[: SIZE[1], -SIZE[0] :], KIND_COLOUR["new"])
    assert not has(picture[: SIZE[1], : SIZE[0]], KIND_COLOUR["new"])


def test_refused_photos_are_shown_as_they_are() -> None:
    refusal = Refusal("other_wall", "The photos do not seem to show the same wall.")
    refused = ComparisonReport(report([]), report([]), None, refusal, (), (), MODEL)
    picture = comparison_picture(BEFORE[:, :300], AFTER, refused)
    assert np.array_equal(picture[200:360, :300], BEFORE[200:, :300])


def test_a_large_photo_is_reduced() -> None:
    large = np.repeat(np.repeat(AFTER, 5, axis=0), 5, axis=1)
    refusal = Refusal("other_wall", "They show other walls.")
    whole = report([])
    refused = ComparisonReport(whole, whole, None, refusal, (), (), MODEL)
    assert comparison_picture(large, large, refused).shape[1] < 2200


def test_the_before_photo_is_laid_into_the_after_photos_frame() -> None:
    luma = wall([LONG, OTHER])
    laid = reframed(photo(luma, noise=0), registration(), SIZE, (0, 0, 0)).astype(float)
    direct = photo(luma, MATRIX, noise=0).astype(float)
    shown = laid.sum(axis=2) > 0
    assert shown.mean() > 0.7
    assert np.abs(laid - direct)[shown].mean() < 4
    half = reframed(photo(luma), registration(), (SIZE[0] // 2, SIZE[1] // 2), (1, 2, 3))
    assert half.shape == (SIZE[1] // 2, SIZE[0] // 2, 3)
    assert (half == (1, 2, 3)).all(axis=2).any()


def test_the_title_counts_the_kinds() -> None:
    assert title(compared()) == "1 grown, 1 unchanged"
    assert title(compared(), "ko") == "커짐 1건, 변화 없음 1건"
    empty = compare_registered(BEFORE, report([]), AFTER, report([]), registration())
    assert title(empty) == "No crack in either photo"
    assert title(empty, "ko") == "두 사진 모두 균열 없음"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_of_its_words_can_be_drawn(monkeypatch: pytest.MonkeyPatch, language: Language) -> None:
    drawn: set[str] = set()
    text = ImageDraw.ImageDraw.text

    def noted(draw: ImageDraw.ImageDraw, at: tuple[float, float], words: str, *more: Any, **options: Any) -> None:
        drawn.update(words)
        text(draw, at, words, *more, **options)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", noted)
    changes = [replace(change, reason_code="too_blurred", reason="It is blurred.") for change in compared().changes]
    comparison_picture(BEFORE, AFTER, replace(compared(), changes=tuple(changes), quality=(NOTE,)), language)
    letters = font(24, language)
    missing = bytes(letters.getmask("\ue000"))

    assert ("이" in drawn) == (language == "ko")
    assert {letter for letter in drawn - {" "} if bytes(letters.getmask(letter)) == missing} == set()
