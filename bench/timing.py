"""What every engine is measured by: first answer, warm answers, peak memory, each in a process of its own."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STARTS = 5
REPEATS = 15


def seconds_since_start() -> float:
    """Wall time since the kernel started this process (Linux)."""
    started_s = int(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19]) / os.sysconf("SC_CLK_TCK")
    return float(Path("/proc/uptime").read_text().split()[0]) - started_s


def measure(answer: Callable[[str], object], first: str, *photos: str) -> dict[str, Any]:
    """In this process: the first answer, then each photo warm, then the memory it took at most."""
    answer(first)
    measured: dict[str, Any] = {"first_answer_s": seconds_since_start()}
    for photo in photos:
        for _ in range(2):
            answer(photo)
        times_ms = []
        for _ in range(REPEATS):
            started = time.perf_counter()
            answer(photo)
            times_ms.append(1e3 * (time.perf_counter() - started))
        p95 = statistics.quantiles(times_ms, n=20, method="inclusive")[-1]
        measured[photo] = {"p50_ms": statistics.median(times_ms), "p95_ms": p95}
    return measured | {"peak_mb": peak_rss_mb()}


def peak_rss_mb() -> float:
    """The most memory this process had resident (Linux; `getrusage` would begin with its parent's)."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


def column(run: Callable[..., dict[str, Any]], photos: dict[str, str], installed_mb: float) -> dict[str, str]:
    """The rows of one engine, where `run(first, *photos)` does what `measure` says in a new process."""
    first = next(iter(photos.values()))
    starts = [run(first)["first_answer_s"] for _ in range(STARTS)]
    rows = {"first answer, s": f"{statistics.median(starts):.2f}"}
    for name, photo in photos.items():
        measured = run(first, photo)
        rows[f"{name}, ms (p50 / p95)"] = f"{measured[photo]['p50_ms']:.0f} / {measured[photo]['p95_ms']:.0f}"
        rows[f"peak at {name}, MB"] = f"{measured['peak_mb']:.0f}"
    return rows | {"runtime installed, MB": f"{installed_mb:.0f}"}
