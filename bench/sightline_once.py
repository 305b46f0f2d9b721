"""Measure Sightline in a process of its own: `python bench/sightline_once.py FIRST.jpg [PHOTO.jpg ...]`, JSON out.

The answer is what the service gives: decoded photo, cracks, sizes, quality; without the annotated picture.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path


def seconds_since_start() -> float:
    """Wall time since the kernel started this process (Linux)."""
    started_s = int(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19]) / os.sysconf("SC_CLK_TCK")
    return float(Path("/proc/uptime").read_text().split()[0]) - started_s


def main() -> None:
    from sightline.crack import detect_cracks

    first, *photos = sys.argv[1:]
    detect_cracks(first)
    answer: dict[str, object] = {"first_answer_s": seconds_since_start()}
    for photo in photos:
        for _ in range(2):
            detect_cracks(photo)
        times = []
        for _ in range(20):
            started = time.perf_counter()
            detect_cracks(photo)
            times.append(time.perf_counter() - started)
        answer[photo] = {"p50_s": sorted(times)[10], "p95_s": sorted(times)[18]}
    answer["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
