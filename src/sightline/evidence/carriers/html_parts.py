"""The parts of a page: pictures by name, text by heading, and what makes them look as they do."""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from contextlib import suppress
from hashlib import sha256
from html.parser import HTMLParser
from typing import Final

from sightline.evidence.manifest import Part

_HEADINGS: Final = ("h1", "h2", "h3")
_UNSEEN: Final = {"script": "script", "style": "style"}
_LONGEST_NAME: Final = 80


def html_parts(document: bytes) -> tuple[Part, ...]:
    """Digests of what is in a page.

    A picture in a data URI is one by its own bytes, so that its digest is that of the picture's file. It is named by
    its element's `data-name`, `id` or `alt`. Text belongs to the heading (h1 to h3) before it.
    """
    reader = _Reader()
    with suppress(AssertionError):  # what Python's parser has for a declaration that it cannot follow
        reader.feed(document.decode("utf-8", "replace"))
        reader.close()
    return reader.parts()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._found: list[tuple[str, str, bytes]] = []
        self._markup: list[str] = []
        self._text: list[str] = []
        self._heading: list[str] | None = None
        self._section = "the beginning"
        self._unseen: str | None = None
        self._pictures = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HEADINGS:
            self._end_section()
            self._heading = []
        self._unseen = _UNSEEN.get(tag)
        told = dict(attrs)
        shown = {name: self._picture(value, told) if _is_data(value) else value for name, value in attrs}
        self._markup.append(f"<{tag} {shown}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS and self._heading is not None:
            self._section = " ".join("".join(self._heading).split())[:_LONGEST_NAME] or "a heading without words"
            self._heading = None
        self._unseen = None
        self._markup.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._unseen:
            self._found.append((self._unseen, "", data.encode()))
            return
        if self._heading is not None:
            self._heading.append(data)
        self._text.append(data)

    def handle_comment(self, data: str) -> None:
        self._markup.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._markup.append(f"<!{decl}>")

    def parts(self) -> tuple[Part, ...]:
        """What was read, once the page is at its end; of two of a name, the second is called `name (2)`."""
        self._end_section()
        self._found.append(("markup", "", "".join(self._markup).encode()))
        taken: Counter[tuple[str, str]] = Counter()
        parts = []
        for kind, name, data in self._found:
            taken[kind, name] += 1
            number = taken[kind, name]
            parts.append(Part(kind, f"{name} ({number})".strip() if number > 1 else name, sha256(data).hexdigest()))
        return tuple(parts)

    def _end_section(self) -> None:
        """Words count, the blanks between them do not: a browser shows one where there are many."""
        words = " ".join("".join(self._text).split())
        if words:
            self._found.append(("text", self._section, words.encode()))
        self._text.clear()

    def _picture(self, uri: str | None, told: dict[str, str | None]) -> str:
        self._pictures += 1
        name = next((told[key] for key in ("data-name", "id", "alt") if told.get(key)), f"{self._pictures}")
        self._found.append(("picture", str(name)[:_LONGEST_NAME], _bytes_of(str(uri))))
        return "data:"


def _is_data(value: str | None) -> bool:
    return value is not None and value[:5].lower() == "data:"


def _bytes_of(uri: str) -> bytes:
    """What a data URI holds; the URI itself where that cannot be told."""
    header, _, content = uri.partition(",")
    try:
        return b64decode(content, validate=True) if header.endswith(";base64") else uri.encode()
    except ValueError:
        return uri.encode()
