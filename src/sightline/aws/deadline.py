"""How long an invocation may work: until its function, or the gateway in front of it, gives up on it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

GATEWAY_S: Final = 29.0
"""API Gateway's own limit for an answer, by default; a Function URL has none but the function's."""

_GATEWAY_MARGIN_S: Final = 2.0
"""A clip of 27 s of tracking has a thousand frames: to interpret and store them takes well under a second."""

_MARGIN_S: Final = 5.0
"""For a job that ends here: its frames in hand, its files to remove, its failure to store. Also where a call to AWS has
to be made a second time."""

_MARGIN_SHARE: Final = 0.2
"""...but no more than this share of a short function's time."""


class Deadline:
    """The end of the time that one piece of work has.

    Args:
        context: what Lambda hands to a handler; without its clock, as in a test, there is no end.
        gateway_s: what a gateway in front leaves of its own time; None where there is none.
        refusal: makes the error for work that is not done in time from the seconds it had, and frames done and in all.
        clock: gives the time in seconds.
    """

    def __init__(
        self,
        context: object,
        *,
        gateway_s: float | None,
        refusal: Callable[[float, int, int], Exception],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._refusal = refusal
        self._began_s = clock()
        left_s = function_seconds_left(context)
        self.allowed_s = left_s - min(_MARGIN_S, _MARGIN_SHARE * left_s) if math.isfinite(left_s) else math.inf
        if gateway_s is not None:
            self.allowed_s = min(self.allowed_s, gateway_s - _GATEWAY_MARGIN_S)

    def check(self, done: int, total: int) -> None:
        """Return if there is time left.

        Args:
            done: frames finished.
            total: frames there are.

        Raises:
            Exception: `refusal` made it.
        """
        if self._clock() - self._began_s > self.allowed_s:
            raise self._refusal(self.allowed_s, done, total)


def function_seconds_left(context: object) -> float:
    """How long the function may still run."""
    remaining_ms = getattr(context, "get_remaining_time_in_millis", None)
    return math.inf if remaining_ms is None else float(remaining_ms()) / 1000
