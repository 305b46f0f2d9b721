from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from sightline.documents.fonts import register
from sightline.documents.text import REPLACEMENT, drawable, shortened, tidy

LATIN = {ord(letter) for letter in "abc \N{WHITE SQUARE}"}


def test_decomposed_korean_is_put_together() -> None:
    name = unicodedata.normalize("NFD", "거실 벽.jpg")
    assert tidy(name) == "거실 벽.jpg" != name


def test_what_deceives_or_breaks_is_made_visible() -> None:
    assert tidy("photo\u202egpj.exe") == f"photo{REPLACEMENT}gpj.exe"
    assert tidy("a\0b\ud800c\td") == f"a{REPLACEMENT}b{REPLACEMENT}c d"
    assert tidy("one\r\ntwo\rthree") == "one\ntwo\nthree"


def test_letters_without_a_glyph_are_seen_to_be_missing() -> None:
    assert drawable("ab漢\nc", LATIN) == f"ab{REPLACEMENT}\nc"
    assert drawable("a\u200bb\ufe0f", LATIN) == "ab"  # nothing of them is ever seen


def test_the_font_has_all_korean_syllables_and_what_reports_use() -> None:
    glyphs = register()
    assert all(code in glyphs for code in range(0xAC00, 0xD7A4))
    assert all(ord(letter) in glyphs for letter in f"±×·–—…→≥≤²°µ•‘’“” \N{NO-BREAK SPACE}éßЖΩ{REPLACEMENT}")


@given(st.text())
def test_a_drawable_text_has_only_glyphs_and_line_breaks(text: str) -> None:
    glyphs = register()
    shown = drawable(text, glyphs)
    assert all(letter == "\n" or ord(letter) in glyphs for letter in shown)
    assert drawable(shown, glyphs) == shown


@given(st.text(), st.integers(5, 40))
def test_a_shortened_text_keeps_its_ends(text: str, longest: int) -> None:
    short, whole = shortened(text, longest), " ".join(text.split())
    assert len(short) <= longest
    assert short == whole or (len(whole) > longest and whole.startswith(short.split("…")[0]) and short[-1] == whole[-1])
