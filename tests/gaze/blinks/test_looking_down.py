"""Lids follow the eye down; only what they close beyond that is a blink."""

from __future__ import annotations

import numpy as np
import pytest

from sightline.gaze.blinks import Blink, detect_blinks
from tests.gaze.blinks.lids import Closure, Floats, aperture, frame_times, regular

SACCADE_S = 0.08
LID_SHARE = 0.33
"""How far the iris's landmark goes with a closing lid, in openings."""

LID_FOLLOWS = 0.6
"""How far the lids come down with the gaze below."""


def look(time_s: Floats, start_s: float, lasts_s: float) -> Floats:
    """0 ahead to 1 down."""
    return Closure(start_s, lasts_s, closing_s=SACCADE_S, reopening_s=SACCADE_S).lowered(time_s)


def clip(time_s: Floats, gaze: Floats, blinks: list[Closure]) -> tuple[Floats, Floats]:
    """Apertures and iris offsets of eyes that look down and blink; lids are where the lower of both puts them."""
    shut = np.max([np.zeros_like(time_s), *(blink.lowered(time_s) for blink in blinks)], axis=0)
    lowered = np.maximum(shut, LID_FOLLOWS * gaze)
    noise = np.random.default_rng(3).normal(0, 0.01, (2, len(time_s)))
    opening = aperture(time_s, [], noise=0.0) * (1 - 0.95 * lowered + noise[0])
    return opening, -0.2 + LID_SHARE * lowered + 0.3 * gaze + noise[1]


def detect(time_s: Floats, gaze: Floats, blinks: list[Closure]) -> tuple[Blink, ...]:
    opening, offset = clip(time_s, gaze, blinks)
    return detect_blinks(time_s, opening, opening, v_offset=offset)


@pytest.mark.parametrize("lasts_s", [0.6, 1.7, 4.0])
@pytest.mark.parametrize("fps", [25, 30, 60])
def test_looking_down_is_no_closure(lasts_s: float, fps: int) -> None:
    time_s, blinks = frame_times(30, fps), [*regular(9), Closure(22)]
    found = detect(time_s, look(time_s, 12, lasts_s), blinks)
    assert [blink.kind for blink in found] == ["blink"] * len(blinks)
    assert not any(12 <= blink.closed_s <= 12 + lasts_s + 0.2 for blink in found)


def test_blinks_into_and_out_of_a_look_down_are_found() -> None:
    time_s = frame_times(30, 30)
    into, out = Closure(11.98, shut_s=0.1), Closure(13.95, shut_s=0.08)
    found = detect(time_s, look(time_s, 12, 2), [*regular(9), into, out, Closure(22)])
    assert [blink.kind for blink in found] == ["blink"] * 5
    assert found[2].closed_s == pytest.approx(12.1, abs=0.15)
    assert found[3].closed_s == pytest.approx(14.1, abs=0.15)


def test_a_blink_while_looking_down_is_found() -> None:
    time_s = frame_times(30, 30)
    found = detect(time_s, look(time_s, 12, 6), [*regular(9), Closure(15), Closure(22)])
    assert [(blink.kind, round(blink.closed_s)) for blink in found] == [("blink", at_s) for at_s in (2, 5, 15, 22)]


def test_closed_eyes_are_closed_though_the_landmark_of_the_iris_goes_down_with_the_lids() -> None:
    time_s = frame_times(30, 30)
    found = detect(time_s, np.zeros(len(time_s)), [*regular(9), Closure(12, shut_s=3), Closure(22)])
    assert [blink.kind for blink in found] == ["blink", "blink", "long_closure", "blink"]


def test_irises_that_are_not_seen_change_nothing() -> None:
    time_s = frame_times(30, 30)
    opening = aperture(time_s, [*regular(9), Closure(12, shut_s=3)])
    unseen = np.full(len(time_s), np.nan)
    assert detect_blinks(time_s, opening, opening, v_offset=unseen) == detect_blinks(time_s, opening, opening)
