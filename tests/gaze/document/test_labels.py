"""The words of the gaze report."""

from __future__ import annotations

import re

import pytest

from sightline.documents.language import Language, Wording
from sightline.gaze.document.labels import sentence
from tests.gaze.document.reports import screenings
from tests.gaze.document.test_korean import sentences


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_sentence_names_a_field_of_the_json(language: Language) -> None:
    say = Wording(language)
    for screening in screenings().values():
        for text in sentences(screening):
            assert not re.search(r"[a-z]_[a-z]", sentence(text, say)), text


def test_the_vertical_travel_keeps_its_figure() -> None:
    text = "Nothing was asked for (vertical_peak_to_peak 0.434 is not under 0.06)."
    assert (
        sentence(text, Wording("en"))
        == "Nothing was asked for (vertical travel of 0.434 eye openings is not under 0.06)."
    )
