"""How many CPUs there are to use."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Final

_CGROUP_LIMIT: Final = Path("/sys/fs/cgroup/cpu.max")


def available_cpus() -> int:
    """How many CPUs this process may really use: its affinity, and the share its container was given (cgroup v2)."""
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = _CGROUP_LIMIT.read_text().split()
        return min(cpus, max(1, math.ceil(int(quota) / int(period))))
    except (OSError, ValueError):  # no such file outside a container; `max` where there is no limit
        return cpus
