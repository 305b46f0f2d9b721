"""How many CPUs there are to use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_CGROUP_LIMIT: Final = Path("/sys/fs/cgroup/cpu.max")

_LAMBDA_MEMORY: Final = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"
"""Set in every AWS Lambda function: its memory in MB. Its share of the processor is in proportion, but neither the
affinity nor a cgroup's file tells it: a function of 1,769 MB sees two CPUs and gets the time of one."""

_LAMBDA_MB_PER_CPU: Final = 1769
"""AWS documents that a function of this size has the equivalent of one vCPU."""


def cpu_share() -> float:
    """How much processor time there is per second: by affinity, by the container's share (cgroup v2), by Lambda's."""
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(float(cpus), _cgroup_share(), _lambda_share())


def available_cpus() -> int:
    """How many threads of pure computing are worth while: the share, rounded, and at least one.

    Two threads on the time of less than one and a half CPUs are throttled together and wait for each other: the crack
    net at 640x480 takes 84 ms with one thread; with two 111 to 139 ms at a share of 1.15, 63 to 78 ms at 1.5, and at
    0.58 278 ms where one takes 142.
    """
    return max(1, int(cpu_share() + 0.5))


def _cgroup_share() -> float:
    try:
        quota, period = _CGROUP_LIMIT.read_text().split()
        return int(quota) / int(period)
    except (OSError, ValueError):  # no such file outside a container; `max` where there is no limit
        return float("inf")


def _lambda_share() -> float:
    try:
        return int(os.environ[_LAMBDA_MEMORY]) / _LAMBDA_MB_PER_CPU
    except (KeyError, ValueError):  # not on Lambda
        return float("inf")
