"""How sure a rate is that was counted over a short time."""

from __future__ import annotations

import math

Z_95 = 1.96


def rate_interval_per_min(count: int, seconds: float) -> tuple[float, float]:
    """The 95 % interval of a rate of chance events, by Byar's approximation of the exact Poisson limits.

    Breslow & Day, Statistical Methods in Cancer Research II (IARC 1987), p. 69.

    Args:
        count: events that were counted.
        seconds: over how long, above 0.
    """
    low = count * (1 - 1 / (9 * count) - Z_95 / (3 * math.sqrt(count))) ** 3 if count else 0.0
    more = count + 1
    high = more * (1 - 1 / (9 * more) + Z_95 / (3 * math.sqrt(more))) ** 3
    return 60 * max(low, 0.0) / seconds, 60 * high / seconds
