"""Which of our languages a client reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.web.language import language_of


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("fr-FR, ko;q=0.1", "ko"),
        ("fr, de;q=0.5", "en"),
        ("KO-kr", "ko"),
        ("ko;q=0", "en"),
        ("en;q=0.5, ko;q=x", "en"),
        ("korean", "en"),
        ("*", "en"),
    ],
)
def test_what_accept_language_asks_for(accepted: str | None, language: str) -> None:
    assert language_of(None, accepted) == language


def test_what_was_asked_for_goes_first() -> None:
    assert language_of("en", "ko") == "en"
    assert language_of("ko", "en") == "ko"


@given(st.text())
def test_any_header_names_a_language(header: str) -> None:
    assert language_of(None, header) in ("en", "ko")
