"""Steps that several tests take in a page."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.conftest import PATIENCE_S

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MOST_STOPS: Final = 80
"""No page has more that the Tab key stops at before its main button."""


def tab_to(wanted: Locator) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    page = wanted.page
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{wanted} cannot be reached with the keyboard")


def wait_until(page: Page, condition: str) -> None:
    """Wait for a condition in the page. Playwright's own way asks by `eval`, which the pages' policy refuses."""
    end = time.monotonic() + PATIENCE_S
    while not page.evaluate(f"() => Boolean({condition})"):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(50)


def send_photos(page: Page, *photos: Path, wall: str = "") -> None:
    """Choose photos on the page for a new wall, and wait for their result."""
    page.goto("/app/walls")
    page.set_input_files("#choose", list(photos))
    page.fill("#wall", wall)
    page.click("#send")
    page.wait_for_url("**/app/walls/*-*")


def choose_video(page: Page, video: Path, protocol: Path | None = None) -> None:
    """Agree, and choose a video."""
    page.goto("/app/eyes")
    page.check("#consent")
    if protocol:
        page.locator("#ways summary").click()
        page.set_input_files("#protocol", protocol)
    page.set_input_files("#file", video)
    page.locator("#review").wait_for()


def send_video(page: Page, video: Path, protocol: Path | None = None) -> str:
    """Send a video, and give the path of its page."""
    choose_video(page, video, protocol)
    page.click("#send")
    page.wait_for_url("**/app/eyes/*-*")
    return page.url


def confirm(page: Page) -> None:
    """Say yes in the dialog that is open."""
    page.locator("dialog[open] [value=yes]").click()


def remembered(page: Page) -> list[str]:
    """The names in the list of what was examined in this browser."""
    names: list[str] = page.evaluate(
        "JSON.parse(localStorage.getItem('sightline.history') ?? '[]').map((entry) => entry.name)"
    )
    return names
