"""A page with something on it that is not sent yet asks before it is left; any other lets go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pages.conftest import NewPage
from tests.pages.samples import Samples
from tests.pages.steps import choose_video

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page


class Asked:
    """Answers what a page asks, and notes it: "confirm" by the page, "beforeunload" by the browser."""

    def __init__(self, page: Page, *answers: bool) -> None:
        self.kinds: list[str] = []
        self._answers = list(answers)
        page.on("dialog", self._answer)

    def _answer(self, dialog: Dialog) -> None:
        self.kinds.append(dialog.type)
        if self._answers.pop(0):
            dialog.accept()
        else:
            dialog.dismiss()


@pytest.mark.parametrize("product", ["walls", "eyes"])
def test_nothing_chosen_is_lost_without_a_question(new_page: NewPage, samples: Samples, product: str) -> None:
    page = new_page()
    asked = Asked(page, False, False, True)
    if product == "eyes":
        choose_video(page, samples.face)
    else:
        page.goto("/app/walls")
        page.set_input_files("#choose", [samples.june])
    chosen = page.locator("#review" if product == "eyes" else ".chosen")

    page.get_by_role("button", name="한국어").click()
    assert chosen.is_visible()
    page.locator(".brand").click()
    assert chosen.is_visible()
    assert asked.kinds == ["confirm", "beforeunload"]
    page.get_by_role("button", name="한국어").click()
    page.locator("html[lang=ko]").wait_for()
    assert asked.kinds == ["confirm", "beforeunload", "confirm"]


@pytest.mark.parametrize("path", ["/app/walls", "/app/eyes"])
def test_nothing_is_asked_where_there_is_nothing_to_lose(new_page: NewPage, path: str) -> None:
    page = new_page()
    asked = Asked(page)
    page.goto(path)
    page.get_by_role("button", name="한국어").click()
    page.locator("html[lang=ko]").wait_for()
    page.locator(".brand").click()
    page.wait_for_url("**/app")
    assert asked.kinds == []


def test_photos_that_failed_may_be_left_behind(new_page: NewPage, samples: Samples) -> None:
    page = new_page()
    asked = Asked(page)
    page.goto("/app/walls")
    page.set_input_files("#choose", [samples.broken_photo, samples.june])
    page.click("#send")
    page.locator("#to-result").click()
    page.wait_for_url("**/app/walls/*-*")
    assert asked.kinds == []
