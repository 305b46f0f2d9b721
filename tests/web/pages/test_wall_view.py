"""What is kept of an inspection, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sightline.documents.language import Language, Wording
from sightline.service.inspection_records import StoredPhoto
from sightline.web.pages.texts import texts_in
from sightline.web.pages.wall_csv import COLUMNS, findings_csv
from sightline.web.pages.wall_view import panels, stages_used

CRACK: dict[str, Any] = {
    "box": {"x": 1, "y": 2, "width": 30, "height": 4},
    "confidence": 0.93,
    "severity": "medium",
    "length_px": 1331.5,
    "mean_width_px": 2.0,
    "max_width_px": 3.0,
    "profile_mean_width_px": 1.83,
    "profile_max_width_px": 3.05,
    "profile_width_uncertainty_px": 0.21,
    "length_mm": 470.2,
    "length_uncertainty_mm": 3.4,
    "mean_width_mm": 0.66,
    "max_width_mm": 1.1,
    "width_uncertainty_mm": 0.08,
    "orientation_deg": 3.0,
    "branch_count": 1,
    "area_px": 60.0,
    "outline": [[[1.0, 2.0], [31.0, 2.0], [31.0, 6.0]]],
}
FOUND: dict[str, Any] = {
    "width_px": 4000,
    "height_px": 3000,
    "instances": [CRACK],
    "quality": [{"code": "too_dark", "message": "The photo is dark.", "value": 20.0, "limit": 40.0}],
    "scale": {"kind": "marker", "mm_per_px": 0.353, "relative_uncertainty": 0.004},
}
PHOTO = StoredPhoto(
    photo_id="p",
    stage="check-in",
    name="wall.jpg",
    sha256="0" * 64,
    size_bytes=1,
    media_type="image/jpeg",
    taken_at=None,
    taken_at_from=None,
    received_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
    reference={"kind": "auto"},
    folder="f",
    findings=FOUND,
)


def test_sizes_are_in_mm_and_in_pixels_with_what_is_known_of_them() -> None:
    (panel,) = panels("i", [PHOTO], texts_in("en"))
    (row,) = panel.cracks

    assert (row.number, row.confidence, row.mark.word) == (1, "very likely (93\N{NO-BREAK SPACE}%)", "medium")
    assert [line.replace("\N{NO-BREAK SPACE}", " ") for line in row.widest] == ["1.10 ± 0.08 mm", "3.0 ± 0.2 px"]
    assert [line.replace("\N{NO-BREAK SPACE}", " ") for line in row.length] == ["470 ± 3 mm", "1,332 px"]
    assert "0.353" in panel.scale


def test_views_have_the_sizes_that_are_made() -> None:
    (panel,) = panels("i", [PHOTO], texts_in("en"))

    assert (panel.view_size, panel.thumb_size) == ((1600, 1200), (320, 240))


@pytest.mark.parametrize(("language", "words"), [("en", "The photo is dark."), ("ko", "너무 어두워")])
def test_remarks_are_told_in_the_pages_language(language: Language, words: str) -> None:
    (panel,) = panels("i", [PHOTO], texts_in(language))

    assert words in panel.quality[0]


def test_photos_of_one_occasion_are_told_apart() -> None:
    photos = [PHOTO, replace(PHOTO, photo_id="q"), replace(PHOTO, stage="later")]

    assert [panel.title for panel in panels("i", photos, texts_in("en"))] == ["Check-in (1)", "Check-in (2)", "later"]
    assert stages_used(photos, Wording("en")) == (("check-in", "Check-in"), ("later", "later"))


def test_a_table_holds_no_formulas_and_a_line_for_a_photo_without_cracks() -> None:
    clean = replace(PHOTO, name="=1+1", findings=FOUND | {"instances": []})
    wide = replace(clean, name="\N{FULLWIDTH EQUALS SIGN}1")
    head, first, second, third, _ = findings_csv([PHOTO, clean, wide]).split("\r\n")

    assert head == "\N{ZERO WIDTH NO-BREAK SPACE}" + ",".join(COLUMNS)
    assert first.startswith("1,check-in,wall.jpg,,2026-03-01T12:00:00+00:00,4000,3000,1,0.93,medium,1331.5")
    assert second.startswith("2,check-in,'=1+1,,")
    assert third.startswith("3,check-in,'\N{FULLWIDTH EQUALS SIGN}1,,")
    assert len(second.split(",")) == len(COLUMNS)
