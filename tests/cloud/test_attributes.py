from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.cloud.attributes import MAX_DIGITS, from_attributes, to_attributes
from tests.clouds.ministack import Ministack

LARGEST_INT = 10**MAX_DIGITS - 1

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
numbers = st.integers(-LARGEST_INT, LARGEST_INT) | st.floats(
    allow_nan=False, allow_infinity=False, min_value=-9.9e125, max_value=9.9e125
).filter(lambda value: value == 0 or abs(value) >= 1e-130)
scalars = st.none() | st.booleans() | numbers | st.text(st.characters(codec="utf-8"), max_size=8)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4), max_leaves=12
)
documents = st.dictionaries(names, values, max_size=6)

TRICKY = [0, -0.0, 1, -1, 3.0, 0.1, 1e22, 1e23, -1e37, 1e38, 1.5e125, 1e-130, LARGEST_INT, 2**53 + 1, 0.1 + 0.2, 5e-7]


@given(documents)
def test_json_comes_back_equal(document: dict[str, Any]) -> None:
    attributes = to_attributes(document)

    assert from_attributes(attributes) == document
    assert from_attributes(as_dynamodb_writes(attributes)) == document
    json.dumps(attributes, allow_nan=False)


@given(numbers)
def test_ints_come_back_as_ints_and_fractions_as_floats(number: float) -> None:
    found = from_attributes(to_attributes({"n": number}))["n"]

    assert found == number
    if isinstance(number, int) or number != int(number):
        assert type(found) is type(number)


def test_the_forms_of_dynamodb() -> None:
    document = {"a": None, "b": True, "c": 3, "d": 0.25, "e": "눈", "f": [1, "x"], "g": {"h": False}, "i": (), "j": ""}

    assert to_attributes(document) == {
        "a": {"NULL": True},
        "b": {"BOOL": True},
        "c": {"N": "3"},
        "d": {"N": "0.25"},
        "e": {"S": "눈"},
        "f": {"L": [{"N": "1"}, {"S": "x"}]},
        "g": {"M": {"h": {"BOOL": False}}},
        "i": {"L": []},
        "j": {"S": ""},
    }


def test_a_numpy_float_is_a_float() -> None:
    assert to_attributes({"a": np.float64(0.1)}) == {"a": {"N": "0.1"}}


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "\ud800", {"\ud800": 1}])
def test_what_json_cannot_say(value: object) -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_attributes({"a": [value]})


@pytest.mark.parametrize("value", [10**MAX_DIGITS, 1e126, -1e300, 1e-131, 5e-324, {"": 1}])
def test_what_dynamodb_cannot_hold(value: object) -> None:
    with pytest.raises(ValueError, match="DynamoDB"):
        to_attributes({"a": value})


@pytest.mark.parametrize("value", [b"x", {1, 2}, Decimal(1), {1: 2}, object()])
def test_what_json_does_not_know(value: object) -> None:
    with pytest.raises(TypeError, match="JSON"):
        to_attributes({"a": value})


def nested(levels: int) -> dict[str, Any]:
    document: dict[str, Any] = {"a": 1}
    for _ in range(levels - 1):
        document = {"a": document}
    return document


def test_nesting_has_an_end() -> None:
    assert from_attributes(to_attributes(nested(32))) == nested(32)
    with pytest.raises(ValueError, match="32 levels"):
        to_attributes(nested(33))


def test_a_store_gives_numbers_back_as_they_are(ministack: Ministack) -> None:
    table, dynamodb = ministack.make_table("numbers"), ministack.client("dynamodb")
    key = {"analysisId": {"S": "a"}, "testType": {"S": "b"}}
    document = {f"n{index}": number for index, number in enumerate(TRICKY)}
    dynamodb.put_item(TableName=table, Item=key | to_attributes(document))

    item = dynamodb.get_item(TableName=table, Key=key)["Item"]
    assert from_attributes({name: value for name, value in item.items() if name not in key}) == document


def as_dynamodb_writes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The same with numbers as DynamoDB gives them back: plain digits, without zeros at the end of a fraction."""

    def rewritten(attribute: Mapping[str, Any]) -> dict[str, Any]:
        ((kind, value),) = attribute.items()
        if kind == "N":
            plain = f"{Decimal(value):f}"
            return {"N": plain.rstrip("0").rstrip(".") if "." in plain else plain}
        if kind == "M":
            return {"M": as_dynamodb_writes(value)}
        if kind == "L":
            return {"L": [rewritten(inner) for inner in value]}
        return dict(attribute)

    return {name: rewritten(value) for name, value in attributes.items()}
