"""JSON as DynamoDB's attribute values and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

Attributes: TypeAlias = dict[str, dict[str, Any]]

MAX_DIGITS: Final = 38
"""DynamoDB's numbers have that many significant digits."""

_LARGEST, _SMALLEST = 1e126, 1e-130  # where DynamoDB's numbers end, in magnitude
_DEPTH = 32  # DynamoDB nests attributes that deep and no deeper


def to_attributes(document: Mapping[str, Any]) -> Attributes:
    """A JSON object as attributes by name.

    `from_attributes` gives back what is equal to it. DynamoDB has one kind of number: a float without a fraction comes
    back as the int that equals it, as JSON knows no difference either.

    Raises:
        ValueError: JSON cannot say it (NaN, an infinity, half a surrogate pair), or DynamoDB cannot hold it: a number
            over 38 digits or beyond 1e-130 to 1e126, an empty name, more than 32 levels.
        TypeError: JSON does not know the type.
    """
    return {_name(name): _attribute(value, 1) for name, value in document.items()}


def from_attributes(attributes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON object that attributes by name stand for."""
    return {name: _value(attribute) for name, attribute in attributes.items()}


def _attribute(value: Any, depth: int) -> dict[str, Any]:
    if depth > _DEPTH:
        raise ValueError(f"JSON is nested deeper than {_DEPTH} levels, more than DynamoDB holds.")
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": _text(value)}
        case int() | float():
            return {"N": _number(value)}
        case Mapping():
            return {"M": {_name(name): _attribute(inner, depth + 1) for name, inner in value.items()}}
        case list() | tuple():
            return {"L": [_attribute(inner, depth + 1) for inner in value]}
    raise TypeError(f"JSON does not know the type {type(value).__name__}.")


def _number(value: float) -> str:
    if isinstance(value, int):
        text = int.__repr__(value)  # an enum's member is a number here
        if len(text.lstrip("-")) > MAX_DIGITS:
            raise ValueError(f"A number of JSON has more than {MAX_DIGITS} digits, more than DynamoDB holds.")
        return text
    if not math.isfinite(value):
        raise ValueError(f"{value} is no number of JSON.")
    if value and not _SMALLEST <= abs(value) < _LARGEST:
        raise ValueError(f"A number of JSON is {value!r}, beyond what DynamoDB holds.")
    if value.is_integer() and len(digits := str(int(value)).lstrip("-")) <= MAX_DIGITS:
        return f"-{digits}" if value < 0 else digits
    return float.__repr__(value)  # a NumPy float calls itself something else


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("A text of JSON holds half a surrogate pair, which is no character.") from None
    return value


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"A name in JSON is a text, not {type(name).__name__}.")
    if not name:
        raise ValueError("A name in JSON is empty, which DynamoDB cannot hold.")
    return _text(name)


def _value(attribute: Mapping[str, Any]) -> Any:
    ((kind, value),) = attribute.items()
    match kind:
        case "NULL":
            return None
        case "N":
            return _to_number(value)
        case "M":
            return from_attributes(value)
        case "L":
            return [_value(inner) for inner in value]
    return value


def _to_number(text: str) -> int | float:
    """DynamoDB writes numbers its own way: 3.0 as 3, 1e20 with all its zeros."""
    number = Decimal(text)
    whole = number.adjusted() < MAX_DIGITS and number == number.to_integral_value()
    return int(number) if whole else float(number)
