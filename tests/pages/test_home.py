"""The start page in a browser: what it shows, what it weighs, who can use it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.pages.checks import MAX_PAINT_MS, assert_accessible, assert_fits, assert_light, first_view
from tests.pages.conftest import NewPage

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATHS = ("/app", "/app/walls", "/app/eyes", "/app/docs", "/app/nothing")

ENTRIES = [
    {"kind": "inspection", "id": "a", "name": "Bedroom", "href": "/app/walls/a", "at": "2026-03-02T10:00:00Z"},
    {"kind": "video", "id": "b", "name": "", "href": "/app/eyes/b", "at": "2026-03-01T10:00:00Z"},
]
ADD = """([entries]) => {
  localStorage.setItem("sightline.history", JSON.stringify(entries));
  dispatchEvent(new StorageEvent("storage", {key: "sightline.history"}));
}"""


def names(page: Page) -> list[str]:
    return page.locator("#history-list .history-name").all_text_contents()


@pytest.mark.parametrize("path", ["/app", "/app/walls", "/app/eyes"])
def test_the_first_view_is_light_and_does_not_move(new_page: NewPage, path: str) -> None:
    page = new_page()
    views = []
    for _ in range(3):  # the first of all also waits for what the server imports
        page.goto(path)
        views.append(first_view(page))
        assert_light(views[-1])
    assert len(views[0].addresses) <= 3
    assert min(view.paint_ms for view in views) < MAX_PAINT_MS, views


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en-GB", "ko-KR"])
def test_axe_finds_nothing_serious(new_page: NewPage, scheme: str, language: str) -> None:
    page = new_page(color_scheme=scheme, locale=language)
    for path in PATHS:
        page.goto(path)
        if path == "/app":
            page.evaluate(ADD, [ENTRIES])
        assert_accessible(page)


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("language", ["en-GB", "ko-KR"])
def test_nothing_is_wider_than_the_window(new_page: NewPage, width: int, language: str) -> None:
    page = new_page(viewport={"width": width, "height": 800}, locale=language)
    for path in PATHS:
        page.goto(path)
        if path == "/app":
            page.evaluate(ADD, [[ENTRIES[0] | {"name": "A wall with a name that nobody would call short " * 4}]])
        assert_fits(page)


def test_the_language_is_chosen_by_the_browser_and_can_be_switched(new_page: NewPage) -> None:
    page = new_page(locale="ko-KR")
    page.goto("/app")
    assert page.locator("html").get_attribute("lang") == "ko"
    page.get_by_role("button", name="English").click()
    page.wait_for_url("**/app")
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto("/app/docs")
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("button", name="한국어").click()
    page.wait_for_url("**/app/docs")
    assert page.locator("html").get_attribute("lang") == "ko"


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/app")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_list_is_shared_by_two_tabs_and_survives(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/app")
    assert page.locator("#history-empty").is_visible()
    other = page.context.new_page()
    other.goto("/app")
    other.evaluate(f"localStorage.setItem('sightline.history', {json.dumps(json.dumps(ENTRIES))})")
    page.locator("#history-list li").nth(1).wait_for()
    assert names(page) == ["Bedroom", "Video of a face"]
    page.get_by_role("button", name="Take “Bedroom” off the list").click()
    other.reload()
    assert names(other) == ["Video of a face"]
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Take “Video of a face” off the list"


def test_a_page_that_comes_back_shows_the_list_as_it_is_now(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/app")
    page.evaluate(f"localStorage.setItem('sightline.history', {json.dumps(json.dumps(ENTRIES))})")  # it is not told
    assert names(page) == []
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert names(page) == ["Bedroom", "Video of a face"]


def test_the_list_is_cleared_after_a_question(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/app")
    page.evaluate(ADD, [ENTRIES])
    page.get_by_role("button", name="Clear the list").click()
    page.keyboard.press("Escape")
    assert len(names(page)) == 2
    page.get_by_role("button", name="Clear the list").click()
    page.get_by_role("dialog").get_by_role("button", name="Clear the list").click()
    page.locator("#history-empty").wait_for()
    assert page.evaluate("localStorage.getItem('sightline.history')") == "[]"
    assert page.evaluate("document.activeElement.id") == "history-title"


@pytest.mark.parametrize("kept", ["no JSON", '{"a": 1}', '[1, null, {"kind": "inspection"}]'])
def test_what_somebody_else_left_in_the_list_s_place_does_no_harm(new_page: NewPage, kept: str) -> None:
    page = new_page()
    page.goto("/app")
    page.evaluate(f"localStorage.setItem('sightline.history', {json.dumps(kept)})")
    page.reload()
    assert page.locator("#history-empty").is_visible()


def test_an_entry_that_leads_elsewhere_is_not_shown(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/app")
    page.evaluate(ADD, [[ENTRIES[0] | {"href": "javascript:alert(1)"}, ENTRIES[1]]])
    assert names(page) == ["Video of a face"]


def test_what_has_expired_is_not_shown(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/app")
    times = ("2000-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00")
    page.evaluate(ADD, [[entry | {"expires": expires} for entry, expires in zip(ENTRIES, times, strict=True)]])
    assert names(page) == ["Video of a face"]


def test_it_can_be_read_without_scripts(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/app")
    assert page.get_by_role("link", name="Look at a wall").is_visible()
    assert "needs JavaScript" in (page.locator("noscript").text_content() or "")
