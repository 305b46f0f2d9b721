"""What the gaze report holds, and that it becomes a PDF and a page."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from sightline.documents.blocks import Callout, Facts, Figure, Heading, Table
from sightline.documents.html import document_html
from sightline.documents.language import LANGUAGES, Language
from sightline.documents.pdf import document_pdf
from sightline.gaze.document import gaze_document
from tests.gaze.document.reports import recording, screenings

ALL = screenings()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
def test_the_page_says_what_the_screening_says(name: str, language: Language) -> None:
    screening = ALL[name]
    document = gaze_document(recording(screening), language)

    statement = document.blocks[0]
    assert isinstance(statement, Callout)
    tones = {"suspected": "serious", "not_suspected": "good", "insufficient_data": "info"}
    assert statement.tone == tones[screening.verdict]
    tables = [block for block in document.blocks if isinstance(block, Table)]
    rows = [row for table in tables for row in table.rows]
    assert len(rows) >= len(screening.evidence) + len(screening.responses)
    page = document_html(document).decode()
    assert "session &lt;b&gt; &amp; 검사.mp4" in page
    assert "cd" * 32 in page


def test_every_report_ends_with_what_it_is_not() -> None:
    for language, words in (("en", "not a diagnosis"), ("ko", "진단도 의료기기도 아닙니다")):
        document = gaze_document(recording(ALL["suspected"]), language)  # type: ignore[arg-type]
        first, last = document.blocks[0], document.blocks[-1]
        assert isinstance(first, Callout)
        assert isinstance(last, Callout)
        assert words in first.lines[-1]
        assert words in last.lines[-1]


def test_what_is_not_there_is_said_or_left_out() -> None:
    bare = recording(ALL["no protocol"], figure_png=None, key_fingerprint=None, analysis_id=None, received_at=None)
    blocks = gaze_document(bare, "en").blocks

    assert not [block for block in blocks if isinstance(block, Figure)]
    assert "Answers to the targets" not in [block.text for block in blocks if isinstance(block, Heading)]
    (facts,) = (block for block in blocks if isinstance(block, Facts))
    told = dict(facts.rows)
    assert told["Signature"] == "this report is not signed"
    assert "Received" not in told
    assert "Analysis" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_becomes_a_pdf_the_same_every_time(language: Language) -> None:
    document = gaze_document(recording(ALL["not suspected"]), language)
    first, second = document_pdf(document), document_pdf(document)
    assert first == second
    assert first.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", first)) >= 2


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        recording(ALL["suspected"], created_at=datetime(2026, 5, 1))
