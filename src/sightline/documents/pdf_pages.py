"""The pages of a PDF: head and foot, numbers, the file's properties."""

from __future__ import annotations

from datetime import UTC
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from sightline.documents.blocks import Document
from sightline.documents.fonts import REGULAR, register
from sightline.documents.pdf_styles import color
from sightline.documents.text import drawable, shortened
from sightline.documents.tones import LINE, QUIET

MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
HEIGHT = A4[1] - 2 * MARGIN - 8 * mm
"""Of the text: head and foot stand within the margins and 8 mm."""

_SMALL_PT = 7.5
_COUNT = "page-count"


def write_pages(document: Document, story: list[Flowable]) -> bytes:
    """Set a story on pages; the same story gives the same bytes."""
    file = BytesIO()
    frame = Frame(MARGIN, MARGIN + 4 * mm, WIDTH, HEIGHT, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    template = BaseDocTemplate(
        file,
        pagesize=A4,
        pageTemplates=[PageTemplate(frames=[frame], onPage=lambda canvas, _: _furnish(canvas, document))],
        title=_property(f"{document.title}: {document.subtitle}" if document.subtitle else document.title),
        author=_property(document.author),
        subject=_property(document.subject),
        creator=_property(document.author),
        lang=document.language,
        displayDocTitle=1,
        invariant=1,
        initialFontName=REGULAR,  # otherwise every file names Helvetica, which it does not hold
        pageCompression=1,
    )

    def canvas(*arguments: Any, **options: Any) -> _NumberedCanvas:
        made = _NumberedCanvas(*arguments, **options)
        made.setDateFormatter(lambda *_: f"D:{document.created_at.astimezone(UTC):%Y%m%d%H%M%S}+00'00'")
        return made

    template.build(story, canvasmaker=canvas)
    return file.getvalue()


class _NumberedCanvas(Canvas):  # type: ignore[misc]
    """Knows how many pages there are only at its end, so every page refers to a form that is drawn then."""

    def save(self) -> None:
        if self._code:
            self.showPage()
        self.beginForm(_COUNT, 0, -4, 40, 12)
        self.setFont(REGULAR, _SMALL_PT)
        self.setFillColor(color(QUIET))
        self.drawString(0, 0, f" / {self.getPageNumber() - 1}")
        self.endForm()
        super().save()


def _furnish(canvas: Canvas, document: Document) -> None:
    """Draw a page's foot, and from the second page on its head."""
    canvas.saveState()
    canvas.setFont(REGULAR, _SMALL_PT)
    canvas.setFillColor(color(QUIET))
    canvas.setStrokeColor(color(LINE))
    canvas.setLineWidth(0.5)
    foot = MARGIN - 3 * mm
    canvas.line(MARGIN, foot + 4 * mm, MARGIN + WIDTH, foot + 4 * mm)
    canvas.drawString(MARGIN, foot, _fitting(canvas, document.footer, WIDTH - 25 * mm))
    slot = MARGIN + WIDTH - 6 * mm  # left of it the number, right of it the count
    canvas.drawRightString(slot, foot, str(canvas.getPageNumber()))
    canvas.translate(slot, foot)
    canvas.doForm(_COUNT)
    canvas.translate(-slot, -foot)
    if canvas.getPageNumber() > 1:
        head = MARGIN + 4 * mm + HEIGHT + 3 * mm
        canvas.drawString(MARGIN, head, _fitting(canvas, document.title, WIDTH / 2))
        canvas.drawRightString(MARGIN + WIDTH, head, _fitting(canvas, document.subtitle, WIDTH / 2 - 6 * mm))
    canvas.restoreState()


def _fitting(canvas: Canvas, text: str, width: float) -> str:
    """As much of a text as a line holds, its middle left out."""
    text = drawable(text, register())
    longest = 120
    shown = shortened(text, longest)
    while longest > 8 and canvas.stringWidth(shown, REGULAR, _SMALL_PT) > width:
        longest -= 4
        shown = shortened(text, longest)
    return shown


def _property(text: str) -> str:
    return shortened(drawable(text, register()), 200)
