from __future__ import annotations

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from shutil import which

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightline.documents.blocks import Badge, Block, Column, Facts, Figure, Heading, Paragraph, Table
from sightline.documents.pdf import document_pdf
from tests.documents.samples import document, every_block, pages, picture, streams


def text_of(pdf: bytes) -> str:
    """The text of a PDF as another program reads it."""
    if which("pdftotext") is None:
        pytest.skip("needs pdftotext, of Debian's poppler-utils")
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return run.stdout.decode()


def test_the_same_document_gives_the_same_bytes_in_any_thread() -> None:
    whole = document(*every_block("벽 wall"))
    with ThreadPoolExecutor(3) as pool:
        made = set(pool.map(document_pdf, [whole] * 6))
    assert len(made) == 1


def test_the_file_says_what_it_is() -> None:
    pdf = document_pdf(document(Paragraph("text"), language="ko"))
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    for piece in (
        b"(A report: A wall)",
        b"(Sightline 1)",
        b"(D:20260301050607+00'00')",
        b"/Lang (ko)",
        b"/DisplayDocTitle",
    ):
        assert piece in pdf


def test_only_our_font_is_named_and_it_is_within() -> None:
    pdf = document_pdf(document(*every_block("한국어")))
    named = set(re.findall(rb"/BaseFont /([\w+-]+)", pdf))
    assert {name.split(b"+")[-1] for name in named} == {b"Pretendard-Regular", b"Pretendard-Bold"}
    assert pdf.count(b"/FontFile2") == len(named)


def test_pictures_are_in_the_file_byte_for_byte() -> None:
    whole = document(*every_block())
    within = streams(document_pdf(whole))
    assert all(any(found.data in stream for stream in within) for found in whole.pictures())


def test_text_can_be_read_and_pages_are_counted() -> None:
    rows = tuple((str(number), Badge("grave", "serious")) for number in range(120))
    pdf = document_pdf(document(Heading("균열 목록"), Table((Column("번호"), Column("Kind")), rows)))
    text = text_of(pdf)
    count = pages(pdf)
    assert count > 2
    assert re.findall(rf"(\d+)\s*/\s*{count}\b", text) == [str(number) for number in range(1, count + 1)]
    assert text.count("번호") == count  # the head comes again on every page
    assert text.count("grave") == 120
    assert "Inspection 7" in text


def test_headings_are_in_the_outline() -> None:
    pdf = document_pdf(document(Heading("One"), Heading("Two", 2), Heading("Three", 2), Paragraph("text")))
    assert len(re.findall(rb"/Title \((?:One|Two|Three)\)", pdf)) == 3


def test_a_heading_stays_with_its_figure() -> None:
    filling = [Paragraph("line\n" * 38)]
    figure: list[Block] = [Heading("Figure"), Figure(picture(width=400, height=300), "below")]
    pdf = document_pdf(document(*filling, *figure))
    assert pages(pdf) == 2
    last = text_of(pdf).split("\f")[1]
    assert "Figure" in last
    assert "below" in last


@pytest.mark.parametrize("long", ["x" * 4000, "가" * 4000, "word " * 3000, "line\n" * 300])
def test_texts_of_any_length_are_set(long: str) -> None:
    blocks = (
        Paragraph(long),
        Facts(((long[:300], long),)),
        Table((Column("a"), Column("b", 9)), ((long[:300], long),)),
    )
    assert pages(document_pdf(document(*blocks, title=long[:2000], subtitle=long[:2000]))) > 1


@given(st.text(max_size=40))
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_set_and_none_is_markup(text: str) -> None:
    assert document_pdf(document(*every_block(text), title=text, subtitle=text)).startswith(b"%PDF-")


def test_markup_in_a_text_is_shown_as_it_is() -> None:
    assert "<b>bold</b> &amp; <para>" in text_of(document_pdf(document(Paragraph("<b>bold</b> &amp; <para>"))))
