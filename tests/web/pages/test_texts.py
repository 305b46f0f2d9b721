"""Both languages say the same things, and pages ask for nothing that is not said."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Formatter

import pytest

from sightline.web.pages import texts
from sightline.web.pages.texts import Text, Texts, texts_in

PAGES = Path(texts.__file__).parent
SOURCES = sorted([*PAGES.glob("static/*.js"), *PAGES.rglob("templates/**/*.html"), *PAGES.glob("*.py")])
ASKED = re.compile(r"""\bt\(\s*(["'])([a-z0-9_.]+)\1\s*[,)]""")
"""A text that is asked for by its whole name; names that are put together are seen by the tests of their pages."""


def places(text: Text) -> set[str]:
    """The names of the values that a text has places for, in any of its forms."""
    forms = [text] if isinstance(text, str) else list(text.values())
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name is not None}


def test_both_languages_have_the_same_texts() -> None:
    english, korean = texts_in("en").table, texts_in("ko").table
    assert english.keys() == korean.keys()
    assert {key for key in english if isinstance(english[key], str) != isinstance(korean[key], str)} == set()


def test_both_languages_have_the_same_places_for_values() -> None:
    english, korean = texts_in("en").table, texts_in("ko").table
    assert {key: places(english[key]) for key in english} == {key: places(korean[key]) for key in korean}


def test_a_place_is_a_name_and_nothing_else() -> None:
    """Scripts put values in, too, and know nothing else."""
    for language in ("en", "ko"):
        for key, text in texts_in(language).table.items():
            for form in [text] if isinstance(text, str) else text.values():
                for _, name, format_, conversion in Formatter().parse(form):
                    assert name is None or (re.fullmatch(r"[a-z_]+", name) and not format_ and not conversion), key


def test_no_text_is_empty_or_still_english() -> None:
    korean = texts_in("ko").table
    for key, text in korean.items():
        for form in [text] if isinstance(text, str) else text.values():
            assert form.strip(), key
    same = {
        key for key, text in texts_in("en").table.items() if korean[key] == text and re.search(r"[a-z]{3} ", str(text))
    }
    assert same == set()


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_text_that_is_asked_for_is_there(source: Path) -> None:
    asked = {found[2] for found in ASKED.finditer(source.read_text("utf-8"))}
    assert asked - texts_in("en").table.keys() == set()


def test_a_number_chooses_the_form() -> None:
    english = Texts("en", {"cracks": {"one": "{count} crack", "other": "{count} cracks"}})
    korean = Texts("ko", {"cracks": {"other": "균열 {count}건"}})
    assert [english("cracks", count=count) for count in (0, 1, 2)] == ["0 cracks", "1 crack", "2 cracks"]
    assert korean("cracks", count=1) == "균열 1건"


def test_a_value_that_is_missing_is_a_fault() -> None:
    with pytest.raises(KeyError):
        Texts("en", {"hello": "Hello, {name}"})("hello")


def test_texts_for_scripts_cannot_end_their_element() -> None:
    told = Texts("en", {"a.b": "</script><b>&", "a.c": {"other": "x"}, "ab": "not below a"})
    said = told.as_json(("a",))
    assert not set("<>&") & set(said)
    assert json.loads(said) == {"a.b": "</script><b>&", "a.c": {"other": "x"}}
