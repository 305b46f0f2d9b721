"""Make the README's pictures of the pages: `python docs/make_page_pictures.py`. Needs the extra `dev` and Chromium.

The wall is the drawn one of `make_comparison_pictures.py`, the face a free portrait animated by
`bench/synthetic_face.py`: nobody's home is shown, and nobody was filmed. Server and browser are those of the browser
tests.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

import httpx2
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from docs.make_comparison_pictures import both_photos  # noqa: E402
from docs.make_gaze_picture import protocol, write_looks  # noqa: E402
from tests.pages.conftest import BROWSER_ARGUMENTS, CHROMIUM, font_environment, serving, wait_until_healthy  # noqa: E402
from tests.pages.samples import write_camera  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

IMAGES = ROOT / "docs" / "images"
WIDE: ViewportSize = {"width": 1280, "height": 860}
NARROW: ViewportSize = {"width": 360, "height": 760}
QUALITY = 90
PATIENCE_MS = 600_000


def posted_wall(client: httpx2.Client) -> str:
    """Both photos of the wall, as an inspection; the path of its page."""
    inspection = client.post("/inspections", json={"wall": "Bedroom, north wall"}).json()["inspection_id"]
    moments = ("check-in", "2026-03-01T10:00:00+00:00"), ("check-out", "2026-06-01T11:00:00+00:00")
    for (stage, moment), photo in zip(moments, both_photos(), strict=True):
        file = BytesIO()
        Image.fromarray(photo).save(file, "JPEG", quality=93)
        answer = client.post(
            f"/inspections/{inspection}/photos",
            files={"file": (f"{stage}.jpg", file.getvalue(), "image/jpeg")},
            data={"stage": stage, "taken_at": moment},
        )
        answer.raise_for_status()
    return f"/app/walls/{inspection}"


def posted_video(client: httpx2.Client, folder: Path) -> str:
    """The face that looks where it is told to, analysed; the path of its page."""
    clip = write_looks(folder)
    sent: dict[str, Any] = client.post(
        "/gaze/videos",
        files={"file": ("clip.mp4", clip.read_bytes(), "video/mp4")},
        data={"protocol": json.dumps(protocol())},
    ).json()
    while client.get(f"/gaze/jobs/{sent['job_id']}").json()["state"] not in ("done", "failed"):
        time.sleep(0.5)
    return f"/app/eyes/{sent['job_id']}"


def keep(page: Page, name: str) -> None:
    """Write what the window shows as a small PNG."""
    page.evaluate("document.activeElement?.blur()")
    page.wait_for_timeout(600)  # until marks have faded in
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    picture.save(IMAGES / f"page-{name}.webp", quality=QUALITY)  # a palette would blur the colours of outlines


def opened(
    browser: Browser,
    address: str,
    size: ViewportSize,
    *,
    lang: str = "en-GB",
    scheme: Literal["light", "dark"] = "light",
) -> Page:
    """A page in a new context."""
    context = browser.new_context(
        base_url=address,
        viewport=size,
        locale=lang,
        color_scheme=scheme,
        permissions=["camera"],
    )
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()


def wall_picture(page: Page, path: str) -> None:
    """The slider and the list of changes."""
    page.goto(path)
    page.locator("#changes .pair .lines").first.wait_for(state="attached")
    page.locator("#changes-title").evaluate("(title) => window.scrollTo(0, title.offsetTop - 16)")
    keep(page, "wall")


def eyes_picture(page: Page, path: str) -> None:
    """The video in step with its chart, while the eyes look up."""
    page.goto(path)
    page.locator("#chart .main-svg").first.wait_for()
    page.locator("#recording-title").evaluate("(title) => window.scrollTo(0, title.offsetTop - 16)")
    page.locator("[data-jump]").nth(1).evaluate("(button) => button.click()")
    page.wait_for_timeout(1500)
    page.locator("#position").evaluate("(at) => { at.value = '4.2'; at.dispatchEvent(new Event('input')); }")
    page.locator("#recording-title").evaluate("(title) => window.scrollTo(0, title.offsetTop - 16)")
    keep(page, "eyes")


def recording_picture(page: Page) -> None:
    """The checks before a recording, on a phone."""
    page.goto("/app/eyes")
    page.check("#consent")
    page.click("#record")
    for check in ("light", "distance", "rate"):
        page.locator(f"#check-{check}:not([data-state=waiting])").wait_for()
    page.locator("#recorder").evaluate("(part) => window.scrollTo(0, part.offsetTop - 12)")
    keep(page, "recording")


def home_picture(page: Page, entries: Sequence[dict[str, str]]) -> None:
    """The start page in Korean, dark, with a history."""
    page.goto("/app")
    page.evaluate(f"localStorage.setItem('sightline.history', {json.dumps(json.dumps(entries))})")
    page.reload()
    keep(page, "home")


@contextmanager
def chromium(folder: Path) -> Iterator[Browser]:
    """The browser, with a camera that shows the face."""
    from playwright.sync_api import sync_playwright

    clip = write_camera(folder / "camera.mjpeg")
    camera = ("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={clip}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*BROWSER_ARGUMENTS, *camera], env={**font_environment(folder)}
        )
        yield browser
        browser.close()


def main() -> None:
    """Serve, examine, look, write."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        with serving(folder) as address, chromium(folder) as browser:
            wait_until_healthy(address)
            with httpx2.Client(base_url=address, timeout=PATIENCE_MS / 1000) as client:
                wall, video = posted_wall(client), posted_video(client, folder)
            wall_picture(opened(browser, address, WIDE), wall)
            eyes_picture(opened(browser, address, WIDE, scheme="dark"), video)
            recording_picture(opened(browser, address, NARROW))
            entries = [
                {"kind": "inspection", "id": "a", "name": "안방 북쪽 벽", "href": wall, "at": "2026-06-01T11:00:00Z"},
                {"kind": "video", "id": "b", "name": "", "href": video, "at": "2026-05-28T09:00:00Z"},
            ]
            home_picture(opened(browser, address, NARROW, lang="ko-KR", scheme="dark"), entries)


if __name__ == "__main__":
    main()
