from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from sightline.errors import BadInputError
from sightline.service.gaze_request import ANONYMOUS, check_user_id, parse_wanted

DEFAULTS = {"step": 1, "vpp_thresh": 0.06, "blink_thresh": 0.18, "max_frames": 12000, "blink_min_frames": 2}


@pytest.mark.parametrize("parameters", [None, {}, {"step": None}, DEFAULTS, {"max_frames": 12000.0}])
def test_what_is_not_said_has_the_contract_s_default(parameters: object) -> None:
    wanted = parse_wanted(parameters)

    assert asdict(wanted.options) == DEFAULTS
    assert isinstance(wanted.options.max_frames, int)
    assert wanted.protocol == ()


def test_wishes_survive_json() -> None:
    protocol = [{"start_s": 0, "end_s": 2.5, "target": "up"}, {"start_s": 3, "end_s": 4, "target": "center"}]
    wanted = parse_wanted({"step": 2, "blink_thresh": 0.2}, protocol)

    assert parse_wanted(**json.loads(json.dumps(wanted.to_dict()))) == wanted
    assert wanted.options.step == 2


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ([], "parameters should be an object"),
        ("step=1", "parameters should be an object"),
        ({"stepp": 1}, "stepp"),
        ({"step": 0}, "step is 0"),
        ({"step": 1.5}, "step is 1.5"),
        ({"step": True}, "step"),
        ({"step": "2"}, "step"),
        ({"max_frames": 10**9}, "max_frames is 1000000000"),
        ({"blink_min_frames": -1}, "blink_min_frames"),
        ({"vpp_thresh": float("nan")}, "vpp_thresh"),
        ({"vpp_thresh": float("inf")}, "vpp_thresh"),
        ({"blink_thresh": 1.18}, "blink_thresh is 1.18"),
        ({"blink_thresh": [0.18]}, "blink_thresh"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(parameters: object, words: str) -> None:
    with pytest.raises(BadInputError) as caught:
        parse_wanted(parameters)
    assert words in caught.value.message


@pytest.mark.parametrize("protocol", ["up", {}, [{"start_s": 1}], [{"start_s": 0, "end_s": 1, "target": "behind"}]])
def test_a_protocol_that_cannot_be_is_named(protocol: Any) -> None:
    with pytest.raises(BadInputError, match="protocol"):
        parse_wanted(None, protocol)


@pytest.mark.parametrize("user_id", ["u", "user_identifier", "a.b+c@example.com", "us-west-1=7f", "A" * 128])
def test_users(user_id: str) -> None:
    assert check_user_id(user_id) == user_id


@pytest.mark.parametrize("user_id", [None, ""])
def test_nobody_in_particular(user_id: object) -> None:
    assert check_user_id(user_id) == ANONYMOUS


@pytest.mark.parametrize(
    "user_id", ["..", ".", "a/b", "../b", "a\\b", "a b", "눈", "a\n", "\0", "-a", ".a", "A" * 129, 7, ["a"], {}, True]
)
def test_a_user_whose_name_could_lead_elsewhere_is_refused(user_id: object) -> None:
    with pytest.raises(BadInputError, match="user_id"):
        check_user_id(user_id)
