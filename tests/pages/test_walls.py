"""Walls in a browser: photos go in, what was found and what changed comes out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.pages.checks import MAX_SHIFT, first_view
from tests.pages.conftest import NewPage
from tests.pages.samples import Samples
from tests.pages.steps import confirm, remembered, send_photos, tab_to

if TYPE_CHECKING:
    from playwright.sync_api import Page


def visible_cracks(page: Page) -> int:
    return page.locator(".photo-panel:not([hidden]) .crack").count()


def test_one_photo_and_what_was_found_in_it(new_page: NewPage, samples: Samples) -> None:
    page = new_page()
    send_photos(page, samples.june, wall="Hall")

    assert page.locator("h1").text_content() == "Hall"
    assert visible_cracks(page) >= 3
    assert page.locator("#changes").count() == 0
    page.locator("#photo-1 .lines").wait_for(state="attached")
    page.locator("#photo-1 .crack").first.hover()
    assert page.locator("#photo-1 .ring.marked").count() > 0
    page.locator("#photo-1 [data-lines]").click()
    assert page.locator("#photo-1 .lines.off").count() == 1
    page.locator("#photo-1 [data-zoom=in]").click()
    assert page.locator("#photo-1 .viewer-stage").evaluate(
        "(stage) => stage.getBoundingClientRect().width > stage.parentElement.clientWidth"
    )
    assert remembered(page) == ["Hall"]


def test_two_photos_are_compared(new_page: NewPage, samples: Samples) -> None:
    page = new_page()
    send_photos(page, samples.march, samples.june, wall="Bedroom")
    pair = page.locator("#changes .pair:not([hidden])")
    pair.locator(".lines").wait_for(state="attached")

    counts = pair.locator(".counts").text_content() or ""
    assert all(said in counts for said in ("1 new", "1 grown", "1 unchanged")), counts
    assert pair.locator(".crack").count() == 5
    handle = pair.locator(".slider-range input")
    handle.focus()
    page.keyboard.press("Home")
    seen = pair.locator(".slider-first").evaluate("(image) => image.style.clipPath")
    page.keyboard.press("End")
    assert pair.locator(".slider-first").evaluate("(image) => image.style.clipPath") != seen
    box = pair.locator(".slider-handle").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 200, y, steps=4)
    page.mouse.up()
    assert 20 < int(handle.input_value()) < 90
    assert first_view(page).shift <= MAX_SHIFT


def test_a_photos_name_is_not_parted_at_its_hyphen(new_page: NewPage, compared_wall: str) -> None:
    page = new_page(viewport={"width": 360, "height": 740})
    page.goto(compared_wall)
    names = page.locator(".pair:not([hidden]) .crack-words .nowrap")
    assert {"Check-in", "Check-out"} <= set(names.all_inner_texts())
    assert names.evaluate_all("(names) => names.every((name) => name.getClientRects().length === 1)")


def test_on_a_phone_a_tapped_crack_shows_its_row_below_the_photo(new_page: NewPage, compared_wall: str) -> None:
    page = new_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.goto(compared_wall)
    pair = page.locator(".pair:not([hidden])")
    for number in (5, 1):
        pair.locator(f".tag[data-crack='{number}']").tap()
        photo, row = (pair.locator(part).bounding_box() for part in (".viewer", f".crack[data-crack='{number}']"))
        assert photo
        assert row
        assert photo["y"] + photo["height"] <= row["y"]
        assert row["y"] + row["height"] <= 740


def test_everything_can_be_taken_home(new_page: NewPage, compared_wall: str) -> None:
    page = new_page()
    page.goto(compared_wall)
    starts = {
        "report.pdf?lang=en": b"%PDF",
        "report.pdf?lang=ko": b"%PDF",
        "report.html": b"<!doctype",
        "findings.csv": b"\xef\xbb\xbf",
        "picture.jpg?lang=en": b"\xff\xd8\xff",
    }
    for address, start in starts.items():
        with page.expect_download() as download:
            page.locator(f"a[href*='{address}']").first.click()
        assert download.value.path().read_bytes()[: len(start)].lower() == start.lower(), address


def test_a_file_that_is_no_photo_is_named_and_the_others_are_kept(new_page: NewPage, samples: Samples) -> None:
    page = new_page(locale="ko-KR")
    page.goto("/app/walls")
    page.set_input_files("#choose", [samples.broken_photo, samples.june])
    page.click("#send")
    page.locator("#form-note").wait_for()
    rows = page.locator(".chosen")
    assert "읽" in (rows.nth(0).locator(".chosen-error").text_content() or "")
    assert not rows.nth(1).locator(".chosen-error").is_visible()
    rows.nth(0).locator(".chosen-remove").click()
    page.locator("#to-result").click()
    page.wait_for_url("**/app/walls/*-*")
    assert page.locator(".photo-panel").count() == 1


def test_a_lost_connection_loses_nothing(new_page: NewPage, samples: Samples) -> None:
    page = new_page()
    page.goto("/app/walls")
    page.set_input_files("#choose", [samples.june])
    page.fill("#wall", "Kitchen")
    page.context.set_offline(True)
    page.click("#send")
    page.locator("#form-note").wait_for()
    assert "You are offline" in (page.locator("#form-note").text_content() or "")
    assert page.locator("#wall").input_value() == "Kitchen"
    page.context.set_offline(False)
    page.click("#send")
    page.wait_for_url("**/app/walls/*-*")
    assert page.locator("h1").text_content() == "Kitchen"


def test_another_tab_sees_what_is_added_and_what_is_removed(new_page: NewPage, samples: Samples) -> None:
    page = new_page()
    page.goto("/app")
    assert page.locator("#history-empty").is_visible()
    other = page.context.new_page()
    send_photos(other, samples.june, wall="Attic")
    page.locator("#history-list li").wait_for()
    assert page.locator(".history-name").all_text_contents() == ["Attic"]

    address = other.url
    other.click("#remove-all")
    other.keyboard.press("Escape")
    assert other.url == address
    other.click("#remove-all")
    confirm(other)
    other.wait_for_url(re.compile("/app/walls$"))
    page.locator("#history-empty").wait_for()
    response = page.goto(address)
    assert response
    assert response.status == 410
    assert page.locator("h1").text_content() == "This was deleted"


def test_a_photo_is_removed_and_another_one_added(new_page: NewPage, samples: Samples) -> None:
    page = new_page()
    send_photos(page, samples.march, wall="Stairs")
    page.set_input_files("#choose", [samples.june])
    page.click("#send")
    page.locator("#changes .pair").first.wait_for()
    page.locator(".photo-panel:not([hidden]) .remove-photo").click()
    confirm(page)
    page.locator("#changes").wait_for(state="detached")
    assert page.locator(".photo-panel").count() == 1


def test_it_can_be_done_with_the_keyboard_alone(new_page: NewPage, samples: Samples) -> None:
    page = new_page()
    page.on("filechooser", lambda _: None)  # from now on no chooser of the system's opens, however early the key comes
    page.goto("/app")
    tab_to(page.locator("main a[href='/app/walls']"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/app/walls")
    tab_to(page.locator("#choose"))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files([samples.march, samples.june])
    tab_to(page.locator("#wall"))
    page.keyboard.type("Cellar")
    page.keyboard.press("Enter")
    page.wait_for_url("**/app/walls/*-*")
    pair = page.locator("#changes .pair:not([hidden])")
    pair.locator(".lines").wait_for(state="attached")

    tab_to(pair.locator(".viewer-frame"))
    page.keyboard.press("+")
    page.keyboard.press("0")
    tab_to(pair.locator(".slider-range input"))
    page.keyboard.press("ArrowRight")
    assert pair.locator(".slider-range input").input_value() == "51"
    tab_to(pair.locator(".crack").first)
    page.keyboard.press("Enter")
    tab_to(page.locator(".photo-tab[aria-selected=true]"))
    page.keyboard.press("ArrowRight")
    assert page.locator("#photo-2").is_visible()
    tab_to(page.locator("#remove-all"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/app/walls$"))
