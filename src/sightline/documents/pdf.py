"""A document as PDF: A4, with its fonts embedded, the same bytes for the same document."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import count

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, Image, KeepTogether, PageBreak, Paragraph, Spacer

from sightline.documents import blocks as b
from sightline.documents.fonts import register
from sightline.documents.pdf_pages import HEIGHT, WIDTH, write_pages
from sightline.documents.pdf_styles import BODY_STYLE, CAPTION_STYLE, QUIET_STYLE, heading_style, markup, style
from sightline.documents.pdf_tables import Command, callout, facts, set_table, table, tiles
from sightline.documents.text import drawable
from sightline.documents.tones import QUIET

_FIGURE_HEIGHT = 128 * mm
"""A portrait photo any higher would leave no room for what is said about it."""

_PAIR_HEIGHT = 92 * mm
_PAIR_GAP = 5 * mm

_ROOM_AFTER_HEADING = 32 * mm
"""A heading goes to the next page rather than stand at the foot of one with a line or two below it."""

_DOTS_PER_INCH = 110
"""A small crop is not blown up beyond this: it would only look blurred."""

# Pictures go into the file as the bytes they are, not as text a quarter longer.
rl_config.useA85 = 0


def document_pdf(document: b.Document) -> bytes:
    """Set a document.

    What the font has no glyph for is replaced by an empty square, so any text can be set.
    """
    register()
    story: list[Flowable] = [Paragraph(markup(document.title), style(22, bold=True))]
    if document.subtitle:
        story.append(Paragraph(markup(document.subtitle), style(12, colour=QUIET, after=4)))
    story.append(Spacer(1, 3 * mm))
    story += _Setter().flowables(document.blocks, WIDTH)
    return write_pages(document, story)


class _Setter:
    """Turns blocks into flowables; it numbers the headings, so that the outline can point at them."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._depth = -1

    def _heading(self, block: b.Heading) -> Flowable:
        """A heading; in the outline at most one step below the one before, for an outline has no gaps."""
        self._depth = min(block.level - 1, self._depth + 1)
        return _HeadingFlowable(block, f"heading-{next(self._numbers)}", self._depth)

    def flowables(self, blocks: Sequence[b.Block], width: float, *, kept: bool = False) -> list[Flowable]:
        """Set blocks. `kept`: the caller keeps them together; kept twice, they would go to a page of their own."""
        made: list[Flowable] = []
        waiting: list[Flowable] = []  # headings, until it is known what follows them
        for block in blocks:
            if isinstance(block, b.Heading):
                waiting.append(self._heading(block))
                continue
            flowables = self._block(block, width)
            if kept:
                flowables = [*waiting, *flowables]
            elif isinstance(block, b.Figure | b.Together | b.Callout) or (
                waiting and isinstance(block, b.Pair | b.Tiles)
            ):
                flowables = [KeepTogether([*waiting, *flowables])]
            elif waiting:
                flowables = [CondPageBreak(_ROOM_AFTER_HEADING + 10 * mm * len(waiting)), *waiting, *flowables]
            waiting = []
            made += flowables
        return made + waiting

    def _block(self, block: b.Block, width: float) -> list[Flowable]:  # noqa: PLR0911 - one line a kind
        match block:
            case b.Paragraph():
                return [Paragraph(markup(block.text), QUIET_STYLE if block.quiet else BODY_STYLE)]
            case b.Bullets():
                return [Paragraph(markup(item), style(after=2, indent=14), bulletText="•") for item in block.items]
            case b.Facts():
                return [facts(block, width)]
            case b.Table():
                return [table(block, width)]
            case b.Figure():
                return _figure(block, width)
            case b.Pair():
                return [_pair(block, width)]
            case b.Callout():
                return [callout(block, width), Spacer(1, 1 * mm)]
            case b.Tiles():
                return tiles(block, width)
            case b.Together():
                return self.flowables(block.blocks, width, kept=True)
            case b.PageBreak():
                return [PageBreak()]
            case b.Heading():
                return [self._heading(block)]


class _HeadingFlowable(Paragraph):  # type: ignore[misc]
    """A heading that the file's outline points at."""

    def __init__(self, block: b.Heading, key: str, depth: int) -> None:
        super().__init__(markup(block.text), heading_style(block.level))
        self._title, self._key, self._depth = drawable(block.text, register()), key, depth

    def draw(self) -> None:
        self.canv.bookmarkHorizontal(self._key, 0, self.height)
        self.canv.addOutlineEntry(self._title, self._key, self._depth, closed=self._depth > 0)
        super().draw()


def _figure(block: b.Figure, width: float) -> list[Flowable]:
    return _picture(block, _half(width), _PAIR_HEIGHT) if block.half else _picture(block, width, _FIGURE_HEIGHT)


def _picture(block: b.Figure, width: float, height: float) -> list[Flowable]:
    picture = block.picture
    natural = 72 / _DOTS_PER_INCH
    scale = min(width / picture.width_px, min(height, HEIGHT) / picture.height_px, natural)
    image = Image(BytesIO(picture.data), picture.width_px * scale, picture.height_px * scale, hAlign="LEFT")
    return [image, Paragraph(markup(block.caption), CAPTION_STYLE)] if block.caption else [image, Spacer(1, 3 * mm)]


def _half(width: float) -> float:
    half: float = (width - _PAIR_GAP) / 2
    return half


def _pair(block: b.Pair, width: float) -> Flowable:
    half = _half(width)
    cells = [_picture(figure, half, _PAIR_HEIGHT) for figure in (block.left, block.right)]
    commands: list[Command] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ]
    return set_table([cells], [half + _PAIR_GAP, half], commands)
