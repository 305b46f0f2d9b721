"""Photos are chosen: dropped, pasted, taken with the camera, or left out with a reason."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pillow_heif
import pytest
from PIL import Image

from tests.pages.conftest import NewPage
from tests.pages.samples import Samples
from tests.pages.steps import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}

PASTE = """async () => {
  const picture = new OffscreenCanvas(300, 200);
  picture.getContext("2d").fillRect(20, 20, 200, 4);
  const blob = await picture.convertToBlob({type: "image/png"});
  await navigator.clipboard.write([new ClipboardItem({"image/png": blob})]);
}"""


def drop(page: Page, *paths: Path, over: str = "#dropzone") -> None:
    """Drag files or folders from outside onto a part of the page, as the browser itself hears of it."""
    box = page.locator(over).bounding_box()
    assert box
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    files = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    browser = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        if kind == "drop":
            assert page.locator("#dropzone.over").count() == 1
        browser.send("Input.dispatchDragEvent", {"type": kind, **at, "data": files})
    assert page.locator("#dropzone.over").count() == 0


def chosen(page: Page) -> list[str]:
    return page.locator(".chosen-name").all_inner_texts()


def said(page: Page) -> str:
    return page.locator("#drop-error").inner_text()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    page = new_page()
    page.goto("/app/walls")
    return page


@pytest.mark.parametrize("over", ["#dropzone", "h1"])
def test_photos_are_dropped_on_the_zone_or_beside_it(page: Page, samples: Samples, over: str) -> None:
    address = page.url
    drop(page, samples.march, samples.june, over=over)
    wait_until(page, "document.querySelectorAll('.chosen img:not([hidden])').length === 2")
    assert [name.split()[0] for name in chosen(page)] == ["march.jpg", "june.jpg"]
    assert page.url == address
    page.click("#send")
    page.wait_for_url("**/app/walls/*-*")
    page.locator("#changes .pair").first.wait_for()


def test_a_picture_is_pasted(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(PASTE)
    page.locator("h1").click()
    page.keyboard.press("Control+V")
    page.locator(".chosen").wait_for()
    page.locator(".chosen img:not([hidden])").wait_for()


def test_a_phone_is_asked_for_its_camera(new_page: NewPage, samples: Samples) -> None:
    page = new_page(**PHONE)
    page.goto("/app/walls")
    camera = page.locator("#take")
    assert page.locator(".camera-button").is_visible()
    assert (camera.get_attribute("capture"), camera.get_attribute("accept")) == ("environment", "image/*")
    for photo in (samples.march, samples.june):  # the camera gives one at a time
        with page.expect_file_chooser() as chooser:
            page.locator(".camera-button").tap()
        chooser.value.set_files(photo)
    assert len(chosen(page)) == 2


WORDS = {
    "en-GB": {
        "wall": "A folder cannot",
        "none.jpg": "Empty files",
        "list.pdf": "Only photos",
        "june.jpg": "On the list already",
        "size": "8 bytes",
    },
    "ko-KR": {
        "wall": "폴더는 통째로",
        "none.jpg": "빈 파일",
        "list.pdf": "사진만 사용",
        "june.jpg": "이미 목록에",
        "size": "8바이트",
    },
}


@pytest.mark.parametrize("locale", list(WORDS))
def test_what_cannot_be_used_is_left_out_with_the_reason(
    new_page: NewPage, samples: Samples, tmp_path: Path, locale: str
) -> None:
    (tmp_path / "wall").mkdir()
    (tmp_path / "none.jpg").touch()
    (tmp_path / "list.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "tiny.jpg").write_bytes(b"no photo")
    words = WORDS[locale]
    page = new_page(locale=locale)
    page.goto("/app/walls")
    drop(page, *(tmp_path / name for name in ("wall", "none.jpg", "list.pdf", "tiny.jpg")), samples.june)
    assert [name.split()[0] for name in chosen(page)] == ["tiny.jpg", "june.jpg"]
    assert chosen(page)[0].endswith(words["size"])
    lines = [line for line in said(page).splitlines() if line]
    assert len(lines) == 3
    for name in ("wall", "none.jpg", "list.pdf"):
        assert [line for line in lines if words[name] in line and line.endswith(name)], lines
    page.set_input_files("#choose", [samples.june])
    assert words["june.jpg"] in said(page)
    assert len(chosen(page)) == 2


def test_the_photo_over_the_limit_is_named(page: Page, samples: Samples, tmp_path: Path) -> None:
    photos = [tmp_path / f"{number:02}.jpg" for number in range(27)]
    for photo in photos:
        photo.write_bytes(samples.june.read_bytes())
    page.set_input_files("#choose", photos[:21])
    assert len(chosen(page)) == 20
    assert said(page) == "A wall has room for 20 photos. Left out: 20.jpg"
    page.set_input_files("#choose", photos[21:])
    assert said(page).endswith("Left out: 21.jpg, 22.jpg, 23.jpg, 24.jpg and 2 more")
    page.locator(".chosen-remove").first.click()
    page.set_input_files("#choose", photos[20])
    assert not page.locator("#drop-error").is_visible()
    assert len(chosen(page)) == 20


def test_heic_and_jpeg_are_sent_together(page: Page, samples: Samples, tmp_path: Path) -> None:
    file = BytesIO()
    pillow_heif.from_pillow(Image.open(samples.march)).save(file, quality=90)
    heic = tmp_path / "march.heic"
    heic.write_bytes(file.getvalue())
    page.set_input_files("#choose", [heic, samples.june])
    page.click("#send")
    page.wait_for_url("**/app/walls/*-*")
    page.locator("#changes .slider-first").first.wait_for()
    wait_until(page, "[...document.querySelectorAll('.pair:not([hidden]) img')].every((image) => image.naturalWidth)")
