"""A real `sightline serve` on a port of its own, and Debian's Chromium to look at it with."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx2
import pytest

import sightline
from tests.conftest import PATIENCE_S
from tests.pages.samples import PROTOCOL, Samples, make_samples

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

HERE: Final = Path(__file__).parent
NODE_MODULES: Final = HERE / "node_modules"

CHROMIUM: Final = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""The browser that the system has; `scripts/test` installs it where it may."""

FONTS: Final = Path(sightline.__file__).with_name("documents") / "fonts"
"""Pretendard: the pages ask for it first, and it has Korean letters, which a bare system has none of."""

# In a container there is no sandbox to be had for root, and /dev/shm is too small.
BROWSER_ARGUMENTS: Final = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb")

MUST_RUN: Final = "TESTS_MUST_HAVE_BROWSER"
"""Set where a skipped browser test would go unseen: what is missing is an error then."""

PATIENCE_MS: Final = PATIENCE_S * 1000

NewPage = Callable[..., "Page"]
"""Opens a page in a new context, which is a browser with no memory; arguments are those of `Browser.new_context`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the browser is skipped where there is none."""
    missing = None
    if CHROMIUM is None:
        missing = "needs Chromium (apt-get install chromium)"
    else:
        try:
            import playwright.sync_api  # noqa: F401
        except ImportError:
            missing = "needs playwright (requirements-dev.lock)"
    if missing and os.environ.get(MUST_RUN):
        raise pytest.UsageError(f"{MUST_RUN} is set, and a test {missing}")
    if missing:
        for item in items:
            if HERE in item.path.parents and {"browser", "new_page"} & set(getattr(item, "fixturenames", ())):
                item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server in a process of its own, with both models and an empty data folder."""
    with serving(tmp_path_factory.mktemp("site")) as address:
        yield address


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """A server with its data in a folder, until the end of the block; another one may go on with the same folder."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SIGHTLINE_", "AWS_"))}
    command = [sys.executable, "-m", "sightline", "serve", "--port", str(port), "--data", str(folder / "data")]
    with (folder / "log").open("ab") as log:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=clean, cwd=folder)
    try:
        yield _announced(server, folder / "log")
    finally:
        server.terminate()
        try:
            server.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.communicate()


def _announced(server: subprocess.Popen[bytes], log: Path) -> str:
    """Where the server says it is; it keeps its output open, so that only lines up to that one are read."""
    assert server.stdout is not None
    for line in server.stdout:
        found = re.search(r"http://[^ ]+", line.decode())
        if found:
            return found[0]
    pytest.fail(f"the server ended: {log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def healthy_site(site: str) -> str:
    """The same, once its models are loaded."""
    wait_until_healthy(site)
    return site


def wait_until_healthy(address: str) -> None:
    """Wait for a server's models."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with suppress(httpx2.HTTPError):
            if httpx2.get(f"{address}/health").status_code == 200:
                return
        time.sleep(0.2)
    pytest.fail("the server did not get healthy")


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """What is sent in the tests, made once."""
    return make_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="session")
def compared_wall(healthy_site: str, samples: Samples) -> str:
    """The path of the page of a wall with two photos that were compared."""
    with httpx2.Client(base_url=healthy_site, timeout=PATIENCE_S) as client:
        inspection = client.post("/inspections", json={"wall": "Bedroom, north wall"}).json()["inspection_id"]
        for photo, stage in ((samples.march, "check-in"), (samples.june, "check-out")):
            files = {"file": (photo.name, photo.read_bytes(), "image/jpeg")}
            answer = client.post(f"/inspections/{inspection}/photos", files=files, data={"stage": stage})
            assert answer.is_success, answer.text
    return f"/app/walls/{inspection}"


@pytest.fixture(scope="session")
def analysed_video(healthy_site: str, samples: Samples) -> str:
    """The path of the page of a video with its result."""
    with httpx2.Client(base_url=healthy_site, timeout=PATIENCE_S) as client:
        files = {"file": ("face.mp4", samples.face.read_bytes(), "video/mp4")}
        sent = client.post("/gaze/videos", files=files, data={"protocol": json.dumps(PROTOCOL)}).json()
        end = time.monotonic() + PATIENCE_S
        while (state := client.get(f"/gaze/jobs/{sent['job_id']}").json()["state"]) != "done":
            assert state != "failed"
            assert time.monotonic() < end, state
            time.sleep(0.2)
    return f"/app/eyes/{sent['job_id']}"


@pytest.fixture(scope="session")
def browser_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a browser that finds our fonts."""
    return font_environment(tmp_path_factory.mktemp("fonts"))


def font_environment(folder: Path) -> dict[str, str]:
    """The same, with what it needs in a folder."""
    for font in FONTS.glob("*.ttf"):  # and not the WOFF2 beside them, which Chromium finds and cannot use
        (folder / font.name).symlink_to(font)
    configuration = folder / "fonts.conf"
    configuration.write_text(
        f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}</dir>
</fontconfig>
"""
    )
    return dict(os.environ) | {"FONTCONFIG_FILE": str(configuration)}


@pytest.fixture(scope="module")  # and not for longer: while Playwright runs, no other test can run an event loop
def browser(browser_environment: dict[str, str], samples: Samples) -> Iterator[Browser]:
    """A Chromium. Its camera shows our face to pages that may use it (`permissions=["camera"]`)."""
    from playwright.sync_api import sync_playwright

    camera = ("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={samples.camera}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*BROWSER_ARGUMENTS, *camera], env={**browser_environment}
        )
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, healthy_site: str) -> Iterator[NewPage]:
    """Opens pages, and fails the test at its end where a script of theirs failed or the policy refused something."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(**options: object) -> Page:
        settings = {"base_url": healthy_site, "locale": "en-GB", "viewport": {"width": 1440, "height": 900}} | options
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        watch(page, faults)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def watch(page: Page, faults: list[str]) -> None:
    """Collect what a page's scripts throw, and what its policy refuses."""
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            faults.append(f"{page.url}: {message.text}")
            if message.type == "error" and ("Content Security Policy" in message.text or "no text" in message.text)
            else None
        ),
    )
