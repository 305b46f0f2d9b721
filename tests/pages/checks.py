"""What every page is held to: nothing serious for axe-core, a small and quick first view, no sideways scrolling."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.pages.conftest import MUST_RUN, NODE_MODULES

if TYPE_CHECKING:
    from playwright.sync_api import Page

MAX_REQUESTS: Final = 5
MAX_BYTES: Final = 100_000
MAX_PAINT_MS: Final = 1000
MAX_SHIFT: Final = 0.02

CHART_LIBRARY: Final = "plotly.min.js"

_FAULTS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .filter((found) => ["serious", "critical"].includes(found.impact))
  .map((found) => `${found.id}: ${found.help}: ${found.nodes.map((node) => node.html).join(" | ")}`)"""

_MEASURED = """() => new Promise((resolve) => {
  const measured = {paint_ms: 0, shift: 0};
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) measured.paint_ms = Math.max(measured.paint_ms, entry.startTime);
  }).observe({type: "largest-contentful-paint", buffered: true});
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) measured.shift += entry.value;
  }).observe({type: "layout-shift", buffered: true});
  setTimeout(() => {
    const loaded = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    measured.loaded = loaded.filter((entry) => entry.name.startsWith("http"))
      .map((entry) => [entry.name, entry.encodedBodySize]);
    resolve(measured);
  }, 300);
})"""


@dataclass(frozen=True, slots=True)
class FirstView:
    """What a first view took, without the chart library."""

    addresses: tuple[str, ...]
    bytes: int
    paint_ms: float
    """Largest contentful paint, since the navigation began."""
    shift: float
    """Cumulative layout shift."""


def first_view(page: Page) -> FirstView:
    """Measure the page that is open, once it has come to rest."""
    page.wait_for_load_state("load")
    measured: dict[str, Any] = page.evaluate(_MEASURED)
    loaded = [(name, size) for name, size in measured["loaded"] if not name.endswith(CHART_LIBRARY)]
    return FirstView(
        addresses=tuple(name for name, _ in loaded),
        bytes=sum(size for _, size in loaded),
        paint_ms=measured["paint_ms"],
        shift=measured["shift"],
    )


def assert_light(view: FirstView) -> None:
    """The first view is within its budget."""
    assert len(view.addresses) <= MAX_REQUESTS, view.addresses
    assert view.bytes <= MAX_BYTES, view
    assert view.shift <= MAX_SHIFT, view


def assert_accessible(page: Page) -> None:
    """axe-core finds nothing serious on the page that is open."""
    axe = NODE_MODULES / "axe-core" / "axe.min.js"
    if not axe.exists():
        assert not os.environ.get(MUST_RUN), "axe-core is missing (npm ci --prefix tests/pages)"
        pytest.skip("needs axe-core (npm ci --prefix tests/pages)")
    page.evaluate(axe.read_text("utf-8"))  # not as a script of the page: its policy would refuse that
    faults: list[str] = page.evaluate(_FAULTS)
    assert not faults, "\n".join(faults)


def assert_fits(page: Page) -> None:
    """Nothing makes the page wider than the window."""
    width, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= window, f"{page.url} is {width} px wide in a window of {window} px"
