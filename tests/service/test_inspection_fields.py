"""What people may write into an inspection."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import BadInputError
from sightline.service.inspection_fields import (
    MAX_NAME,
    MAX_REMARKS,
    MAX_WALL,
    checked_remarks,
    checked_stage,
    checked_taken_at,
    checked_wall,
    tidy_name,
)


@pytest.mark.parametrize("stage", ["check-in", "CHECK-OUT", "2026-03", "a", "a" * 40])
def test_stages(stage: str) -> None:
    assert checked_stage(stage) == stage


@pytest.mark.parametrize(
    "stage", [None, "", 3, "a b", "check_in", "-a", "a-", "a" * 41, "체크인", "a\n", "../a", "a/b"]
)
def test_what_is_no_stage_is_refused(stage: object) -> None:
    with pytest.raises(BadInputError, match="stage"):
        checked_stage(stage)


def test_a_wall_s_name_is_one_tidy_line() -> None:
    assert checked_wall("  침실\n북쪽  벽\t") == "침실 북쪽 벽"
    assert checked_wall("a\u202eb\x00c\x1b[31m") == "abc[31m"
    assert len(checked_wall("벽" * MAX_WALL)) == MAX_WALL


@pytest.mark.parametrize("wall", [None, 3, [], "", " \n", "\u200b", "a" * (MAX_WALL + 1)])
def test_what_names_no_wall_is_refused(wall: object) -> None:
    with pytest.raises(BadInputError, match="wall"):
        checked_wall(wall)


def test_remarks_keep_their_lines() -> None:
    assert checked_remarks(None) == ""
    assert checked_remarks("one\r\ntwo\rthree ") == "one\ntwo\nthree"
    assert checked_remarks("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"
    with pytest.raises(BadInputError, match="4001 characters"):
        checked_remarks("a" * (MAX_REMARKS + 1))


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-03-01T14:30:00+09:00", "2026-03-01T14:30:00+09:00"),
        ("2026-03-01T14:30:00Z", "2026-03-01T14:30:00+00:00"),
        ("2026-03-01 14:30", "2026-03-01T14:30:00"),
        ("2026-03-01", "2026-03-01T00:00:00"),
    ],
)
def test_times(text: str, iso: str) -> None:
    moment = checked_taken_at(text)
    assert moment is not None
    assert moment.isoformat() == iso


def test_no_time_is_no_time() -> None:
    assert checked_taken_at(None) is None
    assert checked_taken_at("") is None


@pytest.mark.parametrize("text", ["yesterday", "01.03.2026", "2026-13-01", "0001-01-01", 5, "9" * 500])
def test_what_is_no_time_is_refused(text: object) -> None:
    with pytest.raises(BadInputError, match="taken_at"):
        checked_taken_at(text)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (None, ""),
        ("벽.jpg", "벽.jpg"),
        ("C:\\photos\\wall.jpg", "wall.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\n.jpg", "ab .jpg"),
        (". ", ""),
    ],
)
def test_names_of_files(sent: str | None, kept: str) -> None:
    assert tidy_name(sent) == kept


@given(st.text(st.characters(codec="utf-8"), max_size=400))
def test_any_name_becomes_a_short_line(name: str) -> None:
    kept = tidy_name(name)

    assert len(kept) <= MAX_NAME
    assert "\n" not in kept
    assert tidy_name(kept) == kept
