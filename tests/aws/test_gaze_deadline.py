from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from sightline.aws.deadline import Deadline
from sightline.errors import TooLargeError


def refusal(allowed_s: float, done: int, total: int) -> Exception:
    return TooLargeError(f"{allowed_s:.0f} s, {done} of {total}")


def context(seconds: float) -> object:
    return SimpleNamespace(get_remaining_time_in_millis=lambda: int(seconds * 1000))


@pytest.mark.parametrize(
    ("function_s", "gateway_s", "allowed_s"),
    [
        (300, None, 295),
        (300, 29.0, 27),
        (20, 29.0, 16),
        (10, None, 8),
        (300, 12.5, 10.5),
    ],
)
def test_the_nearer_end_counts_with_time_left_to_answer(
    function_s: float, gateway_s: float | None, allowed_s: float
) -> None:
    now_s = 100.0
    deadline = Deadline(context(function_s), gateway_s=gateway_s, refusal=refusal, clock=lambda: now_s)

    assert deadline.allowed_s == pytest.approx(allowed_s)
    now_s += allowed_s - 0.01
    deadline.check(1, 100)
    now_s += 0.02
    with pytest.raises(TooLargeError, match=f"{allowed_s:.0f} s, 40 of 100"):
        deadline.check(40, 100)


def test_without_a_clock_there_is_no_end() -> None:
    assert Deadline(None, gateway_s=None, refusal=refusal).allowed_s == math.inf
    assert Deadline(None, gateway_s=29.0, refusal=refusal).allowed_s == 27.0
