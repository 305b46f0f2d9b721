"""What pages are held to with results in them and on the way there. The pages to begin with: test_home.py."""

from __future__ import annotations

import pytest

from tests.pages.checks import (
    MAX_BYTES,
    MAX_SHIFT,
    assert_accessible,
    assert_fits,
    first_view,
)
from tests.pages.conftest import NewPage
from tests.pages.samples import Samples
from tests.pages.steps import choose_video, send_photos

LANGUAGES = ["en-GB", "ko-KR"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_results_come_without_a_jump_and_weigh_little_beside_what_they_show(
    new_page: NewPage, compared_wall: str, analysed_video: str, language: str
) -> None:
    for path, shown in ((compared_wall, "#changes .pair .lines"), (analysed_video, "#chart .main-svg")):
        page = new_page(locale=language)
        page.goto(path)
        page.locator(shown).first.wait_for(state="attached")
        view = first_view(page)
        assert view.shift <= MAX_SHIFT, view
        sizes: list[int] = page.evaluate(
            """[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
            .filter(({name}) => !/plotly|[.]jpg|[/](video|frames.json|outlines|changes)([?]|$)/.test(name))
            .map((entry) => entry.encodedBodySize)"""
        )
        assert sum(sizes) <= MAX_BYTES, (path, sizes)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_serious_in_results(
    new_page: NewPage, compared_wall: str, analysed_video: str, language: str, scheme: str
) -> None:
    page = new_page(locale=language, color_scheme=scheme)
    for path, shown in ((compared_wall, "#changes .pair .lines"), (analysed_video, "#chart .main-svg")):
        page.goto(path)
        page.locator(shown).first.wait_for(state="attached")
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        assert_accessible(page)
    page.locator("#remove").click()
    assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_the_way(new_page: NewPage, samples: Samples, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    page.goto("/app/walls")
    page.set_input_files("#choose", [samples.broken_photo])
    page.click("#send")
    page.locator("#form-note").wait_for()
    assert_accessible(page)
    choose_video(page, samples.broken_video)
    assert_accessible(page)
    page.click("#send")
    page.wait_for_url("**/app/eyes/*-*")
    page.locator("#video[data-state=failed]").wait_for()
    assert_accessible(page)
    choose_video(page, samples.long)
    page.click("#send")
    page.locator("#video[data-state=queued], #video[data-state=running]").wait_for()
    assert_accessible(page)
    page.click("#remove")
    page.locator("dialog[open] [value=yes]").click()
    page.get_by_role("heading", name="deleted").wait_for()


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("language", LANGUAGES)
def test_results_are_not_wider_than_the_window(
    new_page: NewPage, compared_wall: str, analysed_video: str, width: int, language: str
) -> None:
    page = new_page(locale=language, viewport={"width": width, "height": 800})
    for path, shown in ((compared_wall, "#changes .pair .lines"), (analysed_video, "#chart .main-svg")):
        page.goto(path)
        page.locator(shown).first.wait_for(state="attached")
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        assert_fits(page)


def test_the_language_is_switched_on_a_result(new_page: NewPage, compared_wall: str, analysed_video: str) -> None:
    page = new_page()
    for path in (compared_wall, analysed_video):
        page.goto(path + "?lang=en")
        english = page.locator("main h2").first.text_content()
        page.get_by_role("button", name="한국어").click()
        page.wait_for_url(f"**{path}")
        assert page.locator("html").get_attribute("lang") == "ko"
        assert page.locator("main h2").first.text_content() != english


def test_results_come_without_a_jump_while_they_are_sent(new_page: NewPage, samples: Samples) -> None:
    page = new_page(viewport={"width": 768, "height": 1024})
    send_photos(page, samples.march)
    page.locator("#photo-1 .lines").wait_for(state="attached")
    assert first_view(page).shift <= MAX_SHIFT
