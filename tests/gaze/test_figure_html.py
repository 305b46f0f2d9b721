from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from sightline.gaze.figure_html import figure_html
from sightline.gaze.screening.values import DISCLAIMER
from tests.gaze.drawn_report import drawn_report


class Page(HTMLParser):
    """The tags of a page, and its text outside of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self._within = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._within = tag

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within == "script":
            self.scripts.append(data)
        elif self._within != "style":
            self.text += data


@pytest.fixture(scope="module")
def html() -> str:
    return figure_html(drawn_report())


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_page_refers_to_nothing_outside_and_may_load_nothing(page: Page) -> None:
    for _, attributes in page.tags:
        assert not {"src", "href", "action"} & set(attributes)
    (policy,) = [a["content"] for tag, a in page.tags if tag == "meta" and a.get("http-equiv")]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert not re.search(r"https?:", page.text)
    assert not re.search(r"https?:", page.scripts[-1])  # the figure itself; the library before it names its own sources


def test_the_page_is_little_more_than_the_library(html: str) -> None:
    assert 4_000_000 < len(html) < 6_000_000


def test_the_page_says_what_it_is_and_what_it_could_not_see(page: Page) -> None:
    report = drawn_report()
    assert DISCLAIMER in page.text
    assert report.screening.psp_rule_reason in page.text
    for sentence in report.screening.limitations:
        assert sentence in page.text
    for item in report.screening.evidence:
        assert item.name in page.text
        assert item.source in page.text


def test_whatever_a_note_says_stays_text(html: str) -> None:
    assert "<b>The picture" not in html
    assert "&lt;b&gt;The picture&lt;/b&gt; is dark &amp; small." in html


def test_the_figure_shows_lids_gaze_events_targets_and_gaps(page: Page) -> None:
    lines = ("left eye", "right eye", "gaze, mean of both eyes", "blink", "partial blink", "long closure", "saccade")
    bands = ("target up", "target left", "gap: no face", "gap: no frames", "gaze not read around a blink")
    for name in lines + bands:
        assert f'"name":"{name}' in page.scripts[-1], name


def test_the_page_is_the_same_each_time(html: str) -> None:
    assert figure_html(drawn_report()) == html
