"""Cracks followed through three and more photos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.compare.compared import ComparisonReport, Refusal
from sightline.crack.compare.comparison import compare_registered
from sightline.crack.compare.series import compare_series, tracks_of
from sightline.crack.net import NetEngine
from sightline.crack.report import CrackReport
from sightline.errors import BadInputError
from tests.crack.compare.painted import LONG, MATRIX, MODEL, OTHER, SHORT, Crack, photo, registration, report, wall
from tests.crack.tiny_net import write_tiny_net

CAMERAS: list[NDArray[np.float64] | None] = [None, MATRIX, MATRIX @ MATRIX]


def series(
    there: list[list[Crack]], found: list[list[Crack]] | None = None
) -> tuple[list[CrackReport], list[ComparisonReport]]:
    """Photos of a wall with these cracks at each time, and the comparisons; `found` is what the model reports."""
    reports = [report(cracks, camera) for cracks, camera in zip(found or there, CAMERAS, strict=True)]
    images = [
        photo(wall(cracks), camera, seed=seed) for seed, (cracks, camera) in enumerate(zip(there, CAMERAS, strict=True))
    ]
    comparisons = [
        compare_registered(images[k], reports[k], images[k + 1], reports[k + 1], registration()) for k in (0, 1)
    ]
    return reports, comparisons


def test_a_crack_is_followed_from_where_it_was_first_seen() -> None:
    tracks = tracks_of(*series([[OTHER], [OTHER, SHORT], [OTHER, LONG]]))
    assert [track.first_seen for track in tracks] == [0, 1]
    old, young = tracks
    assert [step.kind for step in old.steps] == [None, "unchanged", "unchanged"]
    assert [step.kind for step in young.steps] == ["new", "grown"]
    assert [step.photo for step in young.steps] == [1, 2]
    assert young.steps[1].growth_length == pytest.approx(1.4, abs=0.3)
    lengths = [step.length_px for step in young.steps]
    assert lengths[0] is not None
    assert lengths[1] is not None
    assert lengths[1] > 2 * lengths[0]


def test_a_crack_that_the_model_missed_in_between_stays_one() -> None:
    (track,) = tracks_of(*series([[LONG], [LONG], [LONG]], found=[[LONG], [], [LONG]]))
    assert [step.kind for step in track.steps] == [None, "unchanged", "unchanged"]
    assert [step.instances for step in track.steps] == [(0,), (), (0,)]
    assert track.steps[1].length_px is None


def test_a_crack_that_was_painted_over_ends() -> None:
    (track,) = tracks_of(*series([[LONG], [], []]))
    assert [step.kind for step in track.steps] == [None, "healed"]
    assert track.to_dict()["first_seen"] == 0


def test_without_a_comparison_each_photo_stands_alone() -> None:
    reports = [report([LONG]), report([LONG])]
    refusal = Refusal("other_wall", "They show other walls.")
    refused = ComparisonReport(reports[0], reports[1], None, refusal, (), (), MODEL)
    tracks = tracks_of(reports, [refused])
    assert [(track.first_seen, track.steps[0].kind) for track in tracks] == [(0, None), (1, None)]


def test_the_numbers_of_photos_and_comparisons_must_fit() -> None:
    with pytest.raises(ValueError, match="2 photos have 1"):
        tracks_of([report([]), report([])], [])


def test_photos_make_a_series_through_the_model(tmp_path: Path) -> None:
    engine = NetEngine.from_file(write_tiny_net(tmp_path / "tiny.onnx"))
    photos = [photo(wall(cracks, roughness=8.0), camera) for cracks, camera in (([], None), ([LONG], MATRIX))]
    made = compare_series(photos, engine=engine)
    assert len(made.photos) == 2
    assert len(made.comparisons) == 1
    assert [track.steps[0].kind for track in made.tracks] == ["new"]
    assert made.to_dict()["tracks"][0]["steps"][0]["kind"] == "new"


def test_one_photo_is_no_series() -> None:
    with pytest.raises(BadInputError, match="at least 2 photos; this one has 1"):
        compare_series([photo(wall())])
