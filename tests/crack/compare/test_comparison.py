"""What became of cracks between two photos, in all the kinds there are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sightline.crack.compare.compared import ComparisonReport
from sightline.crack.compare.comparison import compare_registered, compare_reports
from sightline.crack.report import ModelInfo
from sightline.errors import BadInputError
from tests.crack.compare.painted import LONG, MATRIX, OTHER, SHORT, SIZE, Crack, photo, registration, report, wall


def compared(
    before: list[Crack],
    after: list[Crack],
    *,
    seen_before: list[Crack] | None = None,
    seen_after: list[Crack] | None = None,
    dim: float = 0.8,
    blur: float = 0.0,
    roughness: float = 6.0,
) -> ComparisonReport:
    """A comparison of the same wall; `seen_*` is what the model found where that differs from what is there."""
    return compare_registered(
        photo(wall(before, roughness=roughness), seed=1, blur=blur),
        report(before if seen_before is None else seen_before),
        photo(wall(after, roughness=roughness), MATRIX, seed=2, gain=dim, gamma=1.1),
        report(after if seen_after is None else seen_after, MATRIX),
        registration(),
    )


def test_a_crack_that_the_before_photo_would_have_shown_is_new() -> None:
    result = compared([OTHER], [OTHER, LONG])
    assert result.counts == {"new": 1, "grown": 0, "unchanged": 1, "healed": 0, "not_comparable": 0}
    (new,) = result.of_kind("new")
    assert new.before_index == ()
    assert new.after_index == (1,)
    assert new.confidence > 0.7
    assert new.length_before_px == 0
    assert new.length_growth_px == new.length_after_px == pytest.approx(320, rel=0.1)
    assert new.box_before is not None  # where it would be
    assert sum(len(stretch) for stretch in new.stretches_after) == pytest.approx(320, rel=0.2)


def test_a_crack_that_the_model_missed_before_is_not_new() -> None:
    result = compared([LONG], [LONG], seen_before=[])
    assert [change.kind for change in result.changes] == ["unchanged"]
    assert result.changes[0].before_index == ()


def test_a_crack_that_the_model_missed_after_is_not_healed() -> None:
    result = compared([LONG], [LONG], seen_after=[])
    assert [change.kind for change in result.changes] == ["unchanged"]


def test_a_longer_crack_has_grown_in_length_by_what_was_added() -> None:
    (change,) = compared([SHORT], [LONG]).changes
    assert (change.kind, change.grown_in) == ("grown", ("length",))
    assert (change.before_index, change.after_index) == ((0,), (0,))
    assert change.length.growth is not None
    assert change.length.uncertainty is not None
    added = 320 * 0.97 - 130 * 0.97  # the polylines' lengths in after pixels
    assert abs(change.length.growth - added) < max(3 * change.length.uncertainty, 0.1 * added)
    assert change.length.uncertainty < 30


def test_a_wider_crack_has_grown_in_width() -> None:
    (change,) = compared([LONG], [replace(LONG, width=7.0)]).changes
    assert (change.kind, change.grown_in) == ("grown", ("width",))
    assert change.width.growth is not None
    assert change.width.uncertainty is not None
    assert change.width.before is not None
    assert change.width.after is not None
    assert change.width.before / change.width.after == pytest.approx(4 / 7, abs=0.1)
    assert change.width.growth > 3 * change.width.uncertainty


def test_the_same_crack_in_another_light_is_unchanged() -> None:
    result = compared([LONG, OTHER], [LONG, OTHER], dim=0.5)
    assert [change.kind for change in result.changes] == ["unchanged", "unchanged"]
    assert all(change.length_growth_px == 0 for change in result.changes)


def test_a_crack_that_is_gone_is_healed() -> None:
    (change,) = compared([LONG], []).changes
    assert (change.kind, change.before_index, change.after_index) == ("healed", (0,), ())
    assert change.length_after_px == 0
    assert change.outline_after  # where it was


def test_what_a_blurred_photo_could_not_have_shown_is_not_new() -> None:
    faint = Crack(LONG.points, width=1.2, depth=0.15)
    (change,) = compared([], [faint], blur=5.0, roughness=8.0).changes
    assert change.kind == "not_comparable"
    assert change.reason


def test_what_lies_beyond_the_other_photo_is_not_comparable() -> None:
    beyond = Crack([[-80, 40], [-60, 160], [-70, 300]])
    matrix = np.array([[1.0, 0, 150], [0, 1, 0], [0, 0, 1]])
    result = compare_registered(
        photo(wall([beyond])),
        report([]),
        photo(wall([beyond]), matrix),
        report([beyond], matrix),
        registration(matrix),
    )
    (change,) = result.changes
    assert (change.kind, change.reason_code) == ("not_comparable", "outside_overlap")
    assert change.outline_before == ()
    assert change.box_before is None


def test_the_edge_of_a_shade_is_not_new() -> None:
    luma = wall()
    shaded = luma.copy()
    shaded[:, 330:] *= 0.6
    edge = Crack([[230, 60], [230, 180], [230, 300]])
    result = compare_registered(
        photo(luma), report([]), photo(shaded, MATRIX, seed=2), report([edge], MATRIX), registration()
    )
    assert [change.reason_code for change in result.changes] == ["not_a_line"]


def test_a_bar_of_shade_is_not_new() -> None:
    luma = wall(roughness=9.0)
    shaded = luma.copy()
    shaded[:, 320:340] *= 0.5
    bar = Crack([[230, 60], [230, 180], [230, 300]], width=20)
    result = compare_registered(
        photo(luma), report([]), photo(shaded, MATRIX, seed=2), report([bar], MATRIX), registration()
    )
    assert [change.kind for change in result.changes] == ["not_comparable"]


def test_two_pieces_that_joined_are_one_change() -> None:
    pieces = [Crack([[90, 90], [170, 150], [215, 160]]), Crack([[290, 190], [335, 220], [380, 250]])]
    (change,) = compared(pieces, [LONG]).changes
    assert change.before_index == (0, 1)
    assert change.kind == "grown"


def test_changes_are_listed_by_kind_and_json_ready() -> None:
    document = compared([OTHER], [LONG, OTHER]).to_dict()
    assert [change["kind"] for change in document["changes"]] == ["new", "unchanged"]
    assert document["comparable"] is True
    assert document["changes"][0]["length_after_mm"] is None
    assert document["registration"]["homography"]


def test_a_report_of_another_photo_is_refused() -> None:
    image = photo(wall())
    with pytest.raises(BadInputError, match="before photo has 479 x 360"):
        compare_reports(image[:, 1:], report([]), image, report([]))


def test_reports_of_two_models_are_refused() -> None:
    image = photo(wall())
    other = replace(report([]), model=ModelInfo("other", "2", "1"))
    with pytest.raises(BadInputError, match="drawn 1 and other 2"):
        compare_reports(image, report([]), image, other)


def test_photos_that_cannot_be_laid_on_each_other_are_refused_in_words() -> None:
    blank = np.full((360, 480, 3), 128, np.uint8)
    result = compare_reports(blank, report([]), blank, report([]))
    assert result.refusal is not None
    assert result.refusal.code == "too_little_detail"
    assert result.changes == ()
    assert result.to_dict()["refusal"]["message"]


def test_a_crack_that_runs_on_beyond_the_horizon_of_the_other_photo_has_a_length() -> None:
    beside_the_wall = np.array([[1.0, 0, 0], [0.05, 1, 0], [-1 / 250.3, 0.0003, 1]])  # right of 250 lies behind it
    image = photo(wall([OTHER, LONG]))
    seen = report([Crack([[200, 100], [300, 200]])])
    found = compare_registered(image, report([OTHER, LONG]), image, seen, registration(beside_the_wall))
    assert max(change.length_before_px or 0 for change in found.changes) < 10 * sum(SIZE)
