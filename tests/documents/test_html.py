from __future__ import annotations

import re
from base64 import b64decode, b64encode
from hashlib import sha256
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.documents.blocks import Paragraph
from sightline.documents.html import document_html
from tests.documents.samples import document, every_block


class Page(HTMLParser):
    """What a browser would see: the tags with their attributes, and the text outside of style and script."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.code: dict[str, str] = {}
        self._inside = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in ("style", "script"):
            self.code[self._inside] = self.code.get(self._inside, "") + data
        else:
            self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_same_document_gives_the_same_bytes() -> None:
    whole = document(*every_block())
    assert document_html(whole) == document_html(whole)


def test_the_policy_names_just_the_style_and_the_script_that_are_in_the_page() -> None:
    page = Page(document_html(document(*every_block())))
    (policy,) = [meta["content"] for meta in page.named("meta") if meta.get("http-equiv")]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    for tag in ("style", "script"):
        assert len(page.named(tag)) == 1
        digest = b64encode(sha256(page.code[tag].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_nothing_is_loaded_and_nothing_styled_or_run_inline() -> None:
    made = document_html(document(*every_block()))
    page = Page(made)
    assert not re.search(rb"(?:src|href)=.(?!data:)", made)
    assert b"http://" not in made
    assert b"https://" not in made
    assert all(not name.startswith("on") and name != "style" for _, attributes in page.tags for name in attributes)
    assert set(re.findall(r"url\(.(.{15})", page.code["style"])) == {"data:font/woff2"}


def test_each_picture_is_within_and_named_and_described() -> None:
    whole = document(*every_block())
    images = Page(document_html(whole)).named("img")
    for found, image in zip(whole.pictures(), images, strict=True):
        assert image["data-name"] == found.name
        assert image["alt"] == found.alt
        assert b64decode((image["src"] or "").removeprefix("data:image/jpeg;base64,"), validate=True) == found.data


def test_the_page_tells_its_language_and_title() -> None:
    page = Page(document_html(document(Paragraph("글"), language="ko", title="보고서", subtitle="벽")))
    assert page.named("html") == [{"lang": "ko"}]
    assert "보고서: 벽" in page.text


def test_only_the_marked_pair_is_a_slider() -> None:
    page = Page(document_html(document(*every_block())))
    pairs = [div["class"] for div in page.named("div") if (div.get("class") or "").startswith("pair")]
    assert pairs == ["pair", "pair slider"]


@given(st.text(max_size=60))
@settings(max_examples=40)
def test_any_text_is_text(text: str) -> None:
    tags = [tag for tag, _ in Page(document_html(document(Paragraph("x")))).tags]
    for hostile in (text, f"</p><script>{text}</script>", f'"><img src=x onerror={text}>'):
        page = document_html(document(Paragraph(hostile), title=hostile, subtitle=f"wall {hostile}"))
        assert [tag for tag, _ in Page(page).tags] == tags
        assert page.count(b"</body>") == 1
