"""Style sheets and scripts: kept for good under the digest of all of them, sent small."""

from __future__ import annotations

import gzip
import re

import pytest
from starlette.testclient import TestClient

from sightline.errors import NotFoundError
from sightline.web.pages import assets
from sightline.web.pages.assets import asset_address, read_asset


def test_it_is_kept_for_good_and_sent_compressed(faces: TestClient) -> None:
    answer = faces.get(asset_address("app.css"), headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"].startswith("Accept-Encoding")
    plain = faces.get(asset_address("app.css"), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content


def test_several_style_sheets_are_one() -> None:
    both = read_asset("app.css+eyes.css")
    assert both.plain == read_asset("app.css").plain + b"\n" + read_asset("eyes.css").plain
    assert gzip.decompress(both.gzipped) == both.plain


@pytest.mark.parametrize(
    "name",
    [
        "nothing.css",
        "../render.py",
        "..%2Frender.py",
        "app.css+app.css",
        "home.js+texts.js",
        "app.css+",
        "+",
        "__init__.py",
    ],
)
def test_nothing_else_is_handed_out(faces: TestClient, name: str) -> None:
    assert faces.get(f"/app/assets/{assets.digest()}/{name}").status_code == 404
    with pytest.raises(NotFoundError):
        read_asset(name)


def test_another_state_of_the_files_is_not_this_one(faces: TestClient) -> None:
    assert faces.get("/app/assets/0123456789abcdef/app.css").status_code == 404


def test_a_template_that_asks_for_a_file_that_is_not_there_fails() -> None:
    with pytest.raises(KeyError):
        asset_address("nothing.js")


def test_the_chart_library_comes_out_of_the_installed_package(faces: TestClient) -> None:
    answer = faces.get(asset_address("plotly.min.js"))
    assert answer.status_code == 200
    assert b"plotly.js v" in answer.content[:200]


def test_no_style_sheet_or_script_names_another_host() -> None:
    for name in sorted(assets._known().keys() - {assets.PLOTLY}):
        found = re.findall(r"https?://[^\s\"')]+", read_asset(name).plain.decode())
        assert {address for address in found if not address.startswith("http://www.w3.org/")} == set(), name


@pytest.mark.parametrize("name", sorted(name for name in assets._known() if name.endswith(".js")))
def test_every_script_can_be_sent(name: str) -> None:
    assert read_asset(name).plain
