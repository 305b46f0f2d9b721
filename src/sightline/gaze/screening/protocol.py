"""What the participant was asked to look at, and when."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeGuard, get_args

from sightline.errors import BadInputError
from sightline.gaze.screening.values import Direction

MAX_TARGETS: Final = 500  # five minutes of a target every 0.6 s: far more than anybody can follow
MAX_SECONDS: Final = 86_400.0
_FIELDS: Final = ("start_s", "end_s", "target")
_DIRECTIONS: Final[tuple[Direction, ...]] = get_args(Direction)


@dataclass(frozen=True, slots=True)
class Target:
    """From `start_s` until `end_s` the participant was to look at `target`; sides are the participant's own."""

    start_s: float
    end_s: float
    target: Direction


def parse_protocol(protocol: object) -> tuple[Target, ...]:
    """Check a protocol as it comes from JSON.

    Args:
        protocol: a list of `{"start_s": 1.0, "end_s": 3.0, "target": "up"}`, or None. Seconds on the video's own clock;
            `target` is `up`, `down`, `left`, `right` or `center`.

    Returns:
        The targets in order of time; none for None or an empty list.

    Raises:
        BadInputError: it is something else, or targets overlap. The message names the field, the limit and the value.
    """
    if protocol is None:
        return ()
    if isinstance(protocol, str | bytes) or not isinstance(protocol, Sequence):
        raise BadInputError(f"protocol should be a list of targets, not {_shown(protocol)}")
    if len(protocol) > MAX_TARGETS:
        raise BadInputError(f"protocol has {len(protocol)} targets: the limit is {MAX_TARGETS}")
    numbered = [(f"protocol[{number}]", _target(f"protocol[{number}]", entry)) for number, entry in enumerate(protocol)]
    numbered.sort(key=lambda named: named[1].start_s)
    for (name, before), (later_name, later) in pairwise(numbered):
        if later.start_s < before.end_s:
            raise BadInputError(
                f"{later_name}.start_s is {later.start_s:g}, before {name}.end_s of {before.end_s:g}: targets may not "
                "overlap"
            )
    return tuple(target for _, target in numbered)


def _target(name: str, entry: object) -> Target:
    if not isinstance(entry, Mapping):
        raise BadInputError(f"{name} should be an object with {', '.join(_FIELDS)}, not {_shown(entry)}")
    if unknown := [key for key in entry if key not in _FIELDS]:
        raise BadInputError(f"{name} has the unknown field {_shown(unknown[0])}: the fields are {', '.join(_FIELDS)}")
    if missing := [field for field in _FIELDS if field not in entry]:
        raise BadInputError(f"{name}.{missing[0]} is missing")
    start_s, end_s = (_seconds(f"{name}.{field}", entry[field]) for field in ("start_s", "end_s"))
    if end_s <= start_s:
        raise BadInputError(f"{name}.end_s is {end_s:g}: it should be after start_s, which is {start_s:g}")
    direction = entry["target"]
    if not _is_direction(direction):
        raise BadInputError(f"{name}.target is {_shown(direction)}: it should be one of {', '.join(_DIRECTIONS)}")
    return Target(start_s, end_s, direction)


def _seconds(name: str, value: object) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    # The range is checked before the conversion: an int of a thousand digits has no float.
    if not number or not 0 <= value <= MAX_SECONDS or math.isnan(value):  # type: ignore[operator,arg-type]
        raise BadInputError(f"{name} is {_shown(value)}: it should be a number of seconds from 0 to {MAX_SECONDS:g}")
    return float(value)  # type: ignore[arg-type]


def _is_direction(value: object) -> TypeGuard[Direction]:
    return isinstance(value, str) and value in _DIRECTIONS


def _shown(value: object) -> str:
    """The value as it may stand in a message: short, whatever was sent."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 100:
        return "a number of many digits"
    text = repr(value) if isinstance(value, str | int | float | None) else type(value).__name__
    return text if len(text) <= 40 else f"{text[:37]}..."
