"""Structured logs: one JSON object a line on stderr, each with the request it belongs to.

Logs carry no personal data: an event's fields are counts, sizes, durations, codes and versions, never a file name, a
picture, a client's address or the id of a person.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TypeAlias

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The request being answered; the doors set it, every log line repeats it."""

steps_s: ContextVar[dict[str, float] | None] = ContextVar("steps_s", default=None)
"""Where a door wants to know what took how long: seconds by step, gathered by `timed`."""

Scalar: TypeAlias = str | int | float | bool | None


class JsonFormatter(logging.Formatter):
    """One log record as one line of JSON: time, level, logger, event, request_id, then the event's own fields."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if (current := request_id.get()) is not None:
            line["request_id"] = current
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure_logging(level: str = "info") -> None:
    """Send every log line of this process to stderr as JSON; replaces what was configured before.

    Args:
        level: `debug`, `info`, `warning` or `error`.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(True)


def log_event(logger: logging.Logger, event: str, *, level: int = logging.INFO, **fields: Scalar) -> None:
    """Log that something happened, with its figures.

    Args:
        logger: The module's logger.
        event: What happened, as a stable name such as `photo_analysed`.
        level: A level of `logging`.
        fields: Figures with their unit in the name (`duration_s`); see the module for what must not be among them.
    """
    logger.log(level, event, extra={"fields": fields})


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Add the duration of a `with` to the steps that the door gathers, if it does."""
    start_s = time.perf_counter()
    try:
        yield
    finally:
        if (gathered := steps_s.get()) is not None:
            gathered[step] = gathered.get(step, 0.0) + time.perf_counter() - start_s
