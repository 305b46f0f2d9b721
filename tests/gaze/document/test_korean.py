"""Every sentence that a screening says has its Korean form."""

from __future__ import annotations

import re

import pytest

from sightline.gaze.document.korean import korean
from sightline.gaze.screening.values import Screening
from tests.gaze.document.reports import screenings

KEPT = {"PSP", "square", "wave", "jerks", "ms"}
"""Terms that a Korean clinician writes so as well."""


def sentences(screening: Screening) -> list[str]:
    evidence = [text for item in screening.evidence for text in (item.name, item.why, item.reference)]
    notes = [response.latency_note for response in screening.responses]
    return [screening.psp_rule_reason, *screening.limitations, *evidence, *notes]


@pytest.mark.parametrize(("name", "screening"), screenings().items())
def test_nothing_stays_english(name: str, screening: Screening) -> None:
    left = {
        text: rest
        for text in sentences(screening)
        if (rest := [word for word in re.findall(r"[A-Za-z_]{2,}", korean(text)) if word not in KEPT])
    }
    assert not left, f"{name}: {left}"


def test_the_ways_a_recording_turns_out_are_all_there() -> None:
    assert {screening.verdict for screening in screenings().values()} == {
        "suspected",
        "not_suspected",
        "insufficient_data",
    }


def test_figures_are_those_of_the_english_sentence() -> None:
    for screening in screenings().values():
        for text in sentences(screening):
            if "O1" not in text:
                numbers = sorted(re.findall(r"\d+(?:\.\d+)?", text))
                assert sorted(re.findall(r"\d+(?:\.\d+)?", korean(text))) == numbers, text


def test_what_has_no_entry_stays_as_it_is() -> None:
    assert korean("A sentence of tomorrow.") == "A sentence of tomorrow."
