"""CloudWatch metrics as lines of the log, in its embedded metric format: nothing is called and nothing waits.

Own code, for it is one JSON object: Powertools' metrics cost 0.1 s of a function's start, which has a second in all.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Mapping
from typing import Any

from sightline.telemetry import Scalar

NAMESPACE = "Sightline"

_BY_ACTION = ("invocations", "errors", "duration_s")
"""Kept for each action of a function; all others for the function as a whole. A metric is paid for by combination of
names, $0.30 a month each, which is soon more than the function itself costs."""

# The longest ending first: `frames_per_s` is no duration.
_UNITS = {"_per_s": "Count/Second", "_bytes": "Bytes", "_s": "Seconds"}


def emit_metrics(
    function: str,
    action: str,
    figures: Mapping[str, float],
    *,
    error_code: str | None = None,
    **properties: Scalar,
) -> None:
    """Print one line that CloudWatch makes metrics of.

    `invocations`, `errors` and `duration_s` are kept for the function's action, all other figures for the function.
    Where there is an error, `errors` is kept by its code as well. Neither `action` nor `error_code` may be what a
    caller made up: each new one makes new metrics.

    Args:
        function: which function, such as `crack`.
        action: what it was asked to do.
        figures: by name; the name's ending says the unit (`_s`, `_bytes`, `_per_s`, else a count).
        error_code: the `code` of the error that was answered.
        properties: what else the line says, for a search in the log; no metric is made of it.

    Raises:
        ValueError: a figure is no finite number.
    """
    strange = [name for name, figure in figures.items() if not math.isfinite(figure)]
    if strange:
        raise ValueError(f"No finite number: {', '.join(strange)}.")
    directives = [
        _directive(["function", "action"], [name for name in figures if name in _BY_ACTION]),
        _directive(["function"], [name for name in figures if name not in _BY_ACTION]),
    ]
    dimensions = {"function": function, "action": action}
    if error_code is not None:
        dimensions["error_code"] = error_code
        directives.append(_directive(["function", "error_code"], [name for name in figures if name == "errors"]))
    line = {
        "_aws": {
            "Timestamp": time.time_ns() // 1_000_000,
            "CloudWatchMetrics": [directive for directive in directives if directive["Metrics"]],
        }
    }
    # One write, so that no other thread's line gets in between.
    sys.stdout.write(json.dumps(properties | dict(figures) | dimensions | line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _directive(dimensions: list[str], names: list[str]) -> dict[str, Any]:
    metrics = [{"Name": name, "Unit": _unit(name)} for name in names]
    return {"Namespace": NAMESPACE, "Dimensions": [dimensions], "Metrics": metrics}


def _unit(name: str) -> str:
    return next((unit for ending, unit in _UNITS.items() if name.endswith(ending)), "Count")
