from __future__ import annotations

import pytest

from sightline.crack.inspection import inspection_html, inspection_pdf
from sightline.documents.language import LANGUAGES, Language
from tests.crack.inspection.samples import inspection, photo, two_photos

HOSTILE = "거실 🏠 <script>alert(1)</script> \u202e \ud800 漢字 " + "w" * 150


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_files_are_whole_and_the_same_each_time(language: Language) -> None:
    shown = two_photos(wall=HOSTILE, remarks=HOSTILE * 3)
    pdf, page = inspection_pdf(shown, language=language), inspection_html(shown, language=language)
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert page.rstrip().endswith(b"</html>")
    assert b"<script>alert" not in page
    assert pdf == inspection_pdf(shown, language=language)
    assert page == inspection_html(shown, language=language)


def test_an_empty_inspection_is_a_report_too() -> None:
    assert inspection_pdf(inspection(), language="ko").startswith(b"%PDF-")
    assert b"</html>" in inspection_html(inspection(), language="en")


def test_the_page_shows_every_photo_and_a_slider() -> None:
    page = inspection_html(two_photos(), language="en")
    for name in (b"photo-1.jpg", b"photo-2.jpg", b"comparison-1-before.jpg", b"change-1-1-before.jpg"):
        assert b'data-name="' + name + b'"' in page
    assert page.count(b'class="pair slider"') == 1
    assert b'class="pair slider"' not in inspection_html(inspection(photo()), language="en")
