from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.documents.language import Wording

ENGLISH, KOREAN = Wording("en"), Wording("ko")
NOON = datetime(2026, 3, 4, 12, 30, 5)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_each_language_gets_its_text() -> None:
    assert (ENGLISH("wall", "벽"), KOREAN("wall", "벽")) == ("wall", "벽")


@pytest.mark.parametrize(("number", "english", "korean"), [(0, "0 cracks", "0건"), (1, "1 crack", "1건")])
def test_things_are_counted(number: int, english: str, korean: str) -> None:
    assert ENGLISH.count(number, "crack", "cracks", "{}건") == english
    assert KOREAN.count(number, "crack", "cracks", "{}건") == korean


@pytest.mark.parametrize(
    ("zone", "english"),
    [
        (UTC, "4 March 2026, 12:30:05 UTC"),
        (timezone(timedelta(hours=9)), "4 March 2026, 12:30:05 UTC+09:00"),
        (timezone(-timedelta(hours=3, minutes=30)), "4 March 2026, 12:30:05 UTC-03:30"),
        (None, "4 March 2026, 12:30:05 (no time zone)"),
    ],
)
def test_a_moment_names_its_zone_or_that_it_has_none(zone: timezone | None, english: str) -> None:
    assert ENGLISH.moment(NOON.replace(tzinfo=zone)) == english


def test_a_korean_moment() -> None:
    assert KOREAN.moment(NOON.replace(tzinfo=UTC)) == "2026년 3월 4일 12:30:05 UTC"
    assert KOREAN.moment(NOON) == "2026년 3월 4일 12:30:05 (시간대 정보 없음)"


@pytest.mark.parametrize(
    ("value", "uncertainty", "shown"),
    [
        (0.4231, 0.05, "0.42 ± 0.05 mm"),
        (0.4231, 0.012, "0.423 ± 0.012 mm"),
        (431.27, 3.2, "431 ± 3 mm"),
        (1431.27, 14.0, "1,431 ± 14 mm"),
        (12.0, 0.0999, "12.00 ± 0.10 mm"),
        (12.04, None, "12.0 mm"),
        (12.04, math.inf, "12.0 mm"),
        (12.04, 0.0, "12.0 mm"),
    ],
)
def test_no_more_decimals_are_shown_than_are_known(value: float, uncertainty: float | None, shown: str) -> None:
    assert plain(ENGLISH.measure(value, "mm", uncertainty)) == shown


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e5))
def test_what_is_shown_is_the_value_within_its_uncertainty(value: float, uncertainty: float) -> None:
    number, plus_minus, sigma, unit = plain(ENGLISH.measure(value, "px", uncertainty)).replace(",", "").split()
    assert (plus_minus, unit) == ("±", "px")
    assert abs(float(number) - value) <= 0.5 * uncertainty + 1e-9
    assert float(sigma) == pytest.approx(uncertainty, rel=0.35)


@pytest.mark.parametrize(
    ("confidence", "english", "korean"),
    [
        (0.81, "very likely (81 %)", "가능성 매우 높음 (81%)"),
        (0.8, "likely (80 %)", "가능성 높음 (80%)"),
        (0.5, "possible (50 %)", "가능성 있음 (50%)"),
        (1.0, "very likely (99 %)", "가능성 매우 높음 (99%)"),
    ],
)
def test_a_confidence_is_told_in_words_and_never_certain(confidence: float, english: str, korean: str) -> None:
    assert plain(ENGLISH.confidence(confidence)) == english
    assert KOREAN.confidence(confidence) == korean
