"""A recording with the guided protocol, by a camera that shows a clip."""

from __future__ import annotations

from itertools import pairwise

from tests.pages.conftest import NewPage
from tests.pages.steps import remembered, wait_until

TARGETS = ["center", "up", "center", "down", "center", "left", "center", "right", "center"]


def test_a_guided_recording_from_consent_to_result(new_page: NewPage) -> None:
    page = new_page(permissions=["camera"])
    page.goto("/app/eyes")
    page.check("#consent")
    page.click("#record")
    for check in ("light", "distance", "rate"):
        page.locator(f"#check-{check}[data-state=good], #check-{check}[data-state=bad]").wait_for()
    page.locator("#check-light[data-state=good]").wait_for()
    page.locator("#check-distance[data-state=good]").wait_for()
    page.click("#start")
    for target in ("up", "down", "left", "right"):
        page.locator(f"#dot[data-at={target}]").wait_for()
        assert target in (page.locator("#stage-say").text_content() or "").lower()
    page.locator("#review").wait_for()
    wait_until(page, "document.getElementById('review-video').videoWidth > 0")
    page.click("#send")
    page.wait_for_url("**/app/eyes/*-*")
    page.locator("#video[data-state=done]").wait_for()
    protocol = page.request.get(f"{page.url}/frames.json").json()["targets"]
    assert [step["target"] for step in protocol] == TARGETS
    assert all(2.5 < step["end_s"] - step["start_s"] < 4.5 for step in protocol)
    assert all(before["end_s"] == after["start_s"] for before, after in pairwise(protocol))
    assert page.locator(".eyes-responses tbody tr").count() == len(TARGETS)
    assert len(remembered(page)) == 1


def test_escape_stops_a_recording_and_keeps_nothing(new_page: NewPage) -> None:
    page = new_page(permissions=["camera"], locale="ko-KR", viewport={"width": 360, "height": 800})
    page.goto("/app/eyes")
    page.check("#consent")
    page.click("#record")
    page.locator("#start:enabled").click()
    page.locator("#stage[open]").wait_for()
    page.keyboard.press("Escape")
    page.locator("#recorder-error:not(:empty)").wait_for()
    assert not page.locator("#stage").is_visible()
    page.click("#recorder-close")
    assert page.locator("#choosing").is_visible()
    assert remembered(page) == []


def test_without_leave_to_use_the_camera_the_page_says_what_to_do(new_page: NewPage) -> None:
    page = new_page(permissions=[])
    page.goto("/app/eyes")
    page.evaluate(
        """() => {
          navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
        }"""
    )
    page.check("#consent")
    page.click("#record")
    page.get_by_text("The camera may not be used.").wait_for()
    assert page.locator("#start").text_content() == "Try again"


def test_a_camera_that_is_given_after_the_page_was_closed_goes_off_again(new_page: NewPage) -> None:
    page = new_page(permissions=["camera"])
    page.goto("/app/eyes")
    page.evaluate(
        """() => {
          const given = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          navigator.mediaDevices.getUserMedia = async (wanted) => {
            window.camera = await given(wanted);
            await new Promise((resolve) => (window.give = resolve));
            return window.camera;
          };
        }"""
    )
    page.check("#consent")
    page.click("#record")
    wait_until(page, "'give' in window")
    page.click("#recorder-close")
    page.evaluate("window.give()")
    wait_until(page, "window.camera.getTracks().every((track) => track.readyState === 'ended')")
    assert page.locator("#choosing").is_visible()
    assert not page.evaluate("document.getElementById('preview').srcObject")
