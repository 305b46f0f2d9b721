"""Changes as they were kept, told as the reports tell them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sightline.crack.inspection.sentences import told
from sightline.documents.language import Language, Wording
from sightline.service.wall import comparison_document
from sightline.web.pages.texts import texts_in
from sightline.web.pages.wall_changes import change_of, lines_of, pair_panels
from sightline.web.pages.wall_view import panels
from tests.crack.inspection.samples import two_photos
from tests.web.pages.test_wall_view import PHOTO

(REPORT,) = two_photos().comparisons
DOCUMENT = comparison_document(REPORT) | {"before_photo_id": "p", "after_photo_id": "q", "consecutive": True}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_kept_change_is_told_as_the_change_itself(language: Language) -> None:
    say = Wording(language)
    for change, kept in zip(REPORT.changes, DOCUMENT["changes"], strict=True):
        assert told(say, change_of(kept), earlier="A", later="B") == told(say, change, earlier="A", later="B")


def test_a_pair_has_every_change_in_the_reports_order() -> None:
    later = replace(PHOTO, photo_id="q", stage="check-out", received_at=datetime(2026, 6, 1, tzinfo=UTC))
    photos = [PHOTO, later]
    (pair,) = pair_panels("i", photos, panels("i", photos, texts_in("en")), [DOCUMENT], Wording("en"))

    assert [change.kind for change in pair.changes] == [change.kind for change in REPORT.changes]
    assert [mark.word for mark in pair.counts] == [
        f"{count} {word}"
        for count, word in zip(
            [count for count in REPORT.counts.values() if count],
            ["new", "grown", "unchanged", "healed or painted over", "not comparable"],
            strict=False,
        )
    ]
    assert (pair.key, pair.refusal, pair.is_whole_time) == ("pair-1-2", "", False)
    assert pair.address == "/inspections/i/comparisons/p/q"


def test_lines_are_those_of_the_later_photo() -> None:
    for line, change in zip(lines_of(DOCUMENT), DOCUMENT["changes"], strict=True):
        assert line["outline"] == change["outline_after"]
        assert bool(line["added"]) == (change["kind"] == "grown" and bool(change["stretches_after"]))
