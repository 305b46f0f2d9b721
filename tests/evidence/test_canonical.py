from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.evidence.canonical import LARGEST_INTEGER, canonical, digest, parse

NUMBERS = {
    # RFC 8785, appendix B.
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}
WHOLE = st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
FRACTIONS = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(codec="utf-8"))
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | FRACTIONS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(("bits", "text"), NUMBERS.items())
def test_numbers_are_those_of_the_standard(bits: str, text: str) -> None:
    (value,) = struct.unpack(">d", bytes.fromhex(bits))

    assert canonical(value) == text.encode()


def test_members_are_in_the_order_of_the_standard() -> None:
    names = ("€", "\r", "\ufb33", "1", "😀", "\x80", "ö")  # RFC 8785, section 3.2.3

    assert list(parse(canonical(dict.fromkeys(names)))) == ["\r", "1", "\x80", "ö", "€", "😀", "\ufb33"]


def test_texts_are_escaped_as_little_as_can_be() -> None:
    text = '€$\x0f\nA\'B"\\\\"/\u2028\x7f\b\t\f\r<>&'

    assert canonical([text, True, False, None]) == (
        '["€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u2028\x7f\\b\\t\\f\\r<>&",true,false,null]'.encode()
    )


@given(VALUES)
def test_what_is_read_back_is_the_same_value_in_the_same_spelling(value: object) -> None:
    written = canonical(value)

    assert parse(written) == value
    assert canonical(parse(written)) == written


@given(st.lists(st.tuples(TEXTS, WHOLE), unique_by=lambda member: member[0]))
def test_the_order_that_members_were_given_in_counts_for_nothing(members: list[tuple[str, int]]) -> None:
    assert digest(dict(members)) == digest(dict(reversed(members)))


def test_empty_things_have_a_spelling() -> None:
    assert canonical([{}, [], (), "", {"": ()}]) == b'[{},[],[],"",{"":[]}]'


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, LARGEST_INTEGER + 1, -LARGEST_INTEGER - 1, "\ud800", {"\udfff": 1}]
)
def test_what_has_no_spelling_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"2\*\*53|no number|surrogate"):
        canonical([value])


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, {1: "a number as name"}, object()])
def test_what_is_no_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical([value])


def test_what_is_too_deep_is_refused() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]

    with pytest.raises(ValueError, match="deep"):
        canonical(deep)
    with pytest.raises(ValueError, match="deep"):
        parse(b"[" * 100_000)


@pytest.mark.parametrize(
    "data",
    [
        *(b'{"a":1,"a":1}', b'[{"b":{"a":1,"a":2}}]', b"[NaN]", b"[-Infinity]", b"\xff", b"{"),
        *(b"[9007199254740993]", b"[" + b"1" * 5000 + b"]"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"twice|no number|2\*\*53|decode|Expecting|digits"):
        parse(data)


def test_a_byte_order_mark_is_no_change() -> None:
    assert parse(b"\xef\xbb\xbf[1]") == [1]
