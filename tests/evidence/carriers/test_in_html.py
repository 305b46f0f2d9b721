from __future__ import annotations

from hashlib import sha256
from html.parser import HTMLParser

import pytest

from sightline.evidence.canonical import canonical
from sightline.evidence.carriers import carrier_of
from sightline.evidence.carriers.html_parts import html_parts
from sightline.evidence.carriers.in_html import embed, extract
from tests.evidence.samples import html, photo

CARRIER = carrier_of("html")
PAYLOAD = canonical({"text": "</script><!-- & \\u003c \\\\u003c 벽 </body>"})


def parts_of(page: str) -> dict[str, str]:
    return {f"{part.kind} {part.name}".strip(): part.sha256 for part in html_parts(page.encode())}


def test_what_was_embedded_comes_out_again() -> None:
    sealed = embed(html(), PAYLOAD)
    found = extract(sealed)

    assert found == (html(), PAYLOAD, b"")
    assert CARRIER.intact(sealed, found)


def test_the_seal_is_a_block_of_data_that_ends_where_it_should() -> None:
    kinds: list[str | None] = []

    class Scripts(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "script":
                kinds.append(dict(attrs).get("type"))

    Scripts().feed(embed(html(), PAYLOAD).decode())

    assert kinds == [None, "application/json"]


def test_a_page_without_an_end_or_with_a_seal_is_refused() -> None:
    for document in (b"<html></html>", embed(html(), PAYLOAD)):
        with pytest.raises(ValueError, match="HTML"):
            embed(document, PAYLOAD)


def test_a_page_without_a_seal_has_none() -> None:
    assert extract(html()) is None
    assert extract(b'<script type="application/json" id="sightline-evidence">{}') is None


@pytest.mark.parametrize("more", [b"<p>more</p>", b" "])
def test_whatever_is_added_is_seen(more: bytes) -> None:
    sealed = embed(html(), PAYLOAD)
    for place in (0, sealed.index(b"sightline-evidence"), sealed.index(b"</script>\n"), len(sealed)):
        changed = sealed[:place] + more + sealed[place:]
        try:
            found = extract(changed)
        except ValueError:
            continue
        assert found is None or not CARRIER.intact(changed, found) or found.document != html()


def test_a_second_seal_is_seen() -> None:
    sealed = embed(html(), PAYLOAD)
    block = sealed[sealed.index(b"<script type") : sealed.rindex(b"</body>")]
    twice = sealed.replace(b"</body></html>", block + b"</body></html>")
    found = extract(twice)

    assert found is not None
    assert not CARRIER.intact(twice, found)


def test_the_parts_of_a_page() -> None:
    found = parts_of(html().decode())

    assert set(found) == {
        *("text Report", "text Findings", "picture before", "picture after", "style", "script", "markup"),
    }
    assert found["picture before"] == sha256(photo(0)).hexdigest()


@pytest.mark.parametrize(
    ("was", "now", "changed"),
    [
        ("One crack", "No crack", {"text Findings"}),
        ("A wall", "A  \n wall", set()),
        ("margin: 0", "margin: 1", {"style"}),
        ("let x", "let y", {"script"}),
        ('lang="en"', 'lang="ko"', {"markup"}),
        ("<h2>Findings", "<!-- --><h2>Findings", {"markup"}),
        ("<h1>Report", "<h1>Note", {"text Report", "text Note"}),
    ],
)
def test_a_change_is_in_its_part(was: str, now: str, changed: set[str]) -> None:
    page = html().decode()
    before, after = parts_of(page), parts_of(page.replace(was, now, 1))

    assert {part for part in before | after if before.get(part) != after.get(part)} == changed


def test_parts_of_one_name_are_told_apart() -> None:
    texts = "<h2>A</h2>one<h2>A</h2>two"
    page = f'{texts}<img src="data:,x"><img src="DATA:image/png;base64,!"><img data-name="n" src="data:">'

    assert set(parts_of(page)) == {"text A", "text A (2)", "picture 1", "picture 2", "picture n", "markup"}


@pytest.mark.parametrize("broken", ["<![foo[", "<!foo", "<a <b", "<?", "&#xFFFFFFFF;", "<img src=data:", "</", "<h2>"])
def test_broken_markup_stops_nothing(broken: str) -> None:
    page = html().decode().replace("<h2>", f"<h2>{broken}")

    assert html_parts(page.encode()) != html_parts(html())
