"""JSON in the one spelling that everybody writes alike, so that a digest of it means something: RFC 8785 (JCS).

Members are in the order of their names' UTF-16 units, nothing stands between the parts, and numbers are written as
ECMAScript does. `json.dumps` differs in the latter two ways: it writes 1e+16 and 1.0 where JCS has 10000000000000000
and 1, and sorts by code points.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import sha256
from types import NoneType
from typing import Any, Final, NoReturn

LARGEST_INTEGER: Final = 2**53 - 1
"""JCS numbers are IEEE doubles: beyond this, two integers could be one (RFC 8785, section 3.2.2.3)."""
_SURELY_SMALL: Final = len(str(LARGEST_INTEGER))

_quoted = json.encoder.encode_basestring  # escapes quote, backslash and what is below U+0020, as JCS asks


def canonical(value: object) -> bytes:
    """A JSON value's canonical bytes.

    Args:
        value: dicts with names of type str, lists or tuples, str, int, float, bool, None.

    Raises:
        ValueError: it holds NaN or an infinity, an integer over 2**53 - 1, half a surrogate pair, or is too deep.
        TypeError: it holds something that JSON has no form for.
    """
    try:
        return _spelled(value).encode()
    except RecursionError:
        raise ValueError("the JSON value is nested too deeply") from None


def digest(value: object) -> str:
    """SHA-256 of a JSON value's canonical bytes, in hex."""
    return sha256(canonical(value)).hexdigest()


def parse(data: bytes) -> Any:
    """Read JSON strictly: what could be read in two ways is refused. A byte order mark may stand before it.

    Raises:
        ValueError: it is no JSON in UTF-8, names a member twice, holds NaN or an infinity, or is too deep.
    """
    try:
        text = data.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_unique, parse_int=_whole, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("the JSON value is nested too deeply") from None


def _spelled(value: object) -> str:
    spell = _SPELL.get(type(value))  # a table, for a report has hundreds of thousands of values
    if spell is None:
        spell = next((spell for kind, spell in _SPELL.items() if isinstance(value, kind)), None)
    if spell is None:
        raise TypeError(f"JSON has no form for a {type(value).__name__}")
    return spell(value)


def _object(value: dict[Any, object]) -> str:
    members = [f"{_quoted(name)}:{_spelled(value[name])}" for name in sorted(value, key=_utf_16)]
    return f"{{{','.join(members)}}}"


def _array(value: Iterable[object]) -> str:
    return f"[{','.join([_spelled(item) for item in value])}]"


@lru_cache(maxsize=1024)  # the same names come again and again
def _utf_16(name: object) -> bytes:
    if not isinstance(name, str):
        raise TypeError("the names of a JSON object are text")
    return name.encode("utf-16-be", "surrogatepass")


def _integer(value: int) -> str:
    if abs(value) > LARGEST_INTEGER:
        raise ValueError(f"the integer {value} is over 2**53 - 1")
    return int.__repr__(value)


def _number(value: float) -> str:
    """As ECMAScript's Number::toString: Python's `repr` has the same digits (the fewest that read back as the same
    double), laid out in another way.
    """
    text = float.__repr__(value)
    if "e" in text or "n" in text:
        return _laid_out(text)
    return text.removesuffix(".0") if text != "-0.0" else "0"


def _laid_out(text: str) -> str:
    """A number that Python writes with an exponent, or that is none."""
    if "n" in text:
        raise ValueError(f"JSON has no number for {text}")
    sign = "-" if text[0] == "-" else ""
    mantissa, _, exponent = text.removeprefix("-").partition("e")
    digits, point = mantissa.replace(".", ""), 1 + int(exponent)
    if not -6 < point <= 21:
        tail = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{tail}e{point - 1:+d}"
    if point > 0:  # no double of over 1e16 has more digits than this
        return f"{sign}{digits}{'0' * (point - len(digits))}"
    return f"{sign}0.{'0' * -point}{digits}"


_SPELL: Final[dict[type, Callable[[Any], str]]] = {
    str: _quoted,
    bool: lambda value: "true" if value else "false",
    int: _integer,
    float: _number,
    NoneType: lambda _: "null",
    dict: _object,
    list: _array,
    tuple: _array,
}


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(members)
    if len(value) != len(members):
        raise ValueError("a member of the JSON object is named twice")
    return value


def _whole(text: str) -> int | float:
    """An integer; a larger one is a double that was written without a fraction."""
    if len(text) < _SURELY_SMALL or abs(int(text)) <= LARGEST_INTEGER:
        return int(text)
    value = float(text)
    if _number(value) != text:
        raise ValueError(f"the integer {text} is over 2**53 - 1")
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"JSON has no number {name}")
