from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from sightline.crack.compare.compared import KINDS, ReasonCode, Refusal
from sightline.crack.compare.registration import Reason
from sightline.crack.inspection.terms import (
    file_note_text,
    kind_word,
    quality_text,
    reason_text,
    refusal_text,
    severity_badge,
    stage_within,
    stage_word,
)
from sightline.crack.report import QualityNote
from sightline.documents.language import Wording
from sightline.evidence.originals import FileNote
from tests.crack.inspection.samples import change

ENGLISH, KOREAN = Wording("en"), Wording("ko")


def is_korean(text: str) -> bool:
    return any("가" <= letter <= "힣" for letter in text)


@pytest.mark.parametrize("code", get_args(ReasonCode))
def test_every_reason_is_told_in_both_languages(code: ReasonCode) -> None:
    told = replace(change("not_comparable"), reason_code=code)
    english = reason_text(told, ENGLISH, own="the later photo", other="the earlier photo")
    korean = reason_text(told, KOREAN, own="나중 사진", other="이전 사진")
    assert "the later photo" in english or "he earlier photo" in english
    assert english[0].isupper()
    assert "사진" in korean
    assert is_korean(korean)
    assert english.endswith(".")
    assert korean.endswith(".")


def test_a_reason_that_is_newer_than_this_page_is_told_as_it_came() -> None:
    told = replace(change("new"), reason_code=None, reason="Something else.")
    assert reason_text(told, KOREAN, own="a", other="b") == "Something else."
    assert reason_text(change("new"), KOREAN, own="a", other="b") == ""


@pytest.mark.parametrize("code", get_args(Reason))
def test_every_refusal_is_told_in_korean(code: str) -> None:
    refusal = Refusal(code, "The message.")
    assert refusal_text(refusal, ENGLISH) == "The message."
    assert is_korean(refusal_text(refusal, KOREAN))


OF_A_PHOTO = ("too_small", "too_dark", "too_bright", "too_blurred")
OF_A_PAIR = ("small_overlap", "before_coarser", "after_coarser", "before_softer", "after_softer", "rough_registration")


@pytest.mark.parametrize("code", [*OF_A_PHOTO, *OF_A_PAIR])
def test_every_quality_note_is_told_in_korean(code: str) -> None:
    note = QualityNote(code, "The message.", 1, 2)
    assert quality_text(note, ENGLISH) == "The message."
    assert is_korean(quality_text(note, KOREAN))


@pytest.mark.parametrize(
    ("code", "value", "korean"),
    [
        ("time_missing", None, "촬영 시각"),
        ("time_zone_missing", None, "시간대"),
        ("taken_after_received", "2026-01-01T00:00:00", "접수 시각"),
        ("edited_with", "Gimp 3", "Gimp 3"),
        ("saved_again", "2026-01-02T03:04:05", "2026년 1월 2일"),
        ("of_tomorrow", None, "The message."),
    ],
)
def test_every_note_on_a_file_is_told_in_korean(code: str, value: str | None, korean: str) -> None:
    note = FileNote(code, "The message.", value)
    assert file_note_text(note, ENGLISH) == "The message."
    assert korean in file_note_text(note, KOREAN)


def test_kinds_and_severities_have_words() -> None:
    assert len({kind_word(kind, KOREAN) for kind in KINDS}) == len(KINDS) == 5
    assert severity_badge("high", ENGLISH).text == "high"
    assert is_korean(severity_badge("low", KOREAN).text)


def test_stages_of_ones_own_are_kept_as_written() -> None:
    assert (stage_word("check-in", ENGLISH), stage_word("check-in", KOREAN)) == ("Check-in", "체크인")
    assert stage_within("check-in", ENGLISH) == "check-in"
    assert stage_word("After-Rain", KOREAN) == stage_within("After-Rain", ENGLISH) == "After-Rain"
