"""What gives the scale in a photo, as people send it and as it is kept."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sightline.errors import BadInputError

if TYPE_CHECKING:
    from sightline.crack.scale import Reference as Word
    from sightline.crack.scale import TwoPoints

    Reference: TypeAlias = Word | TwoPoints

KINDS: Final = ("auto", "marker", "card", "none")
AUTO: Final[Mapping[str, Any]] = {"kind": "auto"}
_EXPECTED: Final = (
    "should be one of 'auto', 'marker', 'card' and 'none', or two points and their distance such as "
    '{"points": [[120, 80], [620, 90]], "distance_mm": 100}'
)


def parse_reference(value: object, name: str = "reference") -> Mapping[str, Any] | None:
    """A reference as JSON can say it; None where none is given.

    Args:
        value: a word, an object with two points in pixels of the upright photo and their distance, or that object as a
            text, as a form sends it.
        name: of the field, for its errors.

    Raises:
        BadInputError: it is something else.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise _refused(value, name) from None
    if isinstance(value, str) and value in KINDS:
        return {"kind": value}
    if not isinstance(value, Mapping) or set(value) != {"points", "distance_mm"}:
        raise _refused(value, name)
    points, distance = value["points"], value["distance_mm"]
    if not isinstance(points, list) or len(points) != 2 or not all(map(_is_point, points)) or not _is_number(distance):
        raise _refused(value, name)
    return {"kind": "points", "points": points, "distance_mm": distance}


def parse_shared_reference(value: object, instead: str, name: str = "reference") -> Mapping[str, Any] | None:
    """As `parse_reference`, for several photos at once.

    Args:
        value: a word.
        instead: where two points, which are places in one photo, are to be given.
        name: of the field, for its errors.

    Raises:
        BadInputError: it is something else.
    """
    reference = parse_reference(value, name)
    if reference and reference["kind"] == "points":
        raise BadInputError(f"{name} names two points: they belong to one photo, so {instead}.")
    return reference


def reference_of(kept: Mapping[str, Any]) -> Reference:
    """A kept reference as the crack product takes it."""
    if kept["kind"] != "points":
        word: Word = kept["kind"]
        return word
    from sightline.crack.scale import TwoPoints

    first, second = ((float(x), float(y)) for x, y in kept["points"])
    return TwoPoints(first, second, float(kept["distance_mm"]))


def _is_point(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer of hundreds of digits, which is JSON all the same
        return False


def _refused(value: object, name: str) -> BadInputError:
    return BadInputError(f"{name} is {repr(value)[:80]}: {_EXPECTED}.")
