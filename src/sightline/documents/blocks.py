"""What documents are made of. A block says what it is, never how it looks: that is the business of PDF and HTML.

All texts are plain: nothing in them is markup, whatever they hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from sightline.documents.language import Language
from sightline.documents.picture import Picture

Tone = Literal["plain", "info", "good", "warning", "serious"]
"""How much a thing matters; each has its colour, and a text beside it always says the same."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A title of a part: 1 of a section, 2 and 3 within it."""

    kind: ClassVar = "heading"
    text: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; lines of it stay lines. `quiet` is smaller and paler, for what few readers need."""

    kind: ClassVar = "paragraph"
    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    kind: ClassVar = "bullets"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Badge:
    """A word on its colour, for a table's cell."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Code:
    """A long run of letters and digits that may be broken anywhere: a digest, an identifier."""

    text: str


Cell = str | Badge | Code


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and their values, a pair a line."""

    kind: ClassVar = "facts"
    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: `share` is its part of the width, beside the other columns' shares."""

    title: str
    share: float = 1.0
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of as many cells as there are columns."""

    kind: ClassVar = "table"
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"every row of a table has a cell for each of its {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture and what is said below it; `half` of the width is enough for some."""

    kind: ClassVar = "figure"
    picture: Picture
    caption: str = ""
    half: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures of one thing, side by side.

    `slider` asks for one upon the other with a handle between them, where a document can do that; both pictures must
    then have the same size.
    """

    kind: ClassVar = "pair"
    left: Figure
    right: Figure
    slider: bool = False

    def __post_init__(self) -> None:
        left, right = self.left.picture, self.right.picture
        if self.slider and (left.width_px, left.height_px) != (right.width_px, right.height_px):
            raise ValueError("the two pictures of a slider must have the same size")


@dataclass(frozen=True, slots=True)
class Callout:
    """What must not be overlooked: a title and sentences."""

    kind: ClassVar = "callout"
    tone: Tone
    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tile:
    """One large figure over its label."""

    value: str
    label: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Tiles:
    """A few large figures in a row: the answer at a glance."""

    kind: ClassVar = "tiles"
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Blocks that a page does not part."""

    kind: ClassVar = "together"
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a page, where there are pages."""

    kind: ClassVar = "pagebreak"


Block = Heading | Paragraph | Bullets | Facts | Table | Figure | Pair | Callout | Tiles | Together | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report.

    Attributes:
        title: what kind of report it is.
        subtitle: what it is about: a wall's name.
        language: of all its texts.
        created_at: with a time zone; it becomes the PDF's date.
        author, subject: for the file's properties.
        footer: at the foot of every page.
        blocks: in order.
    """

    title: str
    subtitle: str
    language: Language
    created_at: datetime
    author: str
    subject: str
    footer: str
    blocks: tuple[Block, ...]

    def pictures(self) -> tuple[Picture, ...]:
        """All pictures, each name once, in order."""
        found: dict[str, Picture] = {}
        for picture in _pictures(self.blocks):
            if found.setdefault(picture.name, picture) != picture:
                raise ValueError(f"two pictures of a document have the name {picture.name!r}")
        return tuple(found.values())


def _pictures(blocks: tuple[Block, ...]) -> list[Picture]:
    found = []
    for block in blocks:
        match block:
            case Figure():
                found.append(block.picture)
            case Pair():
                found += [block.left.picture, block.right.picture]
            case Together():
                found += _pictures(block.blocks)
            case _:
                pass
    return found
