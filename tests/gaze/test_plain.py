"""What a report holds becomes JSON, whatever it holds."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.gaze.plain import json_ready


@dataclass(frozen=True)
class _Pair:
    first: float
    second: tuple[object, ...]


def test_nested_values() -> None:
    value = _Pair(np.float64("nan"), (np.int64(3), np.array([0.12345678, np.inf]), {"a": _Pair(1.0, ())}, None, True))
    assert json_ready(value) == {
        "first": None,
        "second": [3, [0.1235, None], {"a": {"first": 1.0, "second": []}}, None, True],
    }


@given(
    st.recursive(st.none() | st.floats() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.tuples(inner))
)
def test_the_result_is_strict_json(value: object) -> None:
    json.dumps(json_ready(value), allow_nan=False)


def test_anything_else_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no form in JSON"):
        json_ready(object())
