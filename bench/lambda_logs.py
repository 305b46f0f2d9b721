"""What a function's log says of its costs: bytes that CloudWatch takes in, and metrics that it makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterable

EMULATORS_OWN = "(rapid)"
"""What the emulator says of itself; the lines START, END and REPORT it writes as Lambda does."""


def log_bytes(lines: Iterable[str]) -> int:
    """How many bytes would be in CloudWatch."""
    return sum(len(line.encode()) + 1 for line in lines if EMULATORS_OWN not in line)


def metric_series(lines: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """The custom metrics that lines in CloudWatch's embedded metric format make, each of which is paid for by itself.

    A metric is its namespace, its name, and the name and value of each of its dimensions.
    """
    found = set()
    for line in lines:
        if not line.startswith("{") or '"_aws"' not in line:
            continue
        record = json.loads(line)
        for directive in record["_aws"]["CloudWatchMetrics"]:
            for dimensions in directive["Dimensions"]:
                values = [f"{name}={record[name]}" for name in sorted(dimensions)]
                found |= {(directive["Namespace"], metric["Name"], *values) for metric in directive["Metrics"]}
    return frozenset(found)
