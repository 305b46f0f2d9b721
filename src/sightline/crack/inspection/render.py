"""The two files that an inspection report comes as."""

from __future__ import annotations

from sightline.crack.inspection.content import inspection_document
from sightline.crack.inspection.inspection import Inspection
from sightline.documents.language import Language


def inspection_pdf(inspection: Inspection, *, language: Language) -> bytes:
    """Set the report as PDF; the same inspection gives the same bytes."""
    from sightline.documents.pdf import document_pdf

    return document_pdf(inspection_document(inspection, language))


def inspection_html(inspection: Inspection, *, language: Language) -> bytes:
    """Set the report as one HTML page, UTF-8; the same inspection gives the same bytes."""
    from sightline.documents.html import document_html

    return document_html(inspection_document(inspection, language))
