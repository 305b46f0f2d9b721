from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import BadInputError
from sightline.gaze.screening.protocol import MAX_TARGETS, Target, parse_protocol

UP: dict[Any, Any] = {"start_s": 1.0, "end_s": 3.0, "target": "up"}
DOWN = {"start_s": 3, "end_s": 5, "target": "down"}


def test_no_protocol_and_an_empty_one_ask_for_nothing() -> None:
    assert parse_protocol(None) == parse_protocol([]) == ()


def test_targets_come_in_order_of_time_and_may_touch() -> None:
    assert parse_protocol([DOWN, UP]) == (Target(1.0, 3.0, "up"), Target(3.0, 5.0, "down"))


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("up", "protocol[0] should be an object with start_s, end_s, target, not 'up'"),
        ({**UP, "angle": 10}, "protocol[0] has the unknown field 'angle'"),
        ({**UP, 7: 10}, "protocol[0] has the unknown field 7"),
        ({"start_s": 1.0, "target": "up"}, "protocol[0].end_s is missing"),
        ({**UP, "start_s": "1"}, "protocol[0].start_s is '1': it should be a number of seconds from 0 to 86400"),
        ({**UP, "start_s": True}, "protocol[0].start_s is True"),
        ({**UP, "start_s": None}, "protocol[0].start_s is None"),
        ({**UP, "start_s": [1.0]}, "protocol[0].start_s is list"),
        ({**UP, "start_s": -0.1}, "protocol[0].start_s is -0.1"),
        ({**UP, "end_s": float("nan")}, "protocol[0].end_s is nan"),
        ({**UP, "end_s": float("inf")}, "protocol[0].end_s is inf"),
        ({**UP, "end_s": 86_401}, "protocol[0].end_s is 86401"),
        ({**UP, "end_s": 10**6000}, "protocol[0].end_s is a number of many digits"),
        ({**UP, "end_s": 1.0}, "protocol[0].end_s is 1: it should be after start_s, which is 1"),
        ({**UP, "target": "Up"}, "protocol[0].target is 'Up': it should be one of up, down, left, right, center"),
        ({**UP, "target": None}, "protocol[0].target is None"),
        ({**UP, "target": ["up"]}, "protocol[0].target is list"),
    ],
)
def test_a_bad_target_is_named_with_field_limit_and_value(entry: object, message: str) -> None:
    with pytest.raises(BadInputError, match=re.escape(message)):
        parse_protocol([entry])


@pytest.mark.parametrize("protocol", ["up", b"up", {"targets": []}, 3, True])
def test_what_is_no_list_is_refused(protocol: object) -> None:
    with pytest.raises(BadInputError, match="protocol should be a list of targets"):
        parse_protocol(protocol)


def test_targets_that_overlap_are_both_named_as_they_were_sent() -> None:
    with pytest.raises(BadInputError, match=re.escape("protocol[0].start_s is 2.5, before protocol[1].end_s of 3")):
        parse_protocol([{"start_s": 2.5, "end_s": 5.0, "target": "down"}, UP])


def test_too_many_targets_are_refused() -> None:
    entries = [{"start_s": n, "end_s": n + 1, "target": "up"} for n in range(MAX_TARGETS + 1)]
    assert len(parse_protocol(entries[:-1])) == MAX_TARGETS
    with pytest.raises(BadInputError, match=f"{MAX_TARGETS + 1} targets: the limit is {MAX_TARGETS}"):
        parse_protocol(entries)


def test_a_message_stays_short_whatever_was_sent() -> None:
    with pytest.raises(BadInputError) as caught:
        parse_protocol([{**UP, "target": "x" * 100_000}])
    assert len(caught.value.message) < 200


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["start_s", "end_s", "target", "x"]), inner),
    max_leaves=12,
)


@given(json_values)
def test_whatever_json_holds_it_is_a_protocol_or_a_bad_input(value: object) -> None:
    try:
        targets = parse_protocol(value)
    except BadInputError:
        return
    assert all(target.start_s < target.end_s for target in targets)
