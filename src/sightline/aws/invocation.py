"""What stands around every invocation of a function: its request id in the log, and its metrics when it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sightline.aws.metrics import emit_metrics
from sightline.errors import SightlineError
from sightline.telemetry import Scalar, request_id, steps_s

UNKNOWN_ACTION = "unknown"

_seen_one = False  # the first invocation of a process is the cold one


@dataclass(slots=True)
class Invocation:
    """What an invocation turns out to be; the door fills it in as it learns it.

    Attributes:
        cold: it is the first one of its process.
        action: what was asked for: one of a few fixed words, never the caller's own.
        error_code: the `code` of the error that is answered; None where all went well.
        figures: for metrics of this action, with their unit in the name, such as `frames_per_s`.
        properties: for the log line beside them, such as `model_version`. Nothing that says who somebody is.
    """

    cold: bool
    action: str = UNKNOWN_ACTION
    error_code: str | None = None
    figures: dict[str, float] = field(default_factory=dict)
    properties: dict[str, Scalar] = field(default_factory=dict)


@contextmanager
def invocation(function: str, context: object) -> Iterator[Invocation]:
    """Run an invocation in a `with`: its log lines carry its id, and it emits one line of metrics when it ends.

    The metrics are `invocations`, `errors` (0 or 1), `cold_start` (0 or 1), `duration_s`, the steps that
    `telemetry.timed` gathered (`decode` becomes `decode_s`) and the door's own figures.

    Args:
        function: `crack` or `gaze`.
        context: what Lambda hands to a handler; its `aws_request_id` is taken where it has one.
    """
    global _seen_one  # noqa: PLW0603 - a fact about the process
    this = Invocation(cold=not _seen_one)
    _seen_one = True
    id_token = request_id.set(getattr(context, "aws_request_id", None))
    steps: dict[str, float] = {}
    steps_token = steps_s.set(steps)
    start_s = time.perf_counter()
    try:
        yield this
    except SightlineError as error:
        this.error_code = this.error_code or error.code
        raise
    except BaseException:
        this.error_code = this.error_code or SightlineError.code
        raise
    finally:
        duration_s = time.perf_counter() - start_s
        steps_s.reset(steps_token)
        _emit(function, this, duration_s, steps)
        request_id.reset(id_token)


def _emit(function: str, this: Invocation, duration_s: float, steps: dict[str, float]) -> None:
    figures = {
        "invocations": 1,
        "errors": int(this.error_code is not None),
        "cold_start": int(this.cold),
        "duration_s": round(duration_s, 6),
        **{f"{step}_s": round(taken_s, 6) for step, taken_s in steps.items()},
        **this.figures,
    }
    properties = {"request_id": request_id.get(), "cold": this.cold} | this.properties
    emit_metrics(function, this.action, figures, error_code=this.error_code, **properties)
