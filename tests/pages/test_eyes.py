"""Videos of a face in a browser: consent, sending, progress, the result, and its end."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.pages.checks import MAX_SHIFT, first_view
from tests.pages.conftest import NewPage, serving, wait_until_healthy
from tests.pages.samples import PROTOCOL, Samples
from tests.pages.steps import choose_video, confirm, remembered, send_video, tab_to, wait_until


@pytest.fixture
def protocol(tmp_path: Path) -> Path:
    path = tmp_path / "targets.json"
    path.write_text(json.dumps(PROTOCOL))
    return path


def test_nothing_can_be_chosen_before_consent(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/app/eyes")
    for button in ("#record", "#pick", "#file", "#protocol"):
        assert page.locator(button).is_disabled()
    page.check("#consent")
    for button in ("#record", "#pick", "#file"):
        assert page.locator(button).is_enabled()


def test_a_video_is_sent_analysed_and_shown(new_page: NewPage, samples: Samples, protocol: Path) -> None:
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    send_video(page, samples.long, protocol)
    page.locator("#video[data-state=done]").wait_for()  # without anything done here: the server tells when it is

    assert any(url.endswith("/events") for url in asked)
    assert remembered(page) == ["long.mp4"]
    assert page.locator("h1").text_content() == "Eye movements"
    assert "no diagnosis" in (page.locator(".eyes-statement").text_content() or "")
    assert page.locator(".eyes-responses tbody tr").count() == len(PROTOCOL)
    assert page.locator(".eyes-evidence tbody tr").count() > 3


def test_the_time_that_is_chosen_is_kept_to_and_told(new_page: NewPage, samples: Samples) -> None:
    page = new_page(timezone_id="Pacific/Kiritimati")  # 14 hours ahead of UTC: mostly another day
    page.goto("/app/eyes")
    assert page.locator("#keep").input_value() == "30"
    page.select_option("#keep", "7")
    page.check("#consent")
    page.set_input_files("#file", samples.broken_video)
    page.click("#send")
    page.wait_for_url("**/app/eyes/*-*")
    page.locator("#video[data-state=failed]").wait_for()
    expires = datetime.fromisoformat(page.locator("#kept").get_attribute("data-expires") or "")
    there = expires + timedelta(hours=14)

    assert timedelta(days=6) < expires - datetime.now(UTC) <= timedelta(days=7)
    page.get_by_text(f"will be deleted automatically on {there.day} {there:%B %Y}").wait_for()
    kept = page.evaluate("JSON.parse(localStorage.getItem('sightline.history'))[0].expires")
    assert datetime.fromisoformat(kept) == expires


def test_video_and_chart_go_in_step(new_page: NewPage, analysed_video: str) -> None:
    page = new_page()
    page.goto(analysed_video)
    page.locator("#chart .main-svg").first.wait_for()
    chart = page.locator("#chart")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
    wait_until(page, "Math.abs(document.getElementById('film').currentTime - 2.25) < 0.5")
    at = page.locator("#cursor").evaluate("(cursor) => cursor.style.transform")
    page.click("#play")
    wait_until(page, f"document.getElementById('cursor').style.transform !== {json.dumps(at)}")
    page.click("#play")
    assert first_view(page).shift <= MAX_SHIFT

    page.locator("#events-box summary").click()
    page.locator("[data-filter=blinks]").click()
    blinks = page.locator("#events .eyes-event")
    assert blinks.count() == 3
    blinks.last.click()
    wait_until(page, "document.getElementById('film').currentTime > 3.5")


def test_a_file_that_is_no_video_ends_in_words(new_page: NewPage, samples: Samples) -> None:
    page = new_page()
    page.goto("/app/eyes")
    page.check("#consent")
    page.set_input_files("#file", samples.june)
    assert "june.jpg" in (page.locator("#upload-error").text_content() or "")
    address = send_video(page, samples.broken_video)
    page.locator("#video[data-state=failed]").wait_for()
    assert page.locator("h1").text_content() == "This video could not be analysed"
    assert "could not be read as a video" in (page.locator(".lede").text_content() or "")
    page.click("#remove")
    confirm(page)
    page.get_by_role("heading", name="deleted").wait_for()
    response = page.goto(address)
    assert response
    assert response.status == 404


def test_targets_that_are_none_are_refused_at_once(new_page: NewPage, samples: Samples, tmp_path: Path) -> None:
    page = new_page()
    page.goto("/app/eyes")
    page.check("#consent")
    page.locator("#ways summary").click()
    wrong = tmp_path / "wrong.json"
    wrong.write_text('[{"start_s": 2}]')
    page.set_input_files("#protocol", wrong)
    page.locator("#protocol-error:not(:empty)").wait_for()
    assert page.locator("#protocol").get_attribute("aria-invalid") == "true"


def test_a_lost_connection_while_sending_loses_nothing(new_page: NewPage, samples: Samples) -> None:
    page = new_page(locale="ko-KR")
    choose_video(page, samples.face)
    page.context.set_offline(True)
    page.click("#send")
    page.locator("#send-error:not(:empty)").wait_for()
    assert page.locator("#review-video").is_visible()
    page.context.set_offline(False)
    page.click("#send")
    page.wait_for_url("**/app/eyes/*-*")
    page.locator("#video[data-state=done]").wait_for()


def test_a_server_that_stops_and_comes_back_finishes_the_work(
    new_page: NewPage, samples: Samples, tmp_path: Path
) -> None:
    with serving(tmp_path) as address:
        wait_until_healthy(address)
        page = new_page(base_url=address)
        send_video(page, samples.long)
    page.locator("#lost:not(:empty)").wait_for()
    with serving(tmp_path, port=int(address.rpartition(":")[2])):
        page.locator("#video[data-state=done]").wait_for()
    assert page.locator("h1").text_content() == "Eye movements"


def test_deleting_really_deletes_and_another_tab_says_so(new_page: NewPage, samples: Samples) -> None:
    page = new_page()
    address = send_video(page, samples.long)
    other = page.context.new_page()
    other.goto(address)
    other.click("#remove")
    other.keyboard.press("Escape")
    other.click("#remove")
    confirm(other)
    other.get_by_role("heading", name="The video and its results are deleted.").wait_for()
    page.get_by_role("heading", name="This video was deleted").wait_for()
    assert remembered(page) == []
    job = address.rpartition("/")[2]
    for path in (f"/app/eyes/{job}", f"/app/eyes/{job}/video", f"/gaze/jobs/{job}", f"/gaze/jobs/{job}/report.pdf"):
        assert page.request.get(path).status == 404, path


def test_a_result_that_was_deleted_elsewhere_says_so_when_it_is_looked_at_again(
    new_page: NewPage, samples: Samples
) -> None:
    page = new_page()
    address = send_video(page, samples.face)
    page.locator("#video[data-state=done]").wait_for()
    page.request.delete(f"/gaze/jobs/{address.rpartition('/')[2]}")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_role("heading", name="This video was deleted").wait_for()
    assert page.locator("#film").count() == 0
    assert remembered(page) == []


def test_the_result_can_be_used_with_the_keyboard_alone(new_page: NewPage, analysed_video: str) -> None:
    page = new_page()
    page.goto(analysed_video)
    page.locator("#chart .main-svg").first.wait_for()
    tab_to(page.locator("#position"))
    page.keyboard.press("End")
    wait_until(page, "document.getElementById('film').currentTime > 3.5")
    tab_to(page.locator("#drawing"))
    page.keyboard.press("Space")
    assert not page.locator("#drawing").is_checked()
    tab_to(page.locator("#events-box summary"))
    page.keyboard.press("Enter")
    tab_to(page.locator("#events .eyes-event").first)
    page.keyboard.press("Enter")
    wait_until(page, "document.getElementById('film').currentTime < 1.5")
    tab_to(page.locator("#remove"))
    page.keyboard.press("Enter")
    assert page.locator("#remove-dialog").is_visible()
    page.keyboard.press("Enter")  # the first button does no harm
    assert not page.locator("#remove-dialog").is_visible()
    assert re.search("/app/eyes/", page.url)
