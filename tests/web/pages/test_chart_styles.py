"""The chart library under a policy without inline styles."""

from __future__ import annotations

from starlette.testclient import TestClient

from sightline.web.pages.assets import PLOTLY, read_asset
from sightline.web.pages.chart_styles import written_style_ids
from tests.web.pages.test_eye_pages import ended, sent


def test_what_the_library_would_write_is_there_before_it(faces: TestClient) -> None:
    page = faces.get(f"/app/eyes/{ended(faces, sent(faces))}")

    assert 'id="plotly.js-style-global" class="no-inline-styles"' in page.text
    for style_id in written_style_ids():
        assert f'<span id="{style_id}" hidden></span>' in page.text
    assert "style-src 'self';" in page.headers["content-security-policy"]


def test_the_library_still_asks_before_it_writes() -> None:
    """A version that asks in another way would have its styles refused, and say so in the browser's console."""
    library = read_asset(PLOTLY).plain

    assert b".no-inline-styles" in library
    assert library.count(b'document.createElement("style")') == len(written_style_ids()) + 1  # and its own
