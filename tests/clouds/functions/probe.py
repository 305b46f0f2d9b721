"""A function that does what its event says, for tests of the emulator."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

print("init")


def handler(event: Any, context: Any) -> Any:
    print("invoked", flush=True)
    if not isinstance(event, dict):
        return event
    if "fail" in event:
        raise ValueError(event["fail"])
    if "exit" in event:
        os._exit(event["exit"])
    time.sleep(event.get("sleep_s", 0))
    filler = b"\1" * event.get("allocate_bytes", 0)
    return {
        "process": os.getpid(),
        "request_id": context.aws_request_id,
        "memory_mb": context.memory_limit_in_mb,
        "remaining_ms": context.get_remaining_time_in_millis(),
        "environment": {name: os.environ.get(name) for name in event.get("environment", ())},
        "folder": str(Path.cwd()),
        "allocated": len(filler),
    }
