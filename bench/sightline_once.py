"""Measure Sightline in a process of its own: `python bench/sightline_once.py PHOTO ... [--repeats 15]`, JSON out.

The answer is what the service gives: decoded photo, cracks, sizes, quality; without the annotated picture.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import time
from pathlib import Path


def seconds_since_start() -> float:
    """Wall time since the kernel started this process (Linux)."""
    started_s = int(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19]) / os.sysconf("SC_CLK_TCK")
    return float(Path("/proc/uptime").read_text().split()[0]) - started_s


def main() -> None:
    from sightline.crack import detect_cracks

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", nargs="+", type=Path)
    parser.add_argument("--repeats", type=int, default=15)
    arguments = parser.parse_args()
    detect_cracks(arguments.photos[0])
    first_answer_s = seconds_since_start()
    warm_ms = {}
    for photo in arguments.photos:
        detect_cracks(photo)
        times_ms = []
        for _ in range(arguments.repeats):
            started = time.perf_counter()
            detect_cracks(photo)
            times_ms.append(1e3 * (time.perf_counter() - started))
        p95 = statistics.quantiles(times_ms, n=20, method="inclusive")[-1]
        warm_ms[photo.stem] = {"p50": statistics.median(times_ms), "p95": p95}
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(json.dumps({"first_answer_s": first_answer_s, "warm_ms": warm_ms, "peak_rss_mb": peak_mb}))


if __name__ == "__main__":
    main()
