"""The parts of a PDF: pages, the pictures on them, fonts, and what holds them together.

Objects are found by their headers, not by the cross-reference table, which a changed file may not keep in order; of two
objects with one number the later one counts, as it does for readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final

from sightline.evidence.manifest import Part

_KEYWORD: Final = re.compile(rb" obj\b")
_NUMBERS: Final = re.compile(rb"[\r\n](\d{1,10}) \d{1,5}\Z")
_HEADER_BYTES: Final = 20  # what stands before the keyword: a line's end and two numbers
_STREAM: Final = re.compile(rb"\bstream\r?\n")
_REFERENCE: Final = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+R\b")
_FONT: Final = re.compile(rb"/Type\s*/Font(Descriptor)?\b")
_PICTURE: Final = re.compile(rb"/Subtype\s*/Image\b")


def pdf_parts(document: bytes) -> tuple[Part, ...]:
    """Digests of what is in a PDF, each of the objects that make it up; every object is in one part."""
    file = _File(document)
    parts = []
    for page, number in enumerate(file.pages(), start=1):
        pictures = [found for found in file.resources(number) if _PICTURE.search(file.head(found))]
        parts.append(file.part("page", str(page), [number, *file.named(number, b"Contents")]))
        for picture, image in enumerate(pictures, start=1):
            parts.append(file.part("picture", f"{picture} on page {page}", [image, *file.named(image, b"SMask")]))
    fonts = [number for number in file.numbers() if _FONT.search(file.head(number))]
    streams = [stream for font in fonts for stream in file.named(font, b"(?:FontFile[23]?|ToUnicode)")]
    parts += [file.part("font", "", fonts + streams), file.part("structure", "", file.numbers())]
    return tuple(part for part in parts if part is not None)


class _File:
    """The objects of a PDF by their numbers, each given to the first part that asks for it."""

    def __init__(self, document: bytes) -> None:
        headers = list(_headers(document))
        ends = [start for _, start, _ in headers[1:]] + [len(document)]
        self._objects = {
            number: _until_end(document[body:end]) for (number, _, body), end in zip(headers, ends, strict=False)
        }
        self._heads = {number: _STREAM.split(body, maxsplit=1)[0] for number, body in self._objects.items()}
        self._given: set[int] = set()

    def numbers(self) -> list[int]:
        return sorted(self._objects)

    def head(self, number: int) -> bytes:
        """An object's dictionary, without its stream."""
        return self._heads.get(number, b"")

    def named(self, number: int, name: bytes) -> list[int]:
        """The objects that an entry of a dictionary refers to, one or a list of them."""
        found = re.search(rb"/" + name + rb"\s*(\[[^\]]*\]|\d+\s+\d+\s+R)", self.head(number))
        return _references(found[1]) if found else []

    def resources(self, number: int) -> list[int]:
        """All that a page refers to."""
        return _references(self.head(number))

    def pages(self) -> Iterator[int]:
        """The pages in order."""
        catalogs = [number for number in self.numbers() if re.search(rb"/Type\s*/Catalog\b", self.head(number))]
        waiting = [page for catalog in catalogs for page in self.named(catalog, b"Pages")][::-1]
        seen: set[int] = set()
        while waiting:
            number = waiting.pop()
            if number in seen:  # a tree of pages that refers to itself
                continue
            seen.add(number)
            kids = self.named(number, b"Kids")
            waiting += kids[::-1]
            if not kids and number in self._objects:
                yield number

    def part(self, kind: str, name: str, numbers: Iterable[int]) -> Part | None:
        """The objects that are left of those as a part; None where there are none."""
        mine = [number for number in dict.fromkeys(numbers) if number in self._objects and number not in self._given]
        self._given.update(mine)
        content = sha256()
        for number in mine:
            content.update(b"%d %d\n" % (number, len(self._objects[number])) + self._objects[number])
        return Part(kind, name, content.hexdigest()) if mine else None


def _headers(document: bytes) -> Iterator[tuple[int, int, int]]:
    """The number of each object, where its header begins, and where it ends.

    A search for the plain keyword runs at the speed of memory; one for the whole header takes a second for 20 MB.
    """
    for keyword in _KEYWORD.finditer(document):
        found = _NUMBERS.search(document[max(0, keyword.start() - _HEADER_BYTES) : keyword.start()])
        if found:
            yield int(found[1]), keyword.start() - len(found[0]), keyword.end()


def _until_end(body: bytes) -> bytes:
    """An object without what follows its end: the cross-reference table is no part of what is shown."""
    end = body.rfind(b"endobj")
    return body[:end] if end >= 0 else body


def _references(text: bytes) -> list[int]:
    return [int(found[1]) for found in _REFERENCE.finditer(text)]
