"""What the first view of each page takes in a browser that has never been there: requests, bytes, paint, shift.

    python bench/first_views.py [--rounds 9]

Server and browser run on this machine, so the network takes nothing. Goals are those of `tests/pages/checks.py`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Final

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.pages.checks import FirstView, first_view
from tests.pages.conftest import BROWSER_ARGUMENTS, CHROMIUM, serving, wait_until_healthy

PATHS: Final = ("/app", "/app/walls", "/app/eyes")


def main() -> None:
    """Measure all of them in turn, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9, help="how often each is opened (default: %(default)s)")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as address, sync_playwright() as playwright:
        wait_until_healthy(address)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*BROWSER_ARGUMENTS])
        views = [[seen(browser, address + path) for path in PATHS] for _ in range(rounds)]
        browser.close()
    table = Table("page", "requests", "kB", "largest paint ms: median", "most", "shift", title="First views")
    for path, of_page in zip(PATHS, zip(*views, strict=True), strict=True):
        paints = [view.paint_ms for view in of_page]
        last = of_page[-1]
        shift = max(view.shift for view in of_page)
        figures = len(last.addresses), last.bytes / 1000, median(paints), max(paints), shift
        table.add_row(path, *(f"{figure:.3g}" for figure in figures))
    Console().print(table)


def seen(browser: Browser, address: str) -> FirstView:
    """A page as it is opened for the first time: in a context of its own, which keeps nothing from before."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(address)
    view = first_view(page)
    context.close()
    return view


if __name__ == "__main__":
    main()
