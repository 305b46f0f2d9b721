"""The values that a comparison hands over."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from sightline.crack.compare.compared import KINDS, ComparisonReport, CrackChange, Refusal, SizeChange
from sightline.crack.report import Box
from tests.crack.compare.painted import MODEL, registration, report

SQUARE = (np.array([[1.0, 2.0], [5.04, 2.0], [5.0, 6.0]]),)


def change(**fields: Any) -> CrackChange:
    values: dict[str, Any] = {
        "kind": "unchanged",
        "before_index": (0,),
        "after_index": (1,),
        "outline_before": SQUARE,
        "outline_after": SQUARE,
        "box_before": Box(1, 2, 4, 4),
        "box_after": Box(1, 2, 4, 4),
        "confidence": 0.9,
    }
    return CrackChange(**(values | fields))


def comparison(*changes: CrackChange, refusal: Refusal | None = None) -> ComparisonReport:
    return ComparisonReport(
        before=report([]),
        after=report([]),
        registration=registration() if refusal is None else None,
        refusal=refusal,
        changes=changes,
        quality=(),
        model=MODEL,
    )


def test_a_change_is_json_ready_with_flat_sizes() -> None:
    length = SizeChange(before=100.04, after=150.06, growth=50.02, uncertainty=4.321)
    document = change(length=length, length_mm=length.scaled(0.5)).to_dict()
    json.dumps(document)
    assert document["length_before_px"] == 100.0
    assert document["length_growth_uncertainty_px"] == 4.3
    assert document["length_growth_mm"] == 25.01
    assert document["width_after_px"] is None
    assert document["width_growth_uncertainty_mm"] is None
    assert document["outline_after"] == [[[1.0, 2.0], [5.0, 2.0], [5.0, 6.0]]]


def test_sizes_have_names_of_their_own() -> None:
    sized = change(length=SizeChange(1, 2, 3, 4), width=SizeChange(5, 6, 7, 8))
    assert (sized.length_before_px, sized.length_after_px) == (1, 2)
    assert (sized.length_growth_px, sized.length_growth_uncertainty_px) == (3, 4)
    assert (sized.width_before_px, sized.width_after_px) == (5, 6)
    assert (sized.width_growth_px, sized.width_growth_uncertainty_px) == (7, 8)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"confidence": 1.1}, "0..1"),
        ({"kind": "not_comparable"}, "needs its reason"),
        ({"kind": "grown"}, "which dimensions"),
        ({"kind": "new", "grown_in": ("length",)}, "which dimensions"),
    ],
)
def test_a_change_that_contradicts_itself_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        change(**fields)


def test_a_report_counts_every_kind() -> None:
    made = comparison(change(kind="new"), change(), change())
    assert list(made.counts) == list(KINDS)
    assert made.counts["new"] == 1
    assert made.counts["unchanged"] == 2
    assert made.counts["healed"] == 0
    assert len(made.of_kind("unchanged", "new")) == 3


def test_a_report_is_json_ready() -> None:
    document = comparison(change()).to_dict(masks=True)
    assert json.loads(json.dumps(document)) == document
    assert document["refusal"] is None
    assert document["disclaimer"]


def test_a_refusal_says_why_and_has_no_changes() -> None:
    refusal = Refusal("other_wall", "They show other walls.")
    document = comparison(refusal=refusal).to_dict()
    assert document["refusal"] == {"code": "other_wall", "message": "They show other walls."}
    assert document["registration"] is None
    with pytest.raises(ValueError, match="no changes"):
        comparison(change(), refusal=refusal)


def test_photos_are_registered_or_refused() -> None:
    with pytest.raises(ValueError, match="either"):
        ComparisonReport(report([]), report([]), None, None, (), (), MODEL)
