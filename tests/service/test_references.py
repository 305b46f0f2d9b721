"""What gives the scale, as people send it."""

from __future__ import annotations

import pytest

from sightline.crack.scale import TwoPoints
from sightline.errors import BadInputError
from sightline.service.references import AUTO, parse_reference, parse_shared_reference, reference_of

POINTS = {"points": [[120, 80], [620.5, 90]], "distance_mm": 100}


@pytest.mark.parametrize("kind", ["auto", "marker", "card", "none"])
def test_words(kind: str) -> None:
    kept = parse_reference(kind)
    assert kept == {"kind": kind}
    assert reference_of(kept) == kind


@pytest.mark.parametrize("sent", [POINTS, '{"points": [[120, 80], [620.5, 90]], "distance_mm": 100}'])
def test_two_points(sent: object) -> None:
    kept = parse_reference(sent)
    assert kept == {"kind": "points"} | POINTS
    assert reference_of(kept) == TwoPoints((120.0, 80.0), (620.5, 90.0), 100.0)


def test_nothing_is_left_to_whoever_asks() -> None:
    assert parse_reference(None) is None
    assert parse_reference("") is None
    assert reference_of(AUTO) == "auto"


def test_two_points_are_of_one_photo() -> None:
    assert parse_shared_reference("card", "") == {"kind": "card"}
    assert parse_shared_reference(None, "") is None
    with pytest.raises(BadInputError, match=r"reference names two points: .* so ask elsewhere"):
        parse_shared_reference(POINTS, "ask elsewhere")


@pytest.mark.parametrize(
    "sent",
    [
        "coin",
        "{",
        "{" * 10_000,
        3,
        [],
        {"kind": "marker"},
        POINTS | {"more": 1},
        POINTS | {"points": [[1, 2]]},
        POINTS | {"points": [[1, 2], [3, "4"]]},
        POINTS | {"points": [[1, 2], [3, True]]},
        POINTS | {"distance_mm": None},
        '{"points": [[1, 2], [3, NaN]], "distance_mm": 5}',
        '{"points": [[1, 2], [3, 4]], "distance_mm": 1e999}',
        f'{{"points": [[1, 2], [3, {"9" * 400}]], "distance_mm": 5}}',
    ],
)
def test_anything_else_is_refused(sent: object) -> None:
    with pytest.raises(BadInputError, match="reference is"):
        parse_reference(sent)
    with pytest.raises(BadInputError, match="reference_after is"):
        parse_reference(sent, "reference_after")
