"""How true the times are that a guided recording notes for its dot (pages, /app/eyes), by pictures that show the dot.

    python bench/recording_times.py

In the place of the camera, Chromium records a canvas whose grey says where the page's dot is at that moment. The grey
of the recorded frames then tells when the dot really was where, on the recording's own clock.
"""

from __future__ import annotations

import json
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table

from sightline.media.video_source import open_container

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.pages.conftest import BROWSER_ARGUMENTS, CHROMIUM, serving, wait_until_healthy

GREYS: Final = {"center": 20, "up": 60, "down": 100, "left": 140, "right": 180}

CAMERA: Final = """(greys) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [640, 480];
  const context = canvas.getContext("2d");
  const draw = (count) => {
    const grey = greys[document.getElementById("dot").dataset.at] ?? 255;
    context.fillStyle = `rgb(${grey}, ${grey}, ${grey})`;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = count % 2 ? "#fff" : "#000";  // a picture that does not change is not recorded
    context.fillRect(0, 0, 8, 8);
    requestAnimationFrame(() => draw(count + 1));
  };
  draw(0);
  const append = FormData.prototype.append;
  FormData.prototype.append = function (name, value, ...rest) {
    (window.sent ??= {})[name] = value;
    append.call(this, name, value, ...rest);
  };
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(30);
}"""

SENT: Final = """async () => ({
  protocol: window.sent.protocol, file: [...new Uint8Array(await window.sent.file.arrayBuffer())],
})"""


def main() -> None:
    """Record once, and print the table."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as address, sync_playwright() as playwright:
        wait_until_healthy(address)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*BROWSER_ARGUMENTS])
        page = browser.new_page(base_url=address)
        video, targets = recorded(page)
        browser.close()
    shown = changes(video)
    table = Table("target", "noted s", "in the pictures s", "difference s", title="Times of the targets")
    for (before, after), seen_s in zip(pairwise(targets), shown, strict=False):
        noted_s = after["start_s"]
        step = f"{before['target']} to {after['target']}"
        table.add_row(step, f"{noted_s:.3f}", f"{seen_s:.3f}", f"{seen_s - noted_s:+.3f}")
    Console().print(table)


def recorded(page: Page) -> tuple[bytes, list[dict[str, float]]]:
    """A recording as it was sent, and its targets."""
    page.set_default_timeout(120_000)
    page.goto("/app/eyes")
    page.evaluate(CAMERA, GREYS)
    page.check("#consent")
    page.click("#record")
    page.locator("#start:enabled").click()
    page.locator("#review").wait_for()
    page.route("**/gaze/videos", lambda route: route.abort())  # the page stays, with what it wanted to send
    page.click("#send")
    page.locator("#send-error:not(:empty)").wait_for()
    sent = page.evaluate(SENT)
    return bytes(sent["file"]), json.loads(sent["protocol"])


def changes(video: bytes) -> list[float]:
    """When the dot was seen at another place, in seconds."""
    with open_container(video) as (container, _):
        frames = [
            (frame.time, frame.to_ndarray(format="rgb24")[200:300, 200:300].mean())
            for frame in container.decode(video=0)
        ]
    known = np.array(list(GREYS.values()))
    places = [(time_s, int(np.abs(known - grey).argmin())) for time_s, grey in frames]
    return [after_s for (_, before), (after_s, after) in pairwise(places) if before != after]


if __name__ == "__main__":
    main()
