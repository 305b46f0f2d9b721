"""What templates may say besides plain values."""

from __future__ import annotations

import pytest

from sightline.web.pages.assets import asset_address
from sightline.web.pages.render import _environment


def rendered(template: str, **values: object) -> str:
    return _environment().from_string(template).render(values)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("The check-in photo", 'The <span class="nowrap">check-in</span> photo'),
        ("Check-in 1, <b> 2", '<span class="nowrap">Check-in</span> 1, &lt;b&gt; 2'),
        ("after-the-storm", '<span class="nowrap">after-the-storm</span>'),
        ("체크인 사진", "체크인 사진"),
        ("a - b", "a - b"),
        (
            "an-occasion-with-a-long-name",
            '<span class="nowrap">an-occasion-with</span>-<span class="nowrap">a-long-name</span>',
        ),
    ],
)
def test_a_word_with_a_hyphen_stays_in_one_line(text: str, html: str) -> None:
    assert rendered("{{ text | unbroken }}", text=text) == html


def test_what_stands_between_backticks_is_code() -> None:
    assert rendered("{{ text | code }}", text="Send `<a>` to us") == "Send <code>&lt;a&gt;</code> to us"


def test_a_pages_style_sheets_are_one_file() -> None:
    assert rendered("{{ styles('walls.css') }}") == asset_address("tokens.css+app.css+walls.css")
