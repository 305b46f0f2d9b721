"""The parameters of an analysis say what is wrong with a value."""

from __future__ import annotations

from typing import Any

import pytest

from sightline.errors import BadInputError
from sightline.gaze.options import GazeOptions


def test_defaults_are_the_contracts() -> None:
    options = GazeOptions()
    assert (options.step, options.vpp_thresh, options.blink_thresh) == (1, 0.06, 0.18)
    assert (options.max_frames, options.blink_min_frames) == (12_000, 2)
    assert not options.fixed_blink_rule


@pytest.mark.parametrize("chosen", [{"blink_thresh": 0.2}, {"blink_min_frames": 3}])
def test_a_chosen_blink_parameter_selects_the_fixed_rule(chosen: dict[str, Any]) -> None:
    assert GazeOptions(**chosen).fixed_blink_rule


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("step", 0),
        ("step", 1.5),
        ("step", True),
        ("step", "2"),
        ("max_frames", 0),
        ("max_frames", 10**9),
        ("blink_min_frames", -1),
        ("vpp_thresh", 0),
        ("vpp_thresh", float("nan")),
        ("blink_thresh", 1),
        ("blink_thresh", "0.2"),
        ("blink_thresh", None),
    ],
)
def test_a_value_out_of_range_is_named_with_its_limit(name: str, value: object) -> None:
    with pytest.raises(BadInputError, match=rf"^{name} is .*: it should be a (whole )?number"):
        GazeOptions(**{name: value})  # type: ignore[arg-type]
